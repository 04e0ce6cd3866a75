import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as approve from './approve';
import * as claim from './claim';
import * as complete from './complete';
import * as confirmTarget from './confirmTarget';
import * as deny from './deny';
import * as fail from './fail';
import * as getDue from './getDue';
import * as getMany from './getMany';
import * as recordStep from './recordStep';
import * as retry from './retry';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['intent'] } },
	options: [
		{
			name: 'Approve',
			value: 'approve',
			action: 'Approve an intent',
			description: 'Let a containment that waits for approval go ahead',
		},
		{
			name: 'Claim',
			value: 'claim',
			action: 'Claim intents',
			description: 'Lease intents to this execution, all input items as one claim',
		},
		{
			name: 'Complete',
			value: 'complete',
			action: 'Complete an intent',
			description: 'Report that the work is done and read back from the products',
		},
		{
			name: 'Confirm Target',
			value: 'confirmTarget',
			action: 'Confirm the target of an intent',
			description: 'Hold what the products report of a host against the protected entries once more',
		},
		{
			name: 'Deny',
			value: 'deny',
			action: 'Deny an intent',
			description: 'Turn down a containment that waits for approval',
		},
		{
			name: 'Fail',
			value: 'fail',
			action: 'Fail an intent',
			description: 'Report that the work did not succeed, so that it is tried again',
		},
		{
			name: 'Get Due',
			value: 'getDue',
			action: 'Get due intents',
			description: 'List what can be claimed now, and close approvals that have expired',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many intents',
			description: 'List intents without claiming them',
		},
		{
			name: 'Record Step',
			value: 'recordStep',
			action: 'Record a step of an intent',
			description: 'Keep the result of one step, so that a retry can skip it',
		},
		{
			name: 'Retry',
			value: 'retry',
			action: 'Retry an intent',
			description: 'Send an intent that has failed on its way again, at once',
		},
	],
	default: 'claim',
};

export const operations: Resource['operations'] = {
	approve,
	claim,
	complete,
	confirmTarget,
	deny,
	fail,
	getDue,
	getMany,
	recordStep,
	retry,
};
