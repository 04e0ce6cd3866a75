import type { INodeProperties } from 'n8n-workflow';
import * as find from './find';
import * as get from './get';
import * as getMany from './getMany';

export const operations = { find: find.execute, get: get.execute, getMany: getMany.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['session'] } },
		options: [
			{
				name: 'Find',
				value: 'find',
				description: 'Find the sessions of several IP addresses, MAC addresses and users together',
				action: 'Find sessions',
			},
			{
				name: 'Get',
				value: 'get',
				description: 'Get the session of one endpoint or user',
				action: 'Get session',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				description: 'Get many active sessions',
				action: 'Get many sessions',
			},
		],
		default: 'find',
	},
	...find.description,
	...get.description,
	...getMany.description,
];
