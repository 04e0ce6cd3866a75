import { simplifyField } from '../../../shared/fields';
import { requiredText, segment } from '../../parameters';
import { simpleGroup } from '../../simplify';
import { getData } from '../../transport/pages';
import { groupField, type Execute, type SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const guid = requiredText(this, 'group', 'Group', itemIndex);
	const group = await getData(this, client, {
		method: 'GET',
		path: `/v1/groups/${segment(guid)}`,
		itemIndex,
	});
	return this.getNodeParameter('simplify', itemIndex, true) ? simpleGroup(group) : group;
};

/** GET /v1/groups/{guid} */
export const get: SecureEndpointOperation = {
	option: { name: 'Get', value: 'get', description: 'Get one group', action: 'Get a group' },
	fields: [groupField, simplifyField('group', ['get'])],
	execute,
};
