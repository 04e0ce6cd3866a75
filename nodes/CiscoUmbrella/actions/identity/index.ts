import type { INodeProperties } from 'n8n-workflow';
import { returnAllFields } from '../../../shared/fields';
import * as getMany from './getMany';

export const operations = { getMany: getMany.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['identity'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many identities',
				description: 'Get computers, users, networks and sites by name',
			},
		],
		default: 'getMany',
	},
	...getMany.description,
	...returnAllFields('identity', ['getMany']),
];
