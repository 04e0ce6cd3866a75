import type { IDataObject, INodeType, INodeTypeDescription, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { testLedger } from '../PenaltyLedger/methods/credentialTest';
import { serve } from './http/serve';
import { testConsole } from './methods/credentialTest';

/** Every method comes here, so that the console and not n8n says which ones it takes. */
const METHODS = 'GET,HEAD,POST,PUT,PATCH,DELETE';

/** Serves the operator's console, and hands each action that somebody asked for to the workflow behind it. */
export class RtcConsole implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'RTC Console',
		name: 'rtcConsole',
		icon: { light: 'file:rtcConsole.svg', dark: 'file:rtcConsole.dark.svg' },
		group: ['trigger'],
		// Version 1 together with `options.binaryData` below makes n8n leave the request's body to the node.
		version: 1,
		subtitle: '=/{{ $parameter["path"] }}',
		description: 'Serves the console for rapid threat containment, and starts the workflow for each action taken in it',
		eventTriggerDescription: 'Waiting for an action in the console',
		defaults: { name: 'RTC Console' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'ciscoRtcConsoleApi', required: true, testedBy: 'testConsole' },
			{ name: 'ciscoRtcLedgerApi', required: true, testedBy: 'testLedger' },
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: METHODS,
				responseMode: 'onReceived',
				path: '={{ $parameter["path"] }}',
				isFullPath: true,
			},
		],
		properties: [
			{
				displayName: 'Path',
				name: 'path',
				type: 'string',
				default: 'rtc-console',
				required: true,
				placeholder: 'e.g. rtc-console',
				description: 'Where the console is, below the webhook address of n8n. Letters, digits and dashes.',
			},
			{
				displayName: 'Product Consoles',
				name: 'productConsoles',
				type: 'collection',
				placeholder: 'Add product',
				default: {},
				description: 'Addresses of the products, for links from an entity into them',
				options: [
					{ displayName: 'Cisco ISE', name: 'ise', type: 'string', default: '', placeholder: 'e.g. https://ise.example.com' },
					{ displayName: 'Cisco XDR', name: 'xdr', type: 'string', default: 'https://visibility.amp.cisco.com' },
					{ displayName: 'Secure Endpoint', name: 'secureEndpoint', type: 'string', default: 'https://console.amp.cisco.com' },
					{ displayName: 'Secure Network Analytics', name: 'secureNetworkAnalytics', type: 'string', default: '', placeholder: 'e.g. https://smc.example.com' },
					{ displayName: 'Umbrella', name: 'umbrella', type: 'string', default: 'https://dashboard.umbrella.com' },
				],
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'hidden',
				default: { binaryData: true },
			},
		],
	};

	methods = {
		credentialTest: { testConsole, testLedger },
	};

	/** Nothing is registered anywhere: n8n itself listens. */
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const request = await serve(this);
		if (!request) return { noWebhookResponse: true };
		return { noWebhookResponse: true, workflowData: [[{ json: request as unknown as IDataObject }]] };
	}
}
