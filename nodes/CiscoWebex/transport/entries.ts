import type { IDataObject } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { accountKey, cachedValue } from '../../shared/processState';
import { decide, type DecisionItem, type Entry } from '../decisions/decide';
import { readDeciders, type Deciders, type Person } from '../decisions/people';
import { inputsOf, listOf, readCommand } from '../decisions/reply';
import { cardKey } from '../decisions/token';
import { webexClient, type WebexClient, type WebexCredential } from './client';
import { idSegment, webexJson, webexSend } from './request';

/** Everything that decisions of one bot depend on. */
export interface Desk {
	client: WebexClient;
	key: Buffer;
	deciders: Deciders;
	/** The bot itself. */
	me: Person;
}

const REMEMBER_MS = 10 * 60_000;

/** What happened longer ago was kept back by somebody, or by a long outage. */
export const FRESH_MS = 10 * 60_000;

/** @throws Error when the list of people in the credential can't be read. */
export async function openDesk(context: ApiContext): Promise<Desk> {
	const { accessToken, baseUrl, deciders } = await context.getCredentials<WebexCredential>('ciscoRtcWebexBotApi');
	const client = await webexClient(context);
	const load = async () => await readPerson(context, client, 'me');
	const key = accountKey('Cisco Webex bot', accessToken, baseUrl);
	return {
		client,
		key: cardKey(accessToken),
		deciders: readDeciders(deciders ?? ''),
		me: await cachedValue(key, load, REMEMBER_MS, Date.now),
	};
}

/**
 * What a press on a button decides; `undefined` when it decides nothing here.
 *
 * @param actionId of the webhook call; all else is read from Webex
 * @param now epoch ms
 */
export async function decisionOfPress(
	context: ApiContext,
	desk: Desk,
	actionId: string,
	now: number,
): Promise<DecisionItem | undefined> {
	const path = `/attachment/actions/${idSegment(actionId)}`;
	const action = await found(context, desk.client, path);
	if (!action || isLate(action, now - FRESH_MS) || action.personId === desk.me.id) return undefined;
	const inputs = typeof action.inputs === 'object' && action.inputs !== null ? (action.inputs as IDataObject) : {};
	if (inputs.rtc === undefined) return undefined;
	const person = await readPerson(context, desk.client, String(action.personId));
	const entry: Entry = {
		inputs,
		person,
		messageId: String(action.messageId),
		roomId: String(action.roomId),
		via: 'card',
		at: String(action.created),
	};
	return decide(entry, desk.key, desk.deciders, now);
}

/**
 * What an answer in the thread of a card decides, as {@link decisionOfPress}.
 *
 * @param since epoch ms; what was said before is too late
 */
export async function decisionOfReply(
	context: ApiContext,
	desk: Desk,
	message: IDataObject,
	now: number,
	since = now - FRESH_MS,
): Promise<DecisionItem | undefined> {
	const { parentId, personId, roomId, text } = message;
	if (!parentId || personId === desk.me.id || isLate(message, since)) return undefined;
	const command = readCommand(String(text ?? ''), desk.me.displayName);
	if (!command) return undefined;
	const parent = await found(context, desk.client, `/messages/${idSegment(parentId)}`);
	if (!parent || parent.personId !== desk.me.id) return undefined;
	const inputs = inputsOf(command, listOf(parent, 'attachments')[0]?.content);
	if (!inputs) return undefined;
	const person = await readPerson(context, desk.client, String(personId));
	const at = String(message.created);
	const entry: Entry = { inputs, person, messageId: String(parentId), roomId: String(roomId), via: 'reply', at };
	return decide(entry, desk.key, desk.deciders, now);
}

/** A message by id; `undefined` when it is gone or not for the bot's eyes. */
export async function readMessage(
	context: ApiContext,
	{ client }: Desk,
	messageId: string,
): Promise<IDataObject | undefined> {
	return await found(context, client, `/messages/${idSegment(messageId)}`);
}

/** Webex tells when it happened. */
function isLate({ created }: IDataObject, since: number): boolean {
	return !(Date.parse(String(created)) >= since);
}

async function found(context: ApiContext, client: WebexClient, path: string): Promise<IDataObject | undefined> {
	const response = await webexSend(context, client, { method: 'GET', path, accept: [404] });
	return response.status === 404 ? undefined : (JSON.parse(response.text) as IDataObject);
}

async function readPerson(context: ApiContext, client: WebexClient, id: string): Promise<Person> {
	const path = `/people/${idSegment(id)}`;
	const person = await webexJson<IDataObject>(context, client, { method: 'GET', path });
	const emails = Array.isArray(person.emails) ? person.emails.map((email) => String(email).toLowerCase()) : [];
	return { id: String(person.id), emails, displayName: String(person.displayName ?? emails[0] ?? '') };
}
