import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { testLedger } from '../PenaltyLedger/methods/credentialTest';
import { withLedger } from '../PenaltyLedger/transport/withLedger';
import { parameterError } from '../shared/errors';
import { atItem, failedItem, toItems } from '../shared/execute';
import { listParameter } from '../shared/identity';
import type { LedgerService } from '../../ledger/service';
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
		],
	};

	methods = { credentialTest: { testLedger } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await withLedger(this, async (ledger) => {
			const output: INodeExecutionData[] = [];
			for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
				try {
					output.push(...toItems(await submitItem(this, ledger, itemIndex), itemIndex));
				} catch (error) {
					if (!this.continueOnFail()) throw atItem(this, error as Error, itemIndex);
					output.push(failedItem(this, error as Error, itemIndex));
				}
			}
			return [output];
		});
	}
}

async function submitItem(
	context: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const { name, id } = context.getWorkflow();
	const findings = {
		macs: listParameter(context.getNodeParameter('macs', itemIndex, '')),
		connectorGuids: listParameter(context.getNodeParameter('connectorGuids', itemIndex, '')),
	};
	const request = readRequest(context, itemIndex);
	const execution = `${name ?? id}#${context.getExecutionId()}`;
	const { answer, intent } = await submit(ledger, request, findings, execution);
	return { ...answer, ...(intent && { intent }) } as unknown as IDataObject;
}

function readRequest(context: IExecuteFunctions, itemIndex: number): ManualRequest {
	const given: unknown = context.getNodeParameter('request', itemIndex);
	const request = (typeof given === 'string' ? JSON.parse(given) : given) as Partial<ManualRequest>;
	if (request?.host && request.requester && request.reason && request.action) return request as ManualRequest;
	const advice = 'Give the item of "RTC Manual Quarantine Trigger".';
	throw parameterError(context.getNode(), 'The field "Request" holds no request', itemIndex, advice);
}
