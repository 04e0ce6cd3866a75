import { returnAllFields, simplifyField, wantedCount } from '../../../shared/fields';
import { simplePolicy } from '../../simplify';
import { getMany as getManyPages } from '../../transport/pages';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const name = (this.getNodeParameter('name', itemIndex, '') as string).trim();
	const call = {
		method: 'GET' as const,
		path: '/v1/policies',
		query: { 'name[]': name || undefined },
		itemIndex,
	};
	const policies = await getManyPages(this, client, call, wantedCount(this, itemIndex));
	return this.getNodeParameter('simplify', itemIndex, true) ? policies.map(simplePolicy) : policies;
};

/** GET /v1/policies */
export const getMany: SecureEndpointOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many policies',
		action: 'Get many policies',
	},
	fields: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			description: 'Only policies with this name. Empty for all.',
		},
		...returnAllFields('policy', ['getMany']),
		simplifyField('policy', ['getMany']),
	],
	execute,
};
