import { isObject } from '../shared/body';
import { omit } from '../shared/omit';
import { slidingWindow } from '../shared/rateWindow';
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
import { readAttachments } from './cards';
import type { WebhookDelivery } from './delivery';
import { PEOPLE, type Message, type Person, type Room } from './model';
import type { WebexStore } from './store';
import { checkLength, renderMarkdown } from './text';

/**
 * Webex publishes no number for its limit ("dynamic"). The lab refuses the 31st message of a token in 10 seconds:
 * far above what alerting needs, low enough for a burst of alerts to meet it.
 */
const POSTS = { limit: 30, windowMs: 10_000 };
const MAX_EDITS = 10;
const CREATE_FIELDS = [
	'roomId',
	'parentId',
	'toPersonId',
	'toPersonEmail',
	'text',
	'markdown',
	'files',
	'attachments',
];

/** `/v1/messages`, after developer.webex.com "Messages". */
export function registerMessages(store: WebexStore, delivery: WebhookDelivery) {
	const posts = slidingWindow(POSTS.limit, POSTS.windowMs);
	const routes: WebexRoutes = (on) => {
		on('POST', '/messages', (call) => {
			const verdict = posts.take(call.caller.id, store.now());
			if (!verdict.allowed) return tooMany(verdict.resetAt - store.now());
			const message = create(store, call);
			store.messages.set(message.id, message);
			store.rooms.get(message.roomId)!.lastActivity = message.created;
			delivery.publish('messages', eventData(message), message);
			return checkFields(ok(message), call.body, CREATE_FIELDS);
		});
		on('GET', '/messages', (call) => list(store, call));
		on('GET', '/messages/direct', (call) => listDirect(store, call));
		on('GET', '/messages/:id', (call) => ok(visible(store, call)));
		on('PUT', '/messages/:id', (call) => edit(store, call));
		on('DELETE', '/messages/:id', (call) => {
			const message = own(store, call);
			store.messages.delete(message.id);
			return noContent();
		});
	};
	return { routes, reset: () => posts.reset() };
}

function tooMany(waitMs: number) {
	const seconds = Math.max(1, Math.ceil(waitMs / 1000));
	const description = 'Too many requests have been sent in a given amount of time';
	return {
		status: 429,
		headers: { 'Retry-After': String(seconds) },
		body: { message: description, errors: [{ description }] },
	};
}

function eventData({ id, roomId, roomType, personId, personEmail, mentionedPeople, created }: Message) {
	return {
		id,
		roomId,
		roomType,
		personId,
		personEmail,
		...(mentionedPeople && { mentionedPeople }),
		created,
	};
}

function create(store: WebexStore, call: WebexCall): Message {
	const { body, caller } = call;
	const text = textField(body, 'text');
	const markdown = textField(body, 'markdown');
	checkLength('text', text);
	checkLength('markdown', markdown);
	const attachments = readAttachments(body.attachments);
	const files = readFiles(body.files);
	if (attachments && files) throw misuse(400, 'attachments and files can not be sent in one message');
	if (attachments && !text && !markdown)
		throw misuse(400, 'A card needs text or markdown for clients without cards');
	if (!text && !markdown && !files)
		throw misuse(400, 'One of text, markdown, files or attachments must be given');

	const { room, to } = destination(store, call);
	const rendered = markdown ? renderMarkdown(markdown) : undefined;
	return {
		id: store.newId('MESSAGE'),
		...parentOf(store, body, room),
		roomId: room.id,
		roomType: room.type,
		...(to && { toPersonId: to.id, toPersonEmail: to.email }),
		...rendered,
		...(text && { text }),
		...(markdown && { markdown }),
		...(files && { files }),
		...(attachments && { attachments }),
		personId: caller.id,
		personEmail: caller.email,
		created: store.timestamp(),
	};
}

/** The room of a new message; the room of two people begins with their first message. */
function destination(store: WebexStore, { body, caller }: WebexCall): { room: Room; to?: Person } {
	const given = ['roomId', 'toPersonId', 'toPersonEmail'].filter((name) => textField(body, name));
	if (given.length !== 1)
		throw misuse(400, 'Exactly one of roomId, toPersonId and toPersonEmail must be given');
	if (given[0] === 'roomId') {
		const room = store.rooms.get(String(body.roomId));
		if (!room || !store.isMember(room.id, caller.id)) {
			throw new Refusal(404, 'Could not find a room with provided ID.');
		}
		return { room };
	}
	const to = PEOPLE.find(({ id, email }) => id === body.toPersonId || email === body.toPersonEmail);
	if (!to) throw new Refusal(404, 'Could not find a person with provided ID or e-mail.');
	if (to.id === caller.id) throw misuse(400, 'A message can not be sent to oneself');
	const room = directRoom(store, caller, to) ?? store.addRoom(to.displayName, 'direct', caller, [caller, to]);
	return { room, to };
}

function directRoom(store: WebexStore, one: Person, other: Person): Room | undefined {
	return [...store.rooms.values()].find(
		({ id, type }) => type === 'direct' && store.isMember(id, one.id) && store.isMember(id, other.id),
	);
}

function parentOf(store: WebexStore, body: Record<string, unknown>, room: Room): { parentId?: string } {
	const parentId = textField(body, 'parentId');
	if (parentId === undefined) return {};
	const parent = store.messages.get(parentId);
	if (!parent || parent.roomId !== room.id) throw new Refusal(404, 'Could not find the parent message.');
	if (parent.parentId) throw misuse(400, 'A reply can not be the parent of another reply');
	return { parentId };
}

/** One public URL in JSON, or one file in multipart. */
function readFiles(value: unknown): string[] | undefined {
	if (value === undefined) return undefined;
	const files: unknown[] = Array.isArray(value) ? value : [value];
	if (files.length !== 1) throw misuse(400, 'files must hold exactly one file');
	const [file] = files;
	if (isObject(file))
		return [`https://webexapis.com/v1/contents/${encodeURIComponent(String(file.fileName))}`];
	if (!URL.canParse(String(file))) throw misuse(400, 'files must hold a URL that Webex can reach');
	return [String(file)];
}

function list(store: WebexStore, call: WebexCall) {
	const { query, caller } = call;
	const roomId = query.get('roomId');
	if (!roomId) throw misuse(400, 'roomId must be given');
	const room = store.rooms.get(roomId);
	if (!room || !store.isMember(room.id, caller.id)) throw notFound();
	const mentioned = query.get('mentionedPeople');
	const me = mentioned === 'me' || mentioned === caller.id;
	if (caller.type === 'bot' && room.type === 'group' && !me) {
		throw new Refusal(403, FORBIDDEN, 'a bot must ask for mentionedPeople=me in a group room');
	}
	const before = query.get('before');
	const beforeMessage = store.messages.get(query.get('beforeMessage') ?? '');
	const rows = [...store.messages.values()]
		.filter((message) => message.roomId === roomId)
		.filter((message) => !mentioned || message.mentionedPeople?.includes(me ? caller.id : mentioned))
		.filter((message) => !before || message.created < before)
		.filter((message) => !beforeMessage || message.created < beforeMessage.created)
		.filter((message) => !query.has('parentId') || message.parentId === query.get('parentId'))
		.reverse();
	const documented = ['roomId', 'parentId', 'mentionedPeople', 'before', 'beforeMessage'];
	return listAnswer(call, rows, documented, { fallback: 50, limit: 1000 });
}

function listDirect(store: WebexStore, call: WebexCall) {
	const other = PEOPLE.find(
		({ id, email }) => id === call.query.get('personId') || email === call.query.get('personEmail'),
	);
	if (!other) throw misuse(400, 'personId or personEmail of a known person must be given');
	const room = directRoom(store, call.caller, other);
	const rows = [...store.messages.values()].filter(({ roomId }) => roomId === room?.id).reverse();
	return listAnswer(call, rows, ['personId', 'personEmail', 'parentId']);
}

/** A bot sees, in group rooms, only its own messages and those that mention it. */
function visible(store: WebexStore, { params, caller }: WebexCall): Message {
	const message = store.messages.get(params.id);
	if (!message || !store.isMember(message.roomId, caller.id)) throw notFound();
	const addressed = message.personId === caller.id || message.mentionedPeople?.includes(caller.id);
	if (caller.type === 'bot' && message.roomType === 'group' && !addressed) throw notFound();
	return message;
}

function own(store: WebexStore, call: WebexCall): Message {
	const message = visible(store, call);
	if (message.personId !== call.caller.id) throw new Refusal(403, FORBIDDEN);
	return message;
}

function edit(store: WebexStore, call: WebexCall) {
	const message = own(store, call);
	const { body } = call;
	if (requiredText(body, 'roomId') !== message.roomId)
		throw misuse(400, 'roomId is not the room of the message');
	if (message.attachments || body.attachments !== undefined) throw misuse(400, 'A card can not be edited');
	if (message.files) throw misuse(400, 'A message with files can not be edited');
	const text = textField(body, 'text');
	const markdown = textField(body, 'markdown');
	checkLength('text', text);
	checkLength('markdown', markdown);
	if (!text && !markdown) throw misuse(400, 'text or markdown must be given');
	const edits = (store.edits.get(message.id) ?? 0) + 1;
	if (edits > MAX_EDITS) throw new Refusal(400, `A message can be edited ${MAX_EDITS} times`);
	store.edits.set(message.id, edits);
	const edited: Message = {
		...omit(message, 'markdown', 'html', 'mentionedPeople', 'mentionedGroups'),
		...(markdown && renderMarkdown(markdown)),
		...(text && { text }),
		...(markdown && { markdown }),
		updated: store.timestamp(),
	};
	store.messages.set(message.id, edited);
	return checkFields(ok(edited), body, ['roomId', 'text', 'markdown']);
}
