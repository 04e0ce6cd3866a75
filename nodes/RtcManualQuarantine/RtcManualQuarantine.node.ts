import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { testLedger } from '../PenaltyLedger/methods/credentialTest';
import { withLedger } from '../PenaltyLedger/transport/withLedger';
import { parameterError } from '../shared/errors';
import { atItem, failedItem, toItems } from '../shared/execute';
import { listParameter } from '../shared/identity';
import type { ManualRequest } from './request';
import { submit } from './submit';

/** Hands a request of "RTC Manual Quarantine Trigger" to the ledger, and says what to answer. */
// eslint-disable-next-line @n8n/community-nodes/node-usable-as-tool -- only the trigger knows who asks
export class RtcManualQuarantine implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'RTC Manual Quarantine',
		name: 'rtcManualQuarantine',
		icon: { light: 'file:manualQuarantine.svg', dark: 'file:manualQuarantine.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: 'Submit request',
		description: 'Hand a request to quarantine or release a host to the Penalty Ledger, and get the HTTP answer for it',
		defaults: { name: 'RTC Manual Quarantine' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ciscoRtcLedgerApi', required: true, testedBy: 'testLedger' }],
		properties: [
			{
				displayName: 'Request',
				name: 'request',
				type: 'json',
				default: '={{ $json }}',
				required: true,
				description: 'The item of RTC Manual Quarantine Trigger',
			},
			{
				displayName: 'MAC Addresses Found',
				name: 'macs',
				type: 'string',
				default: '',
				description: 'Of the sessions of the host; several separated by commas, or a list',
			},
			{
				displayName: 'Connectors Found',
				name: 'connectorGuids',
				type: 'string',
				default: '',
				description: 'GUIDs of the connectors of the host; several separated by commas, or a list',
			},
			{
				displayName: 'Ambiguous Connectors',
				name: 'ambiguousConnectors',
				type: 'string',
				default: '',
				description: 'GUIDs of connectors that share the hostname asked for, which Secure Endpoint lists under ambiguous; several separated by commas, or a list. When nothing else was found, the answer is then 409 instead of 404.',
			},
			{
				displayName: 'Product Out of Reach',
				name: 'outOfReach',
				type: 'string',
				default: '',
				placeholder: 'e.g. Secure Endpoint',
				description: 'Name of a product that could not be asked about the host, if there is one. When nothing was found, the answer is then 503 instead of 404.',
			},
		],
	};

	methods = { credentialTest: { testLedger } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const output: INodeExecutionData[] = [];
		for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
			try {
				output.push(...toItems(await submitItem(this, itemIndex), itemIndex));
			} catch (error) {
				if (!this.continueOnFail()) throw atItem(this, error as Error, itemIndex);
				output.push(failedItem(this, error as Error, itemIndex));
			}
		}
		return [output];
	}
}

async function submitItem(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { name, id } = context.getWorkflow();
	const findings = {
		macs: listParameter(context.getNodeParameter('macs', itemIndex, '')),
		connectorGuids: listParameter(context.getNodeParameter('connectorGuids', itemIndex, '')),
		ambiguousConnectors: listParameter(context.getNodeParameter('ambiguousConnectors', itemIndex, '')),
		outOfReach: context.getNodeParameter('outOfReach', itemIndex, '') as string,
	};
	const { answer, intent } = await submit(readRequest(context, itemIndex), findings, {
		withLedger: async (work) => await withLedger(context, work),
		execution: `${name ?? id}#${context.getExecutionId()}`,
		logger: context.logger,
	});
	return { ...answer, ...(intent && { intent }) } as unknown as IDataObject;
}

function readRequest(context: IExecuteFunctions, itemIndex: number): ManualRequest {
	const given: unknown = context.getNodeParameter('request', itemIndex);
	const request = (typeof given === 'string' ? parsed(context, given, itemIndex) : given) as Partial<ManualRequest>;
	if (request?.host && request.requester && request.reason && request.action) return request as ManualRequest;
	const advice = 'Give the item of "RTC Manual Quarantine Trigger".';
	throw parameterError(context.getNode(), 'The field "Request" holds no request', itemIndex, advice);
}

function parsed(context: IExecuteFunctions, text: string, itemIndex: number): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		const message = `The field "Request" is not JSON: ${(error as Error).message}`;
		throw parameterError(context.getNode(), message, itemIndex);
	}
}
