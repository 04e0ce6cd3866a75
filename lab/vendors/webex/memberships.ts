import { misuse, Refusal } from '../shared/refusal';
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
import { ORGANIZATION_ID, PEOPLE, type Membership } from './model';
import type { WebexStore } from './store';

/** `/v1/memberships`: of rooms that the caller is a member of. Adding a member twice is a 409. */
export function registerMemberships(store: WebexStore): WebexRoutes {
	const mine = ({ params, caller }: WebexCall): Membership => {
		const membership = store.memberships.get(params.id);
		if (!membership || !store.isMember(membership.roomId, caller.id)) throw notFound();
		return membership;
	};
	return (on) => {
		on('GET', '/memberships', (call) =>
			listAnswer(call, list(store, call), ['roomId', 'personId', 'personEmail']),
		);
		on('POST', '/memberships', (call) =>
			checkFields(ok(full(create(store, call))), call.body, [
				'roomId',
				'personId',
				'personEmail',
				'isModerator',
			]),
		);
		on('GET', '/memberships/:id', (call) => ok(full(mine(call))));
		on('PUT', '/memberships/:id', (call) => {
			const membership = mine(call);
			if (typeof call.body.isModerator !== 'boolean') throw misuse(400, 'isModerator must be true or false');
			membership.isModerator = call.body.isModerator;
			return checkFields(ok(full(membership)), call.body, ['isModerator', 'isRoomHidden']);
		});
		on('DELETE', '/memberships/:id', (call) => {
			store.memberships.delete(mine(call).id);
			return noContent();
		});
	};
}

function list(store: WebexStore, { query, caller }: WebexCall) {
	const roomId = query.get('roomId');
	if (roomId && !store.isMember(roomId, caller.id)) throw notFound();
	const wanted = query.get('personId') ?? PEOPLE.find(({ email }) => email === query.get('personEmail'))?.id;
	const byPerson = query.has('personId') || query.has('personEmail');
	return [...store.memberships.values()]
		.filter((one) => (roomId ? one.roomId === roomId : one.personId === caller.id))
		.filter((one) => !byPerson || one.personId === wanted)
		.map(full);
}

function create(store: WebexStore, { body, caller }: WebexCall): Membership {
	const roomId = requiredText(body, 'roomId');
	if (!store.rooms.has(roomId) || !store.isMember(roomId, caller.id)) throw notFound();
	const personId = textField(body, 'personId');
	const email = textField(body, 'personEmail');
	if (!personId && !email) throw misuse(400, 'personId or personEmail must be given');
	const person = PEOPLE.find((one) => one.id === personId || one.email === email);
	if (!person) throw notFound();
	if (store.isMember(roomId, person.id)) throw new Refusal(409, 'User is already a participant');
	return store.addMembership(roomId, person.id, body.isModerator === true);
}

function full(membership: Membership) {
	const person = PEOPLE.find(({ id }) => id === membership.personId);
	return {
		...membership,
		personEmail: person?.email,
		personDisplayName: person?.displayName,
		personOrgId: ORGANIZATION_ID,
		isMonitor: false,
	};
}
