import type { IDataObject } from 'n8n-workflow';
import { CiscoSecureNetworkAnalyticsTrigger } from '../../../../nodes/CiscoSecureNetworkAnalytics/CiscoSecureNetworkAnalyticsTrigger.node';
import { fakePoll, withoutWaiting, type SentRequest } from '../support/fakeContext';
import { credentials, EVENTS, manager } from './support';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-03-04T05:06:07.000Z');

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const later = (ms: number) => jest.setSystemTime(Date.now() + ms);

/** An event with times in ms from the start. */
function event(id: number, first: number, last = first) {
	const time = (ms: number) => new Date(START + ms).toISOString().replace('Z', '+0000');
	return {
		id,
		deviceId: 121,
		securityEventType: 310,
		firstActiveTime: time(first),
		lastActiveTime: time(last),
		source: { ipAddress: '10.1.2.3' },
		target: { ipAddress: '203.0.113.9' },
		details: [],
	};
}

/** A trigger whose static data lives on between polls, and a manager whose events can be changed. */
function installation(options: IDataObject = {}, mode: 'trigger' | 'manual' = 'trigger') {
	const account = credentials();
	let staticData: IDataObject = {};
	const state = { events: [] as ReturnType<typeof event>[], status: 200 };
	let asked = { from: 0, to: 0 };
	const server = manager({
		[`POST ${EVENTS}/queries`]: ({ body }: SentRequest) => {
			const { timeRange } = body as { timeRange: { from: string; to: string } };
			asked = { from: Date.parse(timeRange.from), to: Date.parse(timeRange.to) };
			return { status: state.status, body: { data: { searchJob: { id: 'j', percentComplete: 0 } } } };
		},
		[`GET ${EVENTS}/queries/j`]: { body: { data: { percentComplete: 100, status: 'COMPLETED' } } },
		[`GET ${EVENTS}/results/j`]: () => {
			const active = state.events.filter(
				({ firstActiveTime, lastActiveTime }) =>
					Date.parse(firstActiveTime) <= asked.to && Date.parse(lastActiveTime) >= asked.from,
			);
			return { body: { data: { results: active } } };
		},
		[`DELETE ${EVENTS}/queries/j`]: { status: 200 },
	});
	const poll = async () => {
		const parameters = { eventTypes: ['310'], options };
		const context = fakePoll({ credentials: account, parameters, server, staticData, mode });
		const work = new CiscoSecureNetworkAnalyticsTrigger().poll.call(context);
		const result = await withoutWaiting(work);
		const items = (result?.[0] ?? []).map(({ json }) => json);
		/** As n8n does when it starts again: only JSON survives. */
		staticData = JSON.parse(JSON.stringify(staticData)) as IDataObject;
		const ids = items.map(({ id }) => Number(String(id).split('-')[1]));
		const searches = context.requests.filter(({ url }) => url.pathname === `${EVENTS}/queries`);
		return { result, items, ids, searches };
	};
	return { state, poll, staticData: () => staticData };
}

it('emits each event once, oldest first, as a detection with a name', async () => {
	const { state, poll } = installation();
	state.events = [event(2, -10 * SECOND), event(1, -30 * SECOND)];
	const { ids, items, searches } = await poll();
	expect(ids).toEqual([1, 2]);
	expect(items[0]).toMatchObject({ eventType: { name: 'Flow_Denied' }, targets: [{ ip: '10.1.2.3' }] });
	expect(searches[0].body).toMatchObject({ securityEventTypeIds: [310] });
	later(MINUTE);
	expect((await poll()).result).toBeNull();
});

it('emits an event that goes on once, however long it goes on', async () => {
	const { state, poll } = installation();
	state.events = [event(1, -3 * HOUR, 0)];
	expect((await poll()).ids).toEqual([1]);
	for (let minutes = 30; minutes <= 30 * 60; minutes += 30) {
		later(30 * MINUTE);
		state.events = [event(1, -3 * HOUR, minutes * MINUTE)];
		expect((await poll()).result).toBeNull();
	}
});

it('forgets events that have been over for a day', async () => {
	const { state, poll, staticData } = installation();
	state.events = [event(1, -10 * SECOND)];
	await poll();
	later(12 * HOUR);
	await poll();
	expect(Object.keys(staticData().seen as object)).toHaveLength(1);
	later(13 * HOUR);
	await poll();
	expect(staticData().seen).toEqual({});
});

it('emits what the manager reports late', async () => {
	const { state, poll } = installation();
	await poll();
	later(5 * MINUTE);
	state.events = [event(1, 10 * SECOND)];
	expect((await poll()).ids).toEqual([1]);
});

it('reads an outage hour by hour', async () => {
	const { state, poll } = installation();
	await poll();
	state.events = [event(1, 30 * MINUTE), event(2, 50 * MINUTE, 130 * MINUTE), event(3, 150 * MINUTE)];
	later(3 * HOUR);
	const { ids, searches } = await poll();
	expect(ids).toEqual([1, 2, 3]);
	expect(searches.length).toBeGreaterThanOrEqual(3);
});

it('bears a short failure, tells of a long one and of a refusal, and loses nothing', async () => {
	const { state, poll } = installation({ alarmAfterMinutes: 10 });
	await poll();
	state.events = [event(1, 30 * SECOND)];
	state.status = 500;
	later(MINUTE);
	expect((await poll()).result).toBeNull();
	later(10 * MINUTE);
	await expect(poll()).rejects.toThrow("Secure Network Analytics can't be polled since 2026-03-04T05:07");
	state.status = 200;
	later(MINUTE);
	expect((await poll()).ids).toEqual([1]);
	state.status = 403;
	later(MINUTE);
	await expect(poll()).rejects.toThrow('403');
});

it('tells once of a long silence', async () => {
	const { poll } = installation({ silentHours: 2 });
	await poll();
	later(2 * HOUR);
	await expect(poll()).rejects.toThrow('has reported no detection since');
	later(MINUTE);
	expect((await poll()).result).toBeNull();
});

it('shows events of the last day by hand, and keeps nothing', async () => {
	const { state, poll, staticData } = installation({ includeEvent: true }, 'manual');
	state.events = [event(1, -20 * HOUR), event(2, -10 * SECOND)];
	const { ids, items } = await poll();
	expect(ids).toEqual([1, 2]);
	expect(items[1].raw).toEqual(state.events[1]);
	expect(staticData()).toEqual({});
});

it('says which network it can not read', async () => {
	await expect(installation({ internalNetworks: 'lan' }).poll()).rejects.toThrow('Internal Networks');
});
