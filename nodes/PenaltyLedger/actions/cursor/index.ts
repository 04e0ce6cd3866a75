import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as get from './get';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['cursor'] } },
	options: [
		{
			name: 'Get',
			value: 'get',
			action: 'Get a cursor',
			description: 'Ask from when until when the next poll of a source must read',
		},
	],
	default: 'get',
};

export const operations: Resource['operations'] = { get };
