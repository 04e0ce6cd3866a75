import type { IDataObject } from 'n8n-workflow';
import { Engine, type Execution } from '../../support/engine';
import { compromise, HOST, misdeedsOf, sceneOf } from '../../support/engineScenes';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A day of Secure Network Analytics, an hour in each. */
const MOST_POLLS = 30;
const CALLS_PER_POLL = 20;

const POLLS: [workflow: string, vendor: string, path: string, event: (index: number) => IDataObject][] = [
	['rtcPollSecureEndpt', 'secureEndpoint', '/v1/events', () => ({ type: '1090519054' })],
	[
		'rtcPollUmbrella',
		'umbrella',
		'/reports/*',
		(index) => ({ type: 'dns', data: { domain: `phish-${index}.example`, categories: ['Phishing'], verdict: 'blocked' } }),
	],
	[
		'rtcPollNetAnalytics',
		'secureNetworkAnalytics',
		'/sw-reporting/*',
		(index) => ({ type: 'Suspect Data Loss', data: { peerIp: `203.0.113.${index + 1}`, mac: true } }),
	],
];

/** What the source's detections are, in the order in which the ledger took them. */
const recorded = async (vendor: string) =>
	(await engine.ledger.getDetections({ source: vendor, limit: 100 })).items.map(({ id, occurredAt }) => ({ id, occurredAt }));

const scoredTimes = (execution: Execution) =>
	execution.output('Get detections').map(({ occurredAt }) => Date.parse(String(occurredAt)));

/** Polls once a minute until nothing is left to read. @returns how often */
async function catchUp(workflow: string): Promise<number> {
	for (let polls = 1; polls < MOST_POLLS; polls++) {
		const [execution] = await engine.runWell(workflow);
		const times = scoredTimes(execution);
		expect(times).toEqual([...times].sort((a, b) => a - b));
		if (!execution.output('Get cursor')[0].behind) return polls;
		engine.time.advance(MINUTE_MS);
	}
	throw new Error(`${workflow} is still behind after ${MOST_POLLS} polls`);
}

async function afterOutage(workflow: string, vendor: string, count: number): Promise<void> {
	const before = engine.journal().at(-1)?.seq ?? 0;
	const polls = await catchUp(workflow);
	const found = await recorded(vendor);
	expect(found).toHaveLength(count);
	expect(new Set(found.map(({ id }) => id)).size).toBe(count);
	expect(engine.journal({ since: before, limit: 10_000 }).length).toBeLessThan(CALLS_PER_POLL * polls);

	engine.time.advance(MINUTE_MS);
	await engine.runWell(workflow);
	expect(await recorded(vendor)).toEqual(found);
	expect(await engine.ledger.replay()).toMatchObject({ equal: true });
	expect(await engine.ledger.verifyAudit()).toMatchObject({ ok: true });
}

describe.each(POLLS)('%s', (workflow, vendor, path, event) => {
	const report = (index: number) => engine.lab.lab.emit({ vendor, hostname: HOST, ...event(index) });

	it('reads everything, in order, after the product was down for an hour', async () => {
		await engine.runWell(workflow);
		engine.fault({ vendor, kind: 'status', status: 503, path });
		const before = engine.journal().at(-1)?.seq ?? 0;
		let failed = 0;
		for (let minute = 0; minute < 60; minute += 5) {
			engine.time.advance(5 * MINUTE_MS);
			report(minute / 5);
			const [execution] = await engine.run(workflow);
			failed += execution.error ? 1 : 0;
		}
		expect(failed).toBe(12);
		// Five tries each at most; and who looks after it is told once an hour.
		expect(engine.journal({ vendor, since: before, limit: 10_000 }).length).toBeLessThanOrEqual(12 * 6);
		expect(sceneOf(engine).messages.filter((text) => /^Workflow .* failed/.test(text)).length).toBeLessThanOrEqual(2);

		engine.lab.lab.clearFaults();
		engine.time.advance(MINUTE_MS);
		await afterOutage(workflow, vendor, 12);
	});

	it('reads everything, in order, after n8n was down for a day', async () => {
		await engine.runWell(workflow);
		for (let hour = 0; hour < 24; hour++) {
			engine.time.advance(HOUR_MS);
			report(hour);
		}
		engine.time.advance(MINUTE_MS);
		await afterOutage(workflow, vendor, 24);
	});
});

it('a containment that could not be carried out while ISE was apart for ten minutes, is in force right after', async () => {
	engine.fault({ vendor: 'ise', kind: 'reset' });
	await compromise(engine);
	for (let minute = 0; minute < 10; minute++) {
		engine.time.advance(MINUTE_MS);
		await engine.run('rtcSweepIntents');
	}
	expect(sceneOf(engine)).toMatchObject({ bound: [], messages: [], incidents: [] });

	engine.lab.lab.clearFaults();
	for (let minute = 0; minute < 10; minute++) {
		engine.time.advance(MINUTE_MS);
		await engine.run('rtcSweepIntents');
	}
	expect(sceneOf(engine)).toMatchObject({
		bound: engine.host(HOST).nics.map(({ mac }) => mac).sort(),
		isolation: 'isolated',
		messages: [`${HOST} was contained`],
		incidents: [expect.anything()],
	});
	expect((await engine.ledger.getEpisodes({ limit: 5 })).items).toHaveLength(1);
});
