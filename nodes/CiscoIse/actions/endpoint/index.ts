import type { INodeProperties } from 'n8n-workflow';
import * as get from './get';
import * as getMany from './getMany';
import * as update from './update';

export const operations = { get: get.execute, getMany: getMany.execute, update: update.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['endpoint'] } },
		options: [
			{ name: 'Get', value: 'get', description: 'Get an endpoint', action: 'Get endpoint' },
			{ name: 'Get Many', value: 'getMany', description: 'Get many endpoints', action: 'Get many endpoints' },
			{
				name: 'Update',
				value: 'update',
				description: 'Change the group, the description or custom attributes of an endpoint',
				action: 'Update endpoint',
			},
		],
		default: 'get',
	},
	...get.description,
	...getMany.description,
	...update.description,
];
