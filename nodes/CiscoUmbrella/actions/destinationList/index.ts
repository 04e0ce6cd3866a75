import type { INodeProperties } from 'n8n-workflow';
import { returnAllFields } from '../../../shared/fields';
import { listLocator } from '../listLocator';
import * as create from './create';
import * as deleteList from './deleteList';
import * as get from './get';
import * as getMany from './getMany';
import * as update from './update';

export const operations = {
	create: create.execute,
	delete: deleteList.execute,
	get: get.execute,
	getMany: getMany.execute,
	update: update.execute,
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['destinationList'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a destination list',
				description: 'Create an empty destination list',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a destination list',
				description: 'Delete a destination list with its destinations',
			},
			{ name: 'Get', value: 'get', action: 'Get a destination list', description: 'Get a destination list' },
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many destination lists',
				description: 'Get the destination lists of the organization',
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a destination list',
				description: 'Rename a destination list',
			},
		],
		default: 'getMany',
	},
	listLocator('destinationList', ['delete', 'get', 'update']),
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Blocked by n8n',
		displayOptions: { show: { resource: ['destinationList'], operation: ['create', 'update'] } },
	},
	...create.description,
	...returnAllFields('destinationList', ['getMany']),
];
