import type { IDataObject } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { fingerprint } from '../decisions/token';
import type { WebexClient } from './client';
import { idSegment, webexJson, webexList, webexSend } from './request';

export type WebhookResource = 'attachmentActions' | 'messages';

/** What is registered with Webex for one trigger. */
export interface Registration {
	targetUrl: string;
	secret: string;
	resources: WebhookResource[];
}

/** Our webhooks are known by their name, which changes with the secret. */
const nameOf = ({ secret }: Registration) => `n8n-nodes-cisco-rtc ${fingerprint(secret)}`;

/** Whether everything is registered and active. Webex turns a webhook off whose target fails for long. */
export async function isRegistered(
	context: ApiContext,
	client: WebexClient,
	registration: Registration,
): Promise<boolean> {
	const own = await ownWebhooks(context, client, registration);
	return registration.resources.every((resource) =>
		own.some(
			(webhook) =>
				webhook.resource === resource && webhook.status === 'active' && webhook.name === nameOf(registration),
		),
	);
}

/** Registers anew; what was left of earlier registrations with this target goes. */
export async function register(
	context: ApiContext,
	client: WebexClient,
	registration: Registration,
): Promise<void> {
	await unregister(context, client, registration);
	const { targetUrl, secret, resources } = registration;
	for (const resource of resources) {
		const body = { name: nameOf(registration), targetUrl, resource, event: 'created', secret };
		await webexJson(context, client, { method: 'POST', path: '/webhooks', body });
	}
}

/** Removes every webhook of the bot with this target. */
export async function unregister(
	context: ApiContext,
	client: WebexClient,
	registration: Registration,
): Promise<void> {
	for (const { id } of await ownWebhooks(context, client, registration)) {
		const path = `/webhooks/${idSegment(id)}`;
		await webexSend(context, client, { method: 'DELETE', path, accept: [404] });
	}
}

async function ownWebhooks(
	context: ApiContext,
	client: WebexClient,
	{ targetUrl }: Registration,
): Promise<IDataObject[]> {
	const keep = (webhook: IDataObject) => webhook.targetUrl === targetUrl;
	return await webexList(context, client, '/webhooks', { limit: Infinity, keep });
}
