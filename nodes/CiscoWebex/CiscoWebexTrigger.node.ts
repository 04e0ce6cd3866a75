import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { readDeciders } from './decisions/people';
import { webhookSecret } from './decisions/token';
import { receive } from './receive';
import { webexClient, type WebexClient, type WebexCredential } from './transport/client';
import {
	isRegistered,
	register,
	unregister,
	type Registration,
	type WebhookResource,
} from './transport/registration';

/** Starts a workflow when somebody decides something with a card of the bot, or in its thread. */
export class CiscoWebexTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Webex (Bot) Trigger',
		name: 'ciscoWebexTrigger',
		icon: { light: 'file:webex.svg', dark: 'file:webex.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["resources"].join(", ")}}',
		description: 'Starts the workflow when somebody presses a button of a containment card, or answers in its thread',
		defaults: { name: 'Cisco Webex (Bot) Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ciscoRtcWebexBotApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webex' }],
		properties: [
			{
				displayName:
					'Webex has to reach this n8n from the internet. Where it can\'t, use "Cisco Webex Reply Trigger" instead.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Decide By',
				name: 'resources',
				type: 'multiOptions',
				options: [
					{ name: 'Answers in the Thread', value: 'messages', description: 'Such as "@bot approve seen it"' },
					{ name: 'Buttons', value: 'attachmentActions' },
				],
				required: true,
				default: ['attachmentActions', 'messages'],
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const { client, registration } = await prepare(this);
				return await isRegistered(this, client, registration);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const { client, registration } = await prepare(this);
				await register(this, client, registration);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				const { client, registration } = await prepare(this);
				await unregister(this, client, registration);
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this, Date.now());
	}
}

/** @throws NodeOperationError for a list of people that would fail with the first press. */
async function prepare(context: IHookFunctions): Promise<{ client: WebexClient; registration: Registration }> {
	const { accessToken, deciders } = await context.getCredentials<WebexCredential>('ciscoRtcWebexBotApi');
	try {
		readDeciders(deciders ?? '');
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as Error);
	}
	const targetUrl = context.getNodeWebhookUrl('default') ?? '';
	const resources = context.getNodeParameter('resources', []) as WebhookResource[];
	return {
		client: await webexClient(context),
		registration: { targetUrl, secret: webhookSecret(accessToken, targetUrl), resources },
	};
}
