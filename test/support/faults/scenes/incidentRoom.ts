import type { Engine } from '../../engine';
import { intentOf } from '../../engineScenes';
import { PEOPLE } from '../../webexDoor';
import type { Calls, Scene } from '../scene';
import { condemn, everything, intentErrors, outcomeOf, pollBoth, same } from './parts';

const MEMBERS = [PEOPLE.approver, PEOPLE.analyst];

interface WebexState {
	rooms: { id: string; title: string }[];
	messages: { roomId: string }[];
}

async function roomsOf(engine: Engine) {
	const { rooms, messages } = (engine.state().vendors as unknown as { webex: WebexState }).webex;
	const own = rooms.filter(({ title }) => title.startsWith('[RTC] '));
	const messagesIn = own.map(({ id }) => messages.filter(({ roomId }) => roomId === id).length);
	const added = engine.journal({ vendor: 'webex', path: '/v1/memberships', method: 'POST', limit: 10_000 });
	const members = added.filter(({ status, fault }) => status === 200 && fault !== 'html').length;
	return { ...(await outcomeOf(engine)), rooms: own.length, messagesIn, members };
}

/** Everybody who could not be added is named in the notice. */
async function membersMissing(engine: Engine, goal: unknown): Promise<boolean> {
	const { steps } = await intentOf(engine, 'notify');
	const missing = ((steps as { webexNotAdded?: string[] }).webexNotAdded ?? []).length;
	const rooms = await roomsOf(engine);
	return missing > 0 && same({ ...rooms, members: MEMBERS.length }, goal);
}

const roomScene = (operation: string, title: string, calls: Calls): Scene => ({
	vendor: 'webex',
	operation,
	title: `${title} (incident room)`,
	calls: () => calls,
	prepare: async (engine) => engine.setting('rtcNotify', 'settings.incidentRoomMembers', MEMBERS.join(', ')),
	happen: condemn,
	act: pollBoth,
	next: everything,
	goal: roomsOf,
	told: intentErrors,
});

export const INCIDENT_ROOM: Scene[] = [
	roomScene('room: getMany', 'Room: Get Many', { path: '/v1/rooms', method: 'GET' }),
	roomScene('room: create', 'Room: Create', { path: '/v1/rooms', method: 'POST' }),
	{ ...roomScene('membership: create', 'Membership: Create', { path: '/v1/memberships' }), admits: membersMissing },
];
