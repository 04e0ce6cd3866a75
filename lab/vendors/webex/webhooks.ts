import { omit } from '../shared/omit';
import { misuse, Refusal } from '../shared/refusal';
import {
	checkFields,
	FORBIDDEN,
	listAnswer,
	noContent,
	notFound,
	ok,
	requiredText,
	textField,
	type WebexCall,
	type WebexRoutes,
} from './answers';
import { isLoopback } from './delivery';
import { ORGANIZATION_ID, type Webhook } from './model';
import type { WebexStore } from './store';

const RESOURCES = [
	'all',
	'attachmentActions',
	'meetings',
	'meetingParticipants',
	'meetingTranscripts',
	'memberships',
	'messages',
	'recordings',
	'rooms',
	'telephony_calls',
];
const EVENTS = ['all', 'created', 'updated', 'deleted', 'started', 'ended', 'joined', 'left'];

/** `/v1/webhooks`: a token sees its own. Targets outside the loopback interface are refused by the lab. */
export function registerWebhooks(store: WebexStore): WebexRoutes {
	const mine = ({ params, caller }: WebexCall): Webhook => {
		const webhook = store.webhooks.get(params.id);
		if (webhook?.creatorId !== caller.id) throw notFound();
		return webhook;
	};
	return (on) => {
		on('GET', '/webhooks', (call) =>
			listAnswer(
				call,
				[...store.webhooks.values()].filter(({ creatorId }) => creatorId === call.caller.id).map(full),
				['ownedBy'],
			),
		);
		on('POST', '/webhooks', (call) => {
			const webhook = create(store, call);
			store.webhooks.set(webhook.id, webhook);
			const documented = ['name', 'targetUrl', 'resource', 'event', 'filter', 'secret', 'ownedBy'];
			return checkFields(ok(full(webhook)), call.body, documented);
		});
		on('GET', '/webhooks/:id', (call) => ok(full(mine(call))));
		on('PUT', '/webhooks/:id', (call) => update(mine(call), call));
		on('DELETE', '/webhooks/:id', (call) => {
			store.webhooks.delete(mine(call).id);
			return noContent();
		});
	};
}

function create(store: WebexStore, { body, caller }: WebexCall): Webhook {
	const resource = requiredText(body, 'resource');
	const event = requiredText(body, 'event');
	if (!RESOURCES.includes(resource)) throw misuse(400, `resource ${resource} is not known`);
	if (!EVENTS.includes(event)) throw misuse(400, `event ${event} is not known`);
	if (body.ownedBy === 'org') throw new Refusal(403, FORBIDDEN);
	return {
		id: store.newId('WEBHOOK'),
		name: requiredText(body, 'name'),
		targetUrl: readTarget(body),
		resource,
		event,
		filter: textField(body, 'filter'),
		secret: textField(body, 'secret'),
		ownedBy: 'creator',
		status: 'active',
		created: store.timestamp(),
		creatorId: caller.id,
		ownerIsBot: caller.type === 'bot',
		failures: [],
		delivered: 0,
	};
}

function update(webhook: Webhook, { body }: WebexCall) {
	const name = requiredText(body, 'name');
	const targetUrl = readTarget(body);
	const status = textField(body, 'status') ?? webhook.status;
	if (status !== 'active' && status !== 'inactive') throw misuse(400, 'status must be active or inactive');
	Object.assign(webhook, { name, targetUrl, status, secret: textField(body, 'secret') ?? webhook.secret });
	if (status === 'active') webhook.failures = [];
	return checkFields(ok(full(webhook)), body, ['name', 'targetUrl', 'secret', 'ownedBy', 'status']);
}

function readTarget(body: Record<string, unknown>): string {
	const targetUrl = requiredText(body, 'targetUrl');
	if (!URL.canParse(targetUrl)) throw misuse(400, 'targetUrl is not a URL');
	if (!isLoopback(targetUrl))
		throw new Refusal(400, 'targetUrl: this lab delivers to the loopback interface only');
	return targetUrl;
}

function full(webhook: Webhook) {
	const known = omit(webhook, 'creatorId', 'ownerIsBot', 'failures', 'delivered');
	return { ...known, orgId: ORGANIZATION_ID, createdBy: webhook.creatorId };
}
