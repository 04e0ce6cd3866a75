import type { INodeProperties } from 'n8n-workflow';
import * as apply from './apply';
import * as clear from './clear';
import * as get from './get';
import * as getMany from './getMany';

export const operations = { get: get.execute, getMany: getMany.execute };

/** Operations that work on all input items together. */
export const batchOperations = { apply: apply.execute, clear: clear.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['ancEndpoint'] } },
		options: [
			{
				name: 'Apply ANC Policy',
				value: 'apply',
				description: 'Bind endpoints to a policy, for example to quarantine them',
				action: 'Apply ANC policy to endpoints',
			},
			{
				name: 'Clear ANC Policy',
				value: 'clear',
				description: 'Free endpoints from their policy',
				action: 'Clear ANC policy of endpoints',
			},
			{ name: 'Get', value: 'get', description: 'Get the policy of an endpoint', action: 'Get ANC endpoint' },
			{
				name: 'Get Many',
				value: 'getMany',
				description: 'Get many endpoints that are bound to a policy',
				action: 'Get many ANC endpoints',
			},
		],
		default: 'apply',
	},
	...apply.description,
	...clear.description,
	...get.description,
	...getMany.description,
];
