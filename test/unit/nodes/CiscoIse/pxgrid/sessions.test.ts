import type { PxGrid } from '../../../../../nodes/CiscoIse/pxgrid/client';
import { EventReader, type PxGridEvent } from '../../../../../nodes/CiscoIse/pxgrid/events';
import { isSessionOf } from '../../../../../nodes/CiscoIse/sessions/directory';
import { pxGridDirectory, recordsOf } from '../../../../../nodes/CiscoIse/sessions/pxGridDirectory';

const MAC = '00:50:56:00:00:01';
const OTHER = '00:50:56:00:00:02';

describe('an answer of the session directory', () => {
	it.each([
		['a list', { sessions: [{ macAddress: MAC }] }, 1],
		['a list with gaps', { sessions: [null, { macAddress: MAC }, 'x', {}, []] }, 1],
		['one object in place of the list', { sessions: { macAddress: MAC } }, 1],
		['one session alone', { macAddress: MAC }, 1],
		['a bare list', [{ macAddress: MAC }], 1],
		['an empty list', { sessions: [] }, 0],
		['no list', { sessions: null }, 0],
		['nothing', undefined, 0],
		['text', 'x', 0],
	])('%s', (_, answer, count) => {
		expect(recordsOf(answer).map(({ session }) => session.macAddress)).toEqual(Array(count).fill(MAC));
	});

	it.each([
		['addresses in text', { ipAddresses: '10.0.0.1' }, { ipAddresses: ['10.0.0.1'] }],
		['addresses of other types', { ipAddresses: [null, 5, '10.0.0.1'] }, { ipAddresses: ['10.0.0.1'] }],
		['a state in lower case', { state: 'started' }, { state: 'STARTED' }],
		['an unknown state', { state: 'SLEEPING' }, { state: null }],
		['a time in epoch ms', { timestamp: 1_700_000_000_123 }, { startedAt: '2023-11-14T22:13:20.123Z' }],
		['a time without zone', { timestamp: '2026-01-31T12:00:00.5' }, { startedAt: '2026-01-31T12:00:00.500Z' }],
		['a time that is none', { timestamp: {} }, { startedAt: null }],
		['an IP address as calling station', { callingStationId: '198.51.100.7', mdmMacAddress: '005056000001' }, { macAddress: MAC }],
		['a MAC address that is none', { macAddress: '', callingStationId: MAC }, { macAddress: MAC }],
	])('%s', (_, fields, expected) => {
		expect(recordsOf({ sessions: [{ userName: 'jdoe', ...fields }] })[0].session).toMatchObject(expected);
	});

	it.each(['adNormalizedUser', 'adUserSamAccountName'])('knows the user by %s too', (name) => {
		const [record] = recordsOf({ userName: 'jane.doe@corp.example', [name]: 'jdoe' });
		expect([isSessionOf('jdoe', record), isSessionOf('ada', record)]).toEqual([true, false]);
	});
});

it('prefers a connected session to a newer one that is not', async () => {
	const session = { userName: 'jdoe', ipAddresses: ['10.0.0.1'] };
	const sessions = [
		{ ...session, macAddress: MAC, state: 'STARTED', timestamp: '2026-01-31T12:00:00Z' },
		{ ...session, macAddress: OTHER, state: 'AUTHENTICATING', timestamp: '2026-01-31T12:00:01Z' },
	];
	const directory = pxGridDirectory({ query: async () => ({ sessions }) } as unknown as PxGrid);
	const found = [await directory.byUser('jdoe'), await directory.byIp('10.0.0.1')];
	expect(found.map((record) => record?.session.macAddress)).toEqual([MAC, MAC]);
});

it.each<[kind: 'session' | 'ancStatus', text: string, count: number]>([
	['ancStatus', '[]', 0],
	['ancStatus', '"x"', 0],
	['ancStatus', 'null', 0],
	['ancStatus', `{"macAddress":"${MAC}","status":"SUCCESS"}`, 1],
	['session', '"x"', 0],
	['session', 'null', 0],
	['session', `{"sessions":[null,{"macAddress":"${MAC}"}]}`, 1],
])('a message on the topic of %s: %s', async (kind, text, count) => {
	const told: PxGridEvent[] = [];
	const pxGrid = { query: async () => ({ sessions: [], endpoints: [] }) } as unknown as PxGrid;
	const reader = new EventReader(pxGrid, [kind], {}, (events) => void told.push(...events), Date.now);
	reader.receive(kind, text);
	await reader.recover();
	reader.receive(kind, text);
	expect(told).toHaveLength(2 * count);
});
