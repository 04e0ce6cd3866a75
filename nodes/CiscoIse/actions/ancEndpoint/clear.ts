import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { containThroughOption } from '../../anc/through';
import { sessionSourceOption } from '../../sessions/source';
import type { ContainmentClient } from '../../transport/client';
import { runBatch, type BatchAction, type BatchSettings, type BatchStep, type EndpointResult } from './batch';
import { targetFields } from './targets';

export const description = updateDisplayOptions(
	{ show: { resource: ['ancEndpoint'], operation: ['clear'] } },
	[
		...targetFields,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Allow Empty',
					name: 'allowEmpty',
					type: 'boolean',
					default: false,
					description: 'Whether an item without any address is fine and gives an item without endpoints',
				},
				containThroughOption,
				{
					displayName: 'Fail On Partial',
					name: 'failOnPartial',
					type: 'boolean',
					default: true,
					description: 'Whether the item fails when any of its endpoints failed. The others are tried first.',
				},
				sessionSourceOption,
				{
					displayName: 'Verify',
					name: 'verify',
					type: 'boolean',
					default: true,
					description: 'Whether to read the bindings back from Cisco ISE afterwards, once for all items',
				},
			],
		},
	] satisfies INodeProperties[],
);

const action: BatchAction<BatchSettings> = {
	participle: 'cleared',
	readSettings: (context, itemIndex) => ({
		allowEmpty: false,
		failOnPartial: true,
		verify: true,
		containThrough: 'auto',
		...(context.getNodeParameter('options', itemIndex, {}) as Partial<BatchSettings>),
	}),
	act: clearOne,
	wantedPolicy: () => undefined,
	summary: (_settings, complete) => ({ allCleared: complete }),
};

/** Frees the endpoints of all items from their policy. Endpoints without one count as success. */
export async function execute(
	context: IExecuteFunctions,
	client: ContainmentClient,
): Promise<INodeExecutionData[][]> {
	return await runBatch(context, client, action);
}

async function clearOne({
	macAddress,
	anc,
}: BatchStep<BatchSettings>): Promise<Omit<EndpointResult, 'macAddress'>> {
	const refusal = await anc.change('clear', macAddress);
	if (refusal === undefined) return { status: 'cleared' };
	const bound = await anc.policyOf(macAddress);
	return bound === undefined
		? { status: 'notBound' }
		: { status: 'failed', policyName: bound, error: refusal };
}
