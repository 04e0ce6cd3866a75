import { requiredText } from '../../../shared/parameters';
import { readHostGroup } from '../../hostGroups';
import { hostGroupField, type Execute, type NetworkAnalyticsOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const id = requiredText(this, 'hostGroup', 'Host Group', itemIndex);
	const { ranges = [] } = await readHostGroup(this, client, id, itemIndex);
	return ranges.map((range) => ({ range }));
};

/** The ranges in GET …/tags/{id} */
export const getMembers: NetworkAnalyticsOperation = {
	option: {
		name: 'Get Members',
		value: 'getMembers',
		description: 'Get the addresses, networks and ranges of a host group, one item each',
		action: 'Get members of a host group',
	},
	fields: [hostGroupField],
	execute,
};
