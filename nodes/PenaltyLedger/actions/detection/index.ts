import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as getMany from './getMany';
import * as score from './score';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['detection'] } },
	options: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many detections',
			description: 'Search the detections that were recorded',
		},
		{
			name: 'Score',
			value: 'score',
			action: 'Score detections',
			description:
				'Record detections, add penalties and decide on containments, all input items as one batch',
		},
	],
	default: 'score',
};

export const operations: Resource['operations'] = { getMany, score };
