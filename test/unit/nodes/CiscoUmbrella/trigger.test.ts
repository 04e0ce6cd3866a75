import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { CiscoUmbrellaTrigger } from '../../../../nodes/CiscoUmbrella/CiscoUmbrellaTrigger.node';
import { logSkipped } from '../../../../nodes/CiscoUmbrella/skipped';
import { fakePoll, withoutWaiting, type FakeAnswer, type SentRequest } from '../support/fakeContext';
import { calls, credentials, dnsRecord, withToken } from './support';

const MINUTE = 60_000;
const START = 1_700_000_000_000;

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const trigger = new CiscoUmbrellaTrigger();

/** A trigger whose static data lives on between polls, and an Umbrella whose records can be changed. */
function installation(
	options: IDataObject = {},
	fields: { mode?: 'trigger' | 'manual'; pollBudgetMs?: number } = {},
) {
	const installed = credentials();
	let staticData: IDataObject = {};
	const state = {
		records: [] as ReturnType<typeof dnsRecord>[],
		answer: undefined as FakeAnswer | undefined,
	};
	const server = ({ url }: SentRequest) => {
		if (state.answer) return state.answer;
		const [from, to] = ['from', 'to'].map((name) => Number(url.searchParams.get(name)));
		return { body: { data: state.records.filter(({ timestamp }) => timestamp > from && timestamp < to) } };
	};
	const poll = async () => {
		const context = fakePoll({
			credentials: installed,
			parameters: { kinds: ['dns'], securityOnly: true, options },
			server: withToken(server),
			staticData,
			...fields,
		});
		const result = await withoutWaiting(trigger.poll.call(context));
		const items = (result?.[0] ?? []).map(({ json }) => json as IDataObject);
		return { result, domains: items.map(domainOf), sent: calls(context.requests) };
	};
	/** As n8n does when it starts again: only JSON survives. */
	const restart = () => {
		staticData = JSON.parse(JSON.stringify(staticData)) as IDataObject;
	};
	return { state, poll, restart, staticData: () => staticData };
}

const domainOf = ({ observables }: IDataObject) => (observables as { value: string }[])[0].value;

const later = (ms: number) => jest.setSystemTime(Date.now() + ms);

describe('CiscoUmbrellaTrigger', () => {
	it('emits each detection once, oldest first, and nothing when there is nothing', async () => {
		const { state, poll, restart } = installation();
		state.records = [dnsRecord(-10), dnsRecord(-30)];
		expect((await poll()).domains).toEqual(['d-30.example', 'd-10.example']);
		later(MINUTE);
		restart();
		expect((await poll()).result).toBeNull();
		state.records.push(dnsRecord(50));
		later(MINUTE);
		expect((await poll()).domains).toEqual(['d50.example']);
	});

	it('emits what Umbrella reports late, also with an older time than what was emitted', async () => {
		const { state, poll } = installation();
		state.records = [dnsRecord(-10)];
		await poll();
		later(5 * MINUTE);
		state.records.push(dnsRecord(-20), dnsRecord(10));
		expect((await poll()).domains).toEqual(['d-20.example', 'd10.example']);
	});

	it('does not lose records of the second in which it polled', async () => {
		const { state, poll } = installation();
		await poll();
		state.records = [dnsRecord(0)];
		later(MINUTE);
		expect((await poll()).domains).toEqual(['d0.example']);
	});

	it('does not go back before its start', async () => {
		const { state, poll } = installation({ lookbackMinutes: 1 });
		state.records = [dnsRecord(-100)];
		expect((await poll()).result).toBeNull();
		later(MINUTE);
		expect((await poll()).result).toBeNull();
	});

	it('costs one call per poll for one kind', async () => {
		const { poll } = installation();
		expect((await poll()).sent).toHaveLength(1);
		later(MINUTE);
		const { sent } = await poll();
		expect(sent).toHaveLength(1);
		expect(Number(sent[0].url.searchParams.get('to'))).toBe(START + MINUTE);
	});

	it('reads all of an outage in spans, oldest first, and keeps its state small', async () => {
		const { state, poll, staticData } = installation();
		await poll();
		state.records = Array.from({ length: 300 }, (_, i) => dnsRecord(i * 60 + 1));
		later(5 * 60 * MINUTE);
		const { domains, sent } = await poll();
		expect(domains).toEqual(state.records.map(({ domain }) => domain));
		expect(sent).toHaveLength(6);
		expect(Object.keys(staticData().seen as IDataObject).length).toBeLessThan(20);
	});

	it('stops when its time is used up, and goes on from there', async () => {
		const { state, poll } = installation({}, { pollBudgetMs: 1 });
		await poll();
		state.records = [dnsRecord(60), dnsRecord(3 * 3_600)];
		later(4 * 60 * MINUTE);
		const domains: string[] = [];
		for (let i = 0; i < 6; i++) {
			domains.push(...(await poll()).domains);
			later(1);
		}
		expect(domains).toEqual(['d60.example', 'd10800.example']);
	});

	it('bears a short failure silently, tells of a long one, and loses nothing', async () => {
		const { state, poll } = installation({ alarmAfterMinutes: 10 });
		await poll();
		state.records = [dnsRecord(30)];
		state.answer = { status: 500, body: { message: 'Internal Server Error' } };
		later(MINUTE);
		expect((await poll()).result).toBeNull();
		later(5 * MINUTE);
		expect((await poll()).result).toBeNull();
		later(5 * MINUTE);
		await expect(poll()).rejects.toThrow(/can't be polled since 2023-11-14T22:14/);
		later(MINUTE);
		expect((await poll()).result).toBeNull();
		state.answer = undefined;
		expect((await poll()).domains).toEqual(['d30.example']);
		state.answer = { status: 500, body: {} };
		later(MINUTE);
		expect((await poll()).result).toBeNull();
	});

	it('fails the activation when the first poll fails', async () => {
		const { state, poll } = installation();
		state.answer = { status: 500, body: { message: 'Internal Server Error' } };
		await expect(poll()).rejects.toThrow("can't be polled since");
	});

	it('tells at once when the key is refused', async () => {
		const { state, poll } = installation();
		await poll();
		state.answer = { status: 403, body: { message: 'Forbidden' } };
		await expect(poll()).rejects.toThrow('403');
		later(MINUTE);
		expect((await poll()).result).toBeNull();
	});

	it('tells once of a long silence', async () => {
		const { state, poll } = installation({ silentHours: 2 });
		await poll();
		later(119 * MINUTE);
		expect((await poll()).result).toBeNull();
		later(2 * MINUTE);
		await expect(poll()).rejects.toThrow('no detection since');
		later(MINUTE);
		expect((await poll()).result).toBeNull();
		state.records = [dnsRecord(2 * 3_600)];
		later(MINUTE);
		expect((await poll()).domains).toHaveLength(1);
	});

	it('shows the newest detections by hand without touching its state', async () => {
		const { state, poll, staticData } = installation({}, { mode: 'manual' });
		state.records = [dnsRecord(-7_200), dnsRecord(-10)];
		expect((await poll()).domains).toEqual(['d-7200.example', 'd-10.example']);
		expect(staticData()).toEqual({});
	});
});

it('tells the log what it can make no detection of', () => {
	const warn = jest.fn();
	const logger = { warn } as unknown as IPollFunctions['logger'];
	logSkipped({ logger }, [dnsRecord(1)]);
	expect(warn).not.toHaveBeenCalled();
	logSkipped({ logger }, [dnsRecord(1), { ...dnsRecord(2), timestamp: '' }, { type: 'ztna', timestamp: START }, {}]);
	expect(warn).toHaveBeenCalledWith(expect.stringContaining('skipped 3 records'), { kinds: ['dns', 'ztna', ''] });
});
