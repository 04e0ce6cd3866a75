import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	IHookFunctions,
	INodeCredentialTestResult,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { testLedger } from '../PenaltyLedger/methods/credentialTest';
import { withLedger } from '../PenaltyLedger/transport/withLedger';
import { admit } from './door';
import { readTokens } from './tokens';

/** Nothing outside can tell whether tokens are right; whether they can be read is all there is to test. */
async function testTokens(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const { length } = readTokens(String(credential.data?.callers ?? ''));
		return { status: 'OK', message: `${length} tokens can be read` };
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
}

/** n8n keeps the addresses itself: there is nothing to register anywhere. */
const nothingToRegister = async (): Promise<boolean> => true;

/** Starts a workflow when somebody asks over HTTP to quarantine or release a host. */
export class RtcManualQuarantineTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'RTC Manual Quarantine Trigger',
		name: 'rtcManualQuarantineTrigger',
		icon: { light: 'file:manualQuarantine.svg', dark: 'file:manualQuarantine.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'POST quarantine, POST release',
		description: 'Starts the workflow when somebody asks over HTTP to quarantine or release a host. Refuses what is not allowed or not valid by itself.',
		defaults: { name: 'RTC Manual Quarantine Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'ciscoRtcManualQuarantineApi', required: true, testedBy: 'testTokens' },
			{ name: 'ciscoRtcLedgerApi', required: true, testedBy: 'testLedger' },
		],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'responseNode', path: 'quarantine' },
			{ name: 'default', httpMethod: 'POST', responseMode: 'responseNode', path: 'release' },
		],
		properties: [
			{
				displayName: 'Requests per Minute',
				name: 'perMinute',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 30,
				description: 'How many requests each token may send per minute, to each process of n8n',
			},
		],
	};

	methods = { credentialTest: { testTokens, testLedger } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await nothingToRegister();
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await nothingToRegister();
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await nothingToRegister();
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await admit(this, {
			perMinute: this.getNodeParameter('perMinute', 30) as number,
			now: Date.now(),
			withLedger: async (work) => await withLedger(this, work),
		});
	}
}
