import { requiredText } from '../../../shared/parameters';
import { changeRanges, hostGroupName } from '../../hostGroups';
import { withRanges } from '../../ranges';
import { hostGroupField, membersField, type Execute, type NetworkAnalyticsOperation } from '../fields';
import { chosenMembers } from './members';

/** `{id, name, added, alreadyMembers, ranges}` */
const execute: Execute = async function (client, itemIndex) {
	const id = requiredText(this, 'hostGroup', 'Host Group', itemIndex);
	const members = chosenMembers(this, itemIndex);
	const add = (ranges: readonly string[]) => withRanges(ranges, members);
	const { change, group } = await changeRanges(this, client, id, add, itemIndex);
	return {
		id: group.id,
		name: hostGroupName(group),
		added: change.changed,
		alreadyMembers: change.unchanged,
		ranges: group.ranges ?? [],
	};
};

/** GET and PUT …/tags/{id} */
export const addMembers: NetworkAnalyticsOperation = {
	option: {
		name: 'Add Members',
		value: 'addMembers',
		description: 'Add IP addresses or networks to a host group; those that are in it already do no harm',
		action: 'Add members to a host group',
	},
	fields: [hostGroupField, membersField],
	execute,
};
