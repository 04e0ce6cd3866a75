import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import type { AncChange } from '../../anc/service';
import type { ContainmentClient } from '../../transport/client';
import { runBatch, type BatchAction, type BatchSettings, type BatchStep, type EndpointResult } from './batch';
import { batchOptions } from './options';
import { targetFields } from './targets';

interface ApplySettings extends BatchSettings {
	policyName: string;
	whenBound: 'replace' | 'fail';
}

export const description = updateDisplayOptions(
	{ show: { resource: ['ancEndpoint'], operation: ['apply'] } },
	[
		{
			displayName: 'ANC Policy Name or ID',
			name: 'policyName',
			type: 'options',
			typeOptions: { loadOptionsMethod: 'getAncPolicies' },
			default: '',
			required: true,
			description:
				'The policy to bind the endpoints to. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		...targetFields,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				...batchOptions,
				{
					displayName: 'When Another Policy Is Bound',
					name: 'whenBound',
					type: 'options',
					options: [
						{ name: 'Replace', value: 'replace', description: 'Clear the bound policy, then apply this one' },
						{
							name: 'Fail',
							value: 'fail',
							description: 'Leave the endpoint as it is and report it as failed',
						},
					],
					default: 'replace',
				},
			],
		},
	] satisfies INodeProperties[],
);

const action: BatchAction<ApplySettings> = {
	participle: 'applied',
	readSettings,
	act: async (step) => ({ policyName: step.settings.policyName, ...(await applyTo(step)) }),
	wantedPolicy: ({ policyName }) => policyName,
	summary: ({ policyName }, complete) => ({ policyName, allApplied: complete }),
};

/** Binds the endpoints of all items to a policy. Endpoints that are bound to it already count as success. */
export async function execute(
	context: IExecuteFunctions,
	client: ContainmentClient,
): Promise<INodeExecutionData[][]> {
	return await runBatch(context, client, action);
}

function readSettings(context: IExecuteFunctions, itemIndex: number): ApplySettings {
	const policyName = String(context.getNodeParameter('policyName', itemIndex) ?? '').trim();
	if (!policyName) {
		throw parameterError(
			context.getNode(),
			'The field "ANC Policy Name or ID" is empty',
			itemIndex,
			'Choose an ANC policy of Cisco ISE.',
		);
	}
	const options = context.getNodeParameter('options', itemIndex, {}) as Partial<ApplySettings>;
	return {
		allowEmpty: false,
		failOnPartial: true,
		verify: true,
		containThrough: 'auto',
		whenBound: 'replace',
		...options,
		policyName,
	};
}

type Result = Omit<EndpointResult, 'macAddress'>;

/** Gives the reason of a refusal, `undefined` when it was done. */
type Change = (change: AncChange, policyName?: string) => Promise<string | undefined>;

async function applyTo({ settings, macAddress, anc }: BatchStep<ApplySettings>): Promise<Result> {
	const { policyName, whenBound } = settings;
	const change: Change = async (kind, policy) => await anc.change(kind, macAddress, policy);

	if (whenBound === 'fail') {
		const bound = await anc.policyOf(macAddress);
		if (bound !== undefined) return bound === policyName ? { status: 'alreadyApplied' } : boundToOther(bound);
	}
	const refusal = await change('apply', policyName);
	if (refusal === undefined) return { status: 'applied' };

	// ISE refuses an endpoint that is bound; its texts differ by version, so the binding itself is looked up.
	const bound = await anc.policyOf(macAddress);
	if (bound === undefined) return { status: 'failed', error: refusal };
	if (bound === policyName) return { status: 'alreadyApplied' };
	if (whenBound === 'fail') return boundToOther(bound);
	return await replace(change, bound, policyName);
}

async function replace(change: Change, previousPolicy: string, policyName: string): Promise<Result> {
	const notCleared = await change('clear');
	if (notCleared !== undefined) {
		return {
			status: 'failed',
			previousPolicy,
			error: `Policy "${previousPolicy}" could not be cleared: ${notCleared}`,
		};
	}
	const notApplied = await change('apply', policyName);
	if (notApplied === undefined) return { status: 'applied', previousPolicy };
	// Better contained by the old policy than by none.
	const restored = (await change('apply', previousPolicy)) === undefined;
	const now = restored ? `is bound to "${previousPolicy}" again` : 'is bound to no policy now';
	return { status: 'failed', previousPolicy, error: `${notApplied}. The endpoint ${now}` };
}

function boundToOther(bound: string): Result {
	return { status: 'failed', previousPolicy: bound, error: `Policy "${bound}" is bound to the endpoint` };
}
