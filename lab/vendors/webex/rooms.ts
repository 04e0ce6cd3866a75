import { misuse } from '../shared/refusal';
import {
	checkFields,
	listAnswer,
	noContent,
	notFound,
	ok,
	requiredText,
	textField,
	type WebexCall,
	type WebexRoutes,
} from './answers';
import { ORGANIZATION_ID, type Room } from './model';
import type { WebexStore } from './store';

const FIELDS = [
	'title',
	'teamId',
	'classificationId',
	'isLocked',
	'isPublic',
	'description',
	'isAnnouncementOnly',
];

/** `/v1/rooms`: a token sees the rooms it is a member of. There is no search by title. */
export function registerRooms(store: WebexStore): WebexRoutes {
	const mine = ({ params, caller }: WebexCall): Room => {
		const room = store.rooms.get(params.id);
		if (!room || !store.isMember(room.id, caller.id)) throw notFound();
		return room;
	};
	return (on) => {
		on('GET', '/rooms', (call) =>
			listAnswer(call, list(store, call), ['teamId', 'type', 'sortBy', 'from', 'to']),
		);
		on('POST', '/rooms', (call) => {
			const { body, caller } = call;
			const room = store.addRoom(
				requiredText(body, 'title'),
				'group',
				caller,
				[caller],
				textField(body, 'description'),
			);
			return checkFields(ok(full(room)), body, FIELDS);
		});
		on('GET', '/rooms/:id', (call) => ok(full(mine(call))));
		on('PUT', '/rooms/:id', (call) => {
			const room = mine(call);
			room.title = requiredText(call.body, 'title');
			room.description = textField(call.body, 'description') ?? room.description;
			return checkFields(ok(full(room)), call.body, FIELDS);
		});
		on('DELETE', '/rooms/:id', (call) => {
			const { id } = mine(call);
			store.rooms.delete(id);
			for (const [key, membership] of store.memberships)
				if (membership.roomId === id) store.memberships.delete(key);
			for (const [key, message] of store.messages) if (message.roomId === id) store.messages.delete(key);
			return noContent();
		});
	};
}

const SORT_KEYS = new Map<string, 'id' | 'lastActivity' | 'created'>([
	['id', 'id'],
	['lastactivity', 'lastActivity'],
	['created', 'created'],
]);

function list(store: WebexStore, { query, caller }: WebexCall) {
	const type = query.get('type');
	if (type !== null && type !== 'group' && type !== 'direct')
		throw misuse(400, 'type must be direct or group');
	const sortBy = query.get('sortBy') ?? 'id';
	const key = SORT_KEYS.get(sortBy);
	if (!key) throw misuse(400, 'sortBy must be id, lastactivity or created');
	return [...store.rooms.values()]
		.filter((room) => store.isMember(room.id, caller.id) && (!type || room.type === type))
		.sort((a, b) => (key === 'id' ? a.id.localeCompare(b.id) : b[key].localeCompare(a[key])))
		.map(full);
}

function full(room: Room) {
	return { ...room, ownerId: ORGANIZATION_ID, isPublic: false, isReadOnly: false, isAnnouncementOnly: false };
}
