import type { IDataObject } from 'n8n-workflow';
import { CiscoSecureEndpointTrigger } from '../../../../nodes/CiscoSecureEndpoint/CiscoSecureEndpointTrigger.node';
import { fakePoll, withoutWaiting, type FakeServer } from '../support/fakeContext';
import { credentials, vendorError } from './support';

const START = Date.UTC(2026, 5, 1);
const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

/** An account whose events the test adds; they may come late. */
class Account {
	readonly events: { id: string; timestamp: number; event_type: string }[] = [];

	down = false;

	queries: URLSearchParams[] = [];

	happened(id: string, ms: number) {
		this.events.push({ id, timestamp: ms / 1_000, event_type: 'Threat Detected' });
	}

	readonly server: FakeServer = ({ url }) => {
		if (this.down) return vendorError(500, 'Internal Server Error');
		this.queries.push(url.searchParams);
		const from = Date.parse(url.searchParams.get('start_date') ?? '1970-01-01') / 1_000;
		const limit = Number(url.searchParams.get('limit'));
		const offset = Number(url.searchParams.get('offset') ?? 0);
		const all = this.events
			.filter((event) => event.timestamp >= from)
			.sort((a, b) => b.timestamp - a.timestamp);
		const next = new URL(url);
		next.searchParams.set('offset', String(offset + limit));
		const links = offset + limit < all.length ? { next: next.href } : {};
		const data = all.slice(offset, offset + limit);
		return { body: { metadata: { links, results: { total: all.length } }, data } };
	};
}

function trigger(account: Account, options: IDataObject = {}, more: IDataObject = {}) {
	let staticData: IDataObject = {};
	const poll = async (mode: 'trigger' | 'manual' = 'trigger') => {
		const parameters = { output: 'events', options, ...more };
		const context = fakePoll({ credentials, parameters, server: account.server, staticData, mode });
		const output = await withoutWaiting(new CiscoSecureEndpointTrigger().poll.call(context));
		return output?.[0].map(({ json }) => json.id) ?? null;
	};
	/** n8n stores the state as JSON. */
	const restart = () => (staticData = JSON.parse(JSON.stringify(staticData)) as IDataObject);
	return { poll, restart, state: () => staticData };
}

it('begins a little before activation, and emits each event once, oldest first', async () => {
	const account = new Account();
	account.happened('long before', START - 3 * MINUTE);
	account.happened('before', START - 1 * MINUTE);
	const { poll, restart } = trigger(account, { lookbackMinutes: 2 });
	await expect(poll()).resolves.toEqual(['before']);
	account.happened('b', START + 20_000);
	account.happened('a', START + 10_000);
	jest.setSystemTime(START + MINUTE);
	await expect(poll()).resolves.toEqual(['a', 'b']);
	restart();
	await expect(poll()).resolves.toBeNull();
});

it('emits an event that arrives late, within the overlap', async () => {
	const account = new Account();
	const { poll } = trigger(account, { overlapMinutes: 10 });
	await poll();
	jest.setSystemTime(START + 60 * MINUTE);
	account.happened('a', START + 59 * MINUTE);
	await expect(poll()).resolves.toEqual(['a']);
	account.happened('late', START + 50 * MINUTE);
	await expect(poll()).resolves.toEqual(['late']);
	await expect(poll()).resolves.toBeNull();
});

it('emits events of the same moment that were not there at the last poll', async () => {
	const account = new Account();
	const { poll } = trigger(account, { overlapMinutes: 1 });
	await poll();
	jest.setSystemTime(START + MINUTE);
	account.happened('a', START + 30_000);
	await expect(poll()).resolves.toEqual(['a']);
	account.happened('b', START + 30_000);
	await expect(poll()).resolves.toEqual(['b']);
});

it('keeps its place while the product is down', async () => {
	const account = new Account();
	const { poll } = trigger(account);
	await poll();
	account.happened('a', START + 10_000);
	account.down = true;
	jest.setSystemTime(START + 60 * MINUTE);
	await expect(poll()).resolves.toBeNull();
	account.down = false;
	jest.setSystemTime(START + 120 * MINUTE);
	await expect(poll()).resolves.toEqual(['a']);
});

it('is not led into the future by a wrong clock', async () => {
	const account = new Account();
	const { poll } = trigger(account);
	await poll();
	jest.setSystemTime(START + MINUTE);
	account.happened('future', START + 1_000 * MINUTE);
	await expect(poll()).resolves.toEqual(['future']);
	account.happened('now', START + 2 * MINUTE);
	jest.setSystemTime(START + 3 * MINUTE);
	await expect(poll()).resolves.toEqual(['now']);
});

it('takes a large backlog in several polls, oldest first, without losing any', async () => {
	const account = new Account();
	const { poll } = trigger(account, { overlapMinutes: 1 });
	await poll();
	for (let i = 0; i < 12_345; i++) account.happened(`e${i}`, START + 1_000 + i);
	jest.setSystemTime(START + 600 * MINUTE);
	const emitted: unknown[] = [];
	for (let i = 0; i < 4; i++) emitted.push(...((await poll()) ?? []));
	expect(emitted).toEqual(Array.from({ length: 12_345 }, (_, i) => `e${i}`));
});

it('reads only the types and groups that were chosen', async () => {
	const account = new Account();
	const { poll } = trigger(account, {}, { eventTypes: ['1', '2'], groups: ['g'] });
	await poll();
	expect(account.queries[0].getAll('event_type[]')).toEqual(['1', '2']);
	expect(account.queries[0].getAll('group_guid[]')).toEqual(['g']);
});

describe('by hand', () => {
	it('gives the newest events and leaves the state alone', async () => {
		const account = new Account();
		for (let i = 0; i < 30; i++) account.happened(`e${i}`, START - 100_000 + i * 1_000);
		const { poll, state } = trigger(account);
		await expect(poll('manual')).resolves.toEqual(Array.from({ length: 10 }, (_, i) => `e${20 + i}`));
		expect(state()).toEqual({});
	});

	it('says when there is nothing', async () => {
		await expect(trigger(new Account()).poll('manual')).rejects.toThrow(
			'There are no events with these filters',
		);
	});

	it('gives detections', async () => {
		const account = new Account();
		account.happened('7', START);
		await expect(trigger(account, {}, { output: 'detections' }).poll('manual')).resolves.toEqual([
			'secureEndpoint:7',
		]);
	});
});

describe('alarms', () => {
	it('a first poll that fails fails the activation', async () => {
		const account = new Account();
		account.down = true;
		await expect(trigger(account, { alarmAfterMinutes: 60 }).poll()).rejects.toThrow('Secure Endpoint answered 500');
	});

	it('failures are borne for as long as was asked, and told again after the same time', async () => {
		const account = new Account();
		const { poll } = trigger(account, { alarmAfterMinutes: 60 });
		await poll();
		account.down = true;
		await expect(poll()).resolves.toBeNull();
		jest.setSystemTime(START + 59 * MINUTE);
		await expect(poll()).resolves.toBeNull();
		jest.setSystemTime(START + 60 * MINUTE);
		await expect(poll()).rejects.toThrow("Secure Endpoint can't be polled since 2026-06-01T00:00:00.000Z: Secure Endpoint answered 500");
		jest.setSystemTime(START + 61 * MINUTE);
		await expect(poll()).resolves.toBeNull();
	});

	it('silence is told once', async () => {
		const account = new Account();
		const { poll } = trigger(account, { silentHours: 1 });
		await poll();
		jest.setSystemTime(START + 60 * MINUTE);
		await expect(poll()).rejects.toThrow('Secure Endpoint has reported no detection since 2026-06-01T00:00:00.000Z');
		jest.setSystemTime(START + 61 * MINUTE);
		await expect(poll()).resolves.toBeNull();
		account.happened('a', START + 61 * MINUTE);
		jest.setSystemTime(START + 119 * MINUTE);
		await expect(poll()).resolves.toEqual(['a']);
		jest.setSystemTime(START + 121 * MINUTE);
		await expect(poll()).resolves.toBeNull();
		jest.setSystemTime(START + 179 * MINUTE);
		await expect(poll()).rejects.toThrow('no detection since 2026-06-01T01:59');
	});
});
