import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Patience } from '../../isolation';

const DEFAULT_DEADLINE_SECONDS = 60;

/** Waiting for many costs no more than for one; requests are bounded by the client. */
export const CONNECTORS_AT_ONCE = 100;

export const commentField: INodeProperties = {
	displayName: 'Comment',
	name: 'comment',
	type: 'string',
	default: '',
	placeholder: 'e.g. Contained by workflow, incident INC0012345',
	description: 'Kept with the isolation in the Secure Endpoint console',
};

export const waitOptions: INodeProperties[] = [
	{
		displayName: 'Deadline (Seconds)',
		name: 'deadlineSeconds',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 3600 },
		default: DEFAULT_DEADLINE_SECONDS,
		description: 'How long to wait at most. After that the item says inForce: false.',
	},
	{
		displayName: 'Wait Until In Force',
		name: 'waitUntilInForce',
		type: 'boolean',
		default: true,
		description: 'Whether to wait until every connector reports that it is done',
	},
];

export function patienceOf(context: IExecuteFunctions, itemIndex: number): Patience {
	const waits = context.getNodeParameter('options.waitUntilInForce', itemIndex, true) as boolean;
	const seconds = context.getNodeParameter(
		'options.deadlineSeconds',
		itemIndex,
		DEFAULT_DEADLINE_SECONDS,
	) as number;
	return { deadlineMs: waits ? seconds * 1_000 : 0 };
}
