import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as get from './get';
import * as getUnratedEventTypes from './getUnratedEventTypes';
import * as getVersions from './getVersions';
import * as replay from './replay';
import * as update from './update';
import * as whatIf from './whatIf';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['policy'] } },
	options: [
		{
			name: 'Get',
			value: 'get',
			action: 'Get a policy',
			description: 'Get the active policy, an earlier version or a preset',
		},
		{
			name: 'Get Unrated Event Types',
			value: 'getUnratedEventTypes',
			action: 'Get event types without a rule',
			description: 'List event types that were seen and that no rule of the active policy gives a penalty',
		},
		{
			name: 'Get Versions',
			value: 'getVersions',
			action: 'Get policy versions',
			description: 'List every version with who made it, when and why',
		},
		{
			name: 'Replay',
			value: 'replay',
			action: 'Replay history under a policy',
			description: 'Compute every score again from the kept detections and compare. Changes nothing.',
		},
		{
			name: 'Update',
			value: 'update',
			action: 'Update a policy',
			description: 'Make a new version of the policy and use it from now on',
		},
		{
			name: 'What-If',
			value: 'whatIf',
			action: 'Try a draft policy on history',
			description: 'Find out whom a draft would have contained. Changes nothing.',
		},
	],
	default: 'get',
};

export const operations: Resource['operations'] = { get, getUnratedEventTypes, getVersions, replay, update, whatIf };
