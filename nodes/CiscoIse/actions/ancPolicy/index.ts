import type { INodeProperties } from 'n8n-workflow';
import * as create from './create';
import * as del from './delete';
import * as get from './get';
import * as getMany from './getMany';

export const operations = {
	create: create.execute,
	delete: del.execute,
	get: get.execute,
	getMany: getMany.execute,
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['ancPolicy'] } },
		options: [
			{ name: 'Create', value: 'create', description: 'Create a policy', action: 'Create ANC policy' },
			{ name: 'Delete', value: 'delete', description: 'Delete a policy', action: 'Delete ANC policy' },
			{ name: 'Get', value: 'get', description: 'Get a policy with its action', action: 'Get ANC policy' },
			{
				name: 'Get Many',
				value: 'getMany',
				description: 'Get many policies',
				action: 'Get many ANC policies',
			},
		],
		default: 'getMany',
	},
	...create.description,
	...del.description,
	...get.description,
	...getMany.description,
];
