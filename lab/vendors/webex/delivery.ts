import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AttachmentAction, Message, Webhook } from './model';
import { ORGANIZATION_ID, webexId } from './model';
import { uuidOf } from '../shared/values';
import type { WebexStore } from './store';

/** Sends events to the registered webhooks. */
export interface WebhookDelivery {
	/**
	 * Announces a new message or attachment action. Deliveries run on; `settled` waits for them.
	 * @param message the message, or the one whose button was pressed
	 */
	publish(resource: 'messages' | 'attachmentActions', data: EventData, message: Message): void;
	readonly faults: DeliveryFaults;
	/** Resolves when every delivery so far has been answered or has failed. */
	settled(): Promise<void>;
}

/** What a fault can do to deliveries. */
export interface DeliveryFaults {
	/** Every event comes twice. */
	duplicate: boolean;
	/** Events that come close together come in reverse. */
	reorder: boolean;
}

type EventData = Partial<Message> | Omit<AttachmentAction, 'inputs'>;

/** A webhook goes inactive after so many failures in so many ms. */
const FAILURES = { limit: 100, windowMs: 300_000 };
const TIMEOUT_MS = 10_000;
/** How close together events are that come in reverse. */
const HELD_MS = 500;

/** The lab sends nothing off the machine: only these targets can be registered. */
export function isLoopback(targetUrl: string): boolean {
	if (!URL.canParse(targetUrl)) return false;
	const { hostname, protocol } = new URL(targetUrl);
	const local = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
	return local && (protocol === 'http:' || protocol === 'https:');
}

export function createDelivery(store: WebexStore): WebhookDelivery {
	const running = new Set<Promise<void>>();
	const faults: DeliveryFaults = { duplicate: false, reorder: false };
	let held: (() => Promise<void>)[] = [];
	const start = (work: () => Promise<void>) => {
		const task = work().finally(() => running.delete(task));
		running.add(task);
	};
	const letGo = () => {
		const reversed = held.reverse();
		held = [];
		start(async () => {
			for (const work of reversed) await work();
		});
	};
	const hold = (work: () => Promise<void>) => {
		if (held.push(work) === 1) setTimeout(letGo, HELD_MS).unref();
	};
	const deliver = async (webhook: Webhook, event: unknown) => {
		const body = Buffer.from(JSON.stringify(event));
		const status = await post(webhook.targetUrl, body, webhook.secret);
		if (status >= 200 && status < 300) {
			webhook.delivered += 1;
			return;
		}
		const now = store.now();
		webhook.failures = [...webhook.failures.filter((at) => at > now - FAILURES.windowMs), now];
		if (webhook.failures.length >= FAILURES.limit) webhook.status = 'inactive';
	};
	return {
		publish(resource, data, message) {
			for (const webhook of store.webhooks.values()) {
				if (!concerns(store, webhook, resource, message, data)) continue;
				const event = eventOf(webhook, resource, data);
				for (let times = faults.duplicate ? 2 : 1; times > 0; times--) {
					(faults.reorder ? hold : start)(async () => await deliver(webhook, event));
				}
			}
		},
		faults,
		async settled() {
			if (held.length > 0) letGo();
			while (running.size > 0) await Promise.all(running);
		},
	};
}

/**
 * Whether the owner of the webhook hears of it: attachment actions go to the author of the card, messages to the
 * members of the room, to bots in group rooms only when they wrote them or are mentioned.
 */
function concerns(
	store: WebexStore,
	webhook: Webhook,
	resource: string,
	message: Message,
	data: EventData,
): boolean {
	if (webhook.status !== 'active' || ![resource, 'all'].includes(webhook.resource)) return false;
	if (!['created', 'all'].includes(webhook.event)) return false;
	const filters = [...new URLSearchParams(webhook.filter ?? '')];
	if (!filters.every(([name, wanted]) => matches(data, name, wanted, webhook.creatorId))) return false;
	const isAuthor = message.personId === webhook.creatorId;
	if (resource === 'attachmentActions') return isAuthor;
	if (!store.isMember(message.roomId, webhook.creatorId)) return false;
	return (
		!webhook.ownerIsBot || message.roomType === 'direct' || isAuthor || mentions(message, webhook.creatorId)
	);
}

function mentions(message: Message, personId: string): boolean {
	return message.mentionedPeople?.includes(personId) ?? false;
}

function matches(data: EventData, name: string, wanted: string, owner: string): boolean {
	const value = (data as Record<string, unknown>)[name];
	const expected = wanted === 'me' ? owner : wanted;
	return Array.isArray(value) ? value.includes(expected) : value === expected;
}

/** The event holds ids only: text and inputs have to be read with the owner's token. */
function eventOf(webhook: Webhook, resource: string, data: EventData) {
	const { id, name, targetUrl, filter, creatorId, ownedBy, status, created } = webhook;
	return {
		id,
		name,
		targetUrl,
		resource,
		event: 'created',
		...(filter && { filter }),
		orgId: ORGANIZATION_ID,
		createdBy: creatorId,
		appId: webexId('APPLICATION', uuidOf('webex application')),
		ownedBy,
		status,
		created,
		actorId: data.personId,
		data,
	};
}

/** HTTP status of the answer, 0 when there was none. Goes straight to the target, past any proxy settings. */
async function post(targetUrl: string, body: Buffer, secret: string | undefined): Promise<number> {
	const url = new URL(targetUrl);
	const headers: Record<string, string> = {
		'Content-Type': 'application/json',
		'Content-Length': String(body.length),
		...(secret && { 'X-Spark-Signature': createHmac('sha1', secret).update(body).digest('hex') }),
	};
	const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
	return await new Promise((resolve) => {
		const request = send(url, { method: 'POST', headers, timeout: TIMEOUT_MS }, (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode ?? 0));
			response.on('error', () => resolve(0));
		});
		request.on('timeout', () => request.destroy());
		request.on('error', () => resolve(0));
		request.end(body);
	});
}
