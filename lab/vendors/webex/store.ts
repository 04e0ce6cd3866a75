import type { LabContext } from '../../machine/vendor';
import { uuidOf } from '../shared/values';
import {
	PEOPLE,
	webexId,
	type AttachmentAction,
	type Membership,
	type Message,
	type Person,
	type Room,
	type Webhook,
	type WebexKind,
} from './model';

/** Everything that the organisation's Webex keeps. Maps are by id, in order of creation. */
export interface WebexStore {
	rooms: Map<string, Room>;
	memberships: Map<string, Membership>;
	messages: Map<string, Message>;
	actions: Map<string, AttachmentAction>;
	webhooks: Map<string, Webhook>;
	/** Edits made so far, by message id. */
	edits: Map<string, number>;
	/** Epoch ms. */
	now(): number;
	/** ISO 8601 with milliseconds. */
	timestamp(): string;
	newId(kind: WebexKind): string;
	isMember(roomId: string, personId: string): boolean;
	addRoom(title: string, type: Room['type'], creator: Person, members: Person[], description?: string): Room;
	addMembership(roomId: string, personId: string, isModerator: boolean): Membership;
	reset(): void;
}

export const DEFAULT_ROOM = 'RTC alerts';

export function createStore(context: LabContext): WebexStore {
	const now = () => context.clock.now('webex');
	const store: WebexStore = {
		rooms: new Map(),
		memberships: new Map(),
		messages: new Map(),
		actions: new Map(),
		webhooks: new Map(),
		edits: new Map(),
		now,
		timestamp: () => new Date(now()).toISOString(),
		newId: (kind) => webexId(kind, context.uuid()),
		isMember: (roomId, personId) =>
			[...store.memberships.values()].some((one) => one.roomId === roomId && one.personId === personId),
		addRoom(title, type, creator, members, description) {
			const room: Room = {
				...emptyRoom(store.newId('ROOM'), title, type, creator, store.timestamp()),
				...(description && { description }),
			};
			store.rooms.set(room.id, room);
			for (const member of members) store.addMembership(room.id, member.id, false);
			return room;
		},
		addMembership(roomId, personId, isModerator) {
			const id = store.newId('MEMBERSHIP');
			const membership = { id, roomId, personId, isModerator, created: store.timestamp() };
			store.memberships.set(id, membership);
			return membership;
		},
		reset() {
			for (const kept of [
				store.rooms,
				store.memberships,
				store.messages,
				store.actions,
				store.webhooks,
				store.edits,
			]) {
				kept.clear();
			}
			furnish(store);
		},
	};
	furnish(store);
	return store;
}

function emptyRoom(id: string, title: string, type: Room['type'], creator: Person, created: string): Room {
	return { id, title, type, creatorId: creator.id, created, lastActivity: created, isLocked: false };
}

/** The room that every new lab has; its ids don't depend on the seed, so that workflows can name it. */
function furnish(store: WebexStore): void {
	const [bot, , ...staff] = PEOPLE;
	const room = emptyRoom(
		webexId('ROOM', uuidOf('webex default room')),
		DEFAULT_ROOM,
		'group',
		staff[0],
		store.timestamp(),
	);
	store.rooms.set(room.id, room);
	for (const member of [bot, ...staff]) {
		const id = webexId('MEMBERSHIP', uuidOf(`webex default room ${member.email}`));
		store.memberships.set(id, {
			id,
			roomId: room.id,
			personId: member.id,
			isModerator: false,
			created: room.created,
		});
	}
}
