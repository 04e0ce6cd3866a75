import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { ContainmentClient } from '../../transport/client';
import { runBatch, type BatchAction, type BatchSettings, type BatchStep, type EndpointResult } from './batch';
import { batchOptions } from './options';
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
			options: [...batchOptions],
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
