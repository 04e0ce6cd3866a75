import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as check from './check';
import * as getMany from './getMany';
import * as recordFailure from './recordFailure';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['source'] } },
	options: [
		{
			name: 'Check',
			value: 'check',
			action: 'Check all sources',
			description: 'Raise one alarm per source that fails or is silent beyond its rhythm, and per notice that was given up, and clear it again',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many sources',
			description: 'See when each source was read, reported and failed, without raising alarms',
		},
		{
			name: 'Record Failure',
			value: 'recordFailure',
			action: 'Record a failed poll of a source',
			description: 'Note that a poll failed; Score notes the polls that went well',
		},
	],
	default: 'getMany',
};

export const operations: Resource['operations'] = { check, getMany, recordFailure };
