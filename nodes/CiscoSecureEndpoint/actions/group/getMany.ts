import { returnAllFields, simplifyField, wantedCount } from '../../../shared/fields';
import { simpleGroup } from '../../simplify';
import { getMany as getManyPages } from '../../transport/pages';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const name = (this.getNodeParameter('name', itemIndex, '') as string).trim();
	const call = { method: 'GET' as const, path: '/v1/groups', query: { name: name || undefined }, itemIndex };
	const groups = await getManyPages(this, client, call, wantedCount(this, itemIndex));
	return this.getNodeParameter('simplify', itemIndex, true) ? groups.map(simpleGroup) : groups;
};

/** GET /v1/groups */
export const getMany: SecureEndpointOperation = {
	option: { name: 'Get Many', value: 'getMany', description: 'Get many groups', action: 'Get many groups' },
	fields: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			description: 'Only groups with this name. Empty for all.',
		},
		...returnAllFields('group', ['getMany']),
		simplifyField('group', ['getMany']),
	],
	execute,
};
