import type { INodeProperties } from 'n8n-workflow';
import { returnAllFields } from '../../../shared/fields';
import { listLocator } from '../listLocator';
import * as add from './add';
import * as destinationsField from './destinationsField';
import * as getMany from './getMany';
import * as remove from './remove';

export const operations = { add: add.execute, getMany: getMany.execute, remove: remove.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['destination'] } },
		options: [
			{
				name: 'Add',
				value: 'add',
				action: 'Add destinations to a list',
				description: 'Add domains, URLs or IPv4 addresses to a destination list',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many destinations',
				description: 'Get the destinations of a list',
			},
			{
				name: 'Remove',
				value: 'remove',
				action: 'Remove destinations from a list',
				description: 'Remove destinations from a destination list',
			},
		],
		default: 'add',
	},
	listLocator('destination', ['add', 'getMany', 'remove']),
	...destinationsField.description,
	...add.description,
	...returnAllFields('destination', ['getMany']),
];
