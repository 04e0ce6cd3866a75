import type { INodeProperties } from 'n8n-workflow';
import { returnAllFields } from '../../../shared/fields';
import * as getMany from './getMany';
import * as getManyLegacy from './getManyLegacy';

export const operations = { getMany: getMany.execute };

export const legacyOperations = { getMany: getManyLegacy.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['activity'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many activities',
				description: 'Get activity of a span of time as detections',
			},
		],
		default: 'getMany',
	},
	...getMany.description,
	...returnAllFields('activity', ['getMany']),
];
