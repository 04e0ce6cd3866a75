import type { LabContext, LabRequest, LabResponse, Vendor } from '../../machine/vendor';
import { bearerToken } from '../shared/auth';
import { isObject, jsonBody, mediaType } from '../shared/body';
import { misuse, Refusal } from '../shared/refusal';
import { createRouter } from '../shared/router';
import { uuidOf } from '../shared/values';
import { NOT_FOUND, type WebexHandler } from './answers';
import { registerAttachmentActions, submit } from './attachmentActions';
import { createDelivery } from './delivery';
import { registerMemberships } from './memberships';
import { registerMessages } from './messages';
import { PEOPLE, type AttachmentAction } from './model';
import { readMultipart } from './multipart';
import { peopleRoutes } from './people';
import { registerRooms } from './rooms';
import { createStore, DEFAULT_ROOM, type WebexStore } from './store';
import { registerWebhooks } from './webhooks';

/** A press on a button of a card, as a person in the room makes it. */
export interface ButtonPress {
	messageId: string;
	personEmail: string;
	/** Data of the pressed Action.Submit merged with the values of the card's inputs. */
	inputs: Record<string, unknown>;
}

/** The Webex simulator, with what a person does in the Webex app. */
export interface WebexVendor extends Vendor {
	/** Throws when the message is gone or has no card, or when the person is unknown or not in the room. */
	pressButton(press: ButtonPress): AttachmentAction;
	/** Resolves when all webhook deliveries so far have ended. */
	settled(): Promise<void>;
}

const NO_TOKEN = 'The request requires a valid access token set in the Authorization request header.';

/**
 * Webex messaging at webexapis.com (and its old name api.ciscospark.com), after developer.webex.com. Faults:
 * `duplicateDelivery` and `reorderDelivery` of webhook events.
 */
export function createWebex(context: LabContext): WebexVendor {
	const store = createStore(context);
	const delivery = createDelivery(store);
	const messages = registerMessages(store, delivery);
	const router = createRouter<WebexHandler>();
	const on = (method: string, path: string, handler: WebexHandler) =>
		router.on(method, `/v1${path}`, handler);
	for (const register of [
		peopleRoutes,
		registerRooms(store),
		registerMemberships(store),
		messages.routes,
		registerAttachmentActions(store, delivery),
		registerWebhooks(store),
	]) {
		register(on);
	}

	const answer = (request: LabRequest): LabResponse => {
		const token = bearerToken(request);
		const caller = PEOPLE.find((person) => person.token !== undefined && person.token === token);
		if (!caller) throw misuse(401, NO_TOKEN);
		const route = router.find(request.method, request.url.pathname);
		if (!route) {
			const known = router.methods(request.url.pathname).length > 0;
			throw known
				? misuse(405, `${request.method} is not allowed on this resource.`)
				: misuse(404, NOT_FOUND);
		}
		const { handler, params } = route;
		return handler({ request, params, query: request.url.searchParams, body: readBody(request), caller });
	};

	let calls = 0;
	return {
		name: 'webex',
		hosts: ['webexapis.com', 'api.ciscospark.com'],
		credentials: () => ({
			baseUrl: 'https://webexapis.com/v1',
			room: [...store.rooms.values()].find(({ title }) => title === DEFAULT_ROOM),
			people: PEOPLE,
		}),
		state: () => stateOf(store),
		reset() {
			store.reset();
			messages.reset();
			Object.assign(delivery.faults, { duplicate: false, reorder: false });
		},
		setFault: (name, value) => {
			if (name === 'duplicateDelivery') delivery.faults.duplicate = Boolean(value);
			else if (name === 'reorderDelivery') delivery.faults.reorder = Boolean(value);
			else throw new Error(`webex has no fault ${name}`);
		},
		handle(request) {
			calls += 1;
			const trackingId = `ROUTERGW_${uuidOf(`webex call ${calls}`)}`;
			const response = attempt(() => answer(request), trackingId);
			return { ...response, headers: { ...response.headers, Trackingid: trackingId } };
		},
		pressButton({ messageId, personEmail, inputs }) {
			const message = store.messages.get(messageId);
			if (!message) throw new Error(`There is no message ${messageId}`);
			const person = PEOPLE.find(({ email }) => email === personEmail);
			if (!person) throw new Error(`There is no person ${personEmail}`);
			return submit(store, delivery, message, person, inputs);
		},
		settled: async () => await delivery.settled(),
	};
}

function attempt(work: () => LabResponse, trackingId: string): LabResponse {
	try {
		const response = work();
		if (response.status < 400 || !isObject(response.body)) return response;
		return { ...response, body: { ...response.body, trackingId } };
	} catch (error) {
		return refusalAnswer(error, trackingId);
	}
}

function refusalAnswer(error: unknown, trackingId: string): LabResponse {
	if (!(error instanceof Refusal)) throw error;
	const { status, detail, violation } = error;
	return {
		status,
		body: { message: detail, errors: [{ description: detail }], trackingId },
		...(violation && { violation }),
	};
}

function readBody(request: LabRequest): Record<string, unknown> {
	if (request.method === 'GET' || request.method === 'DELETE') return {};
	if (mediaType(request) === 'multipart/form-data') {
		const fields = readMultipart(request.headers['content-type'], request.body);
		if (!fields) throw misuse(400, 'The multipart body can not be read');
		return fields;
	}
	if (mediaType(request) !== 'application/json') {
		throw misuse(415, 'Content-Type must be application/json or multipart/form-data');
	}
	const body = jsonBody(request);
	if (body.kind !== 'json' || !isObject(body.value)) throw misuse(400, 'The body is not a JSON object');
	return body.value;
}

function stateOf(store: WebexStore): Record<string, unknown> {
	const emailOf = (personId: string) => PEOPLE.find(({ id }) => id === personId)?.email;
	return {
		rooms: [...store.rooms.values()].map(({ id, title, type }) => ({
			id,
			title,
			type,
			members: [...store.memberships.values()]
				.filter(({ roomId }) => roomId === id)
				.map(({ personId }) => emailOf(personId)),
		})),
		messages: [...store.messages.values()].map((message) => ({
			...message,
			roomTitle: store.rooms.get(message.roomId)?.title,
			edits: store.edits.get(message.id) ?? 0,
		})),
		attachmentActions: [...store.actions.values()].map((action) => ({
			...action,
			personEmail: emailOf(action.personId),
		})),
		webhooks: [...store.webhooks.values()].map(({ secret, failures, creatorId, ...webhook }) => ({
			...webhook,
			owner: emailOf(creatorId),
			hasSecret: secret !== undefined,
			failures: failures.length,
		})),
	};
}
