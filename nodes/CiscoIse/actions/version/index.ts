import type { INodeProperties } from 'n8n-workflow';
import * as get from './get';

export const operations = { get: get.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['version'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				description: 'Get the release and patch level of Cisco ISE',
				action: 'Get version',
			},
		],
		default: 'get',
	},
];
