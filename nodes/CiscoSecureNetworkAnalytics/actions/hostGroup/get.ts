import { simplifyField } from '../../../shared/fields';
import { requiredText } from '../../../shared/parameters';
import { readHostGroup, simpleHostGroup } from '../../hostGroups';
import { hostGroupField, type Execute, type NetworkAnalyticsOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const id = requiredText(this, 'hostGroup', 'Host Group', itemIndex);
	const group = await readHostGroup(this, client, id, itemIndex);
	return this.getNodeParameter('simplify', itemIndex, true) ? simpleHostGroup(group) : group;
};

/** GET …/tags/{id} */
export const get: NetworkAnalyticsOperation = {
	option: { name: 'Get', value: 'get', description: 'Get one host group', action: 'Get a host group' },
	fields: [hostGroupField, simplifyField('hostGroup', ['get'])],
	execute,
};
