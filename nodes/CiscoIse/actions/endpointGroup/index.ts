import type { INodeProperties } from 'n8n-workflow';
import * as getMany from './getMany';

export const operations = { getMany: getMany.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['endpointGroup'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				description: 'Get many endpoint identity groups',
				action: 'Get many endpoint groups',
			},
		],
		default: 'getMany',
	},
	...getMany.description,
];
