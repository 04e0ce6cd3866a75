import type { Delay, Detection, Intent, LedgerService, OpenIntents, Policy } from '../../../ledger';
import { addDelay, DELAY_BOUNDS, toDelays, type StoredDelays } from '../../../ledger/delays';
import { ACTOR, detection, HOUR_MS, MINUTE_MS, newLedger, PERSON, plainPolicy, START_MS, type TestLedger } from './helpers';
import { completeIntent } from '../../support/settle';

let test: TestLedger;
let ledger: LedgerService;

async function start(changes: Partial<Policy> = {}): Promise<void> {
	test = await newLedger(plainPolicy(changes));
	ledger = test.ledger;
}

afterEach(async () => await test?.close());

async function score(detections: Detection[], polledMs?: number): Promise<Intent[]> {
	const cursor = polledMs === undefined ? undefined : { source: 'umbrella', position: new Date(polledMs).toISOString() };
	const { contain } = await ledger.score(detections, { actor: ACTOR, ...(cursor && { cursor }) });
	return contain;
}

async function delay(stage: Delay['stage'], of: string): Promise<Delay | undefined> {
	return (await ledger.getMetrics()).delays.find((one) => one.stage === stage && one.of === of);
}

async function open(state: OpenIntents['state']): Promise<{ oldestSeconds: number; olderThan: Record<number, number> }> {
	const found = (await ledger.getMetrics()).openIntents.find((one) => one.state === state) as OpenIntents;
	return { oldestSeconds: found.oldestSeconds, olderThan: Object.fromEntries(found.olderThan.map(({ seconds, count }) => [seconds, count])) };
}

const umbrella = (atMs: number, changes: Partial<Detection> & { penalty?: number } = {}) => detection({ source: 'umbrella', penalty: 5, atMs, ...changes });

describe('delays', () => {
	it('go up to their bound, the bound included, and beyond the last are endless', () => {
		const stored: StoredDelays = {};
		for (const ms of [-5, 0, 100, 101, 60_000, 60_001, 86_400_001]) addDelay(stored, 'occurredToScored a b', ms);
		const [histogram] = toDelays(stored);
		expect(histogram).toMatchObject({ stage: 'occurredToScored', of: 'a b', count: 7, sumSeconds: (100 + 101 + 60_000 + 60_001 + 86_400_001) / 1000 });
		const upTo = Object.fromEntries(histogram.buckets.map(({ seconds, count }) => [seconds, count]));
		expect(upTo).toMatchObject({ 0.1: 3, 0.5: 4, 30: 4, 60: 5, 120: 6, 86400: 6 });
		expect(histogram.buckets.map(({ seconds }) => seconds)).toEqual(DELAY_BOUNDS);
	});

	it('of detections run from the event to the poll and into the score, once per detection', async () => {
		await start();
		const [one, two] = [umbrella(START_MS - 40_000), umbrella(START_MS - 3 * MINUTE_MS)];
		await score([one, two, one], START_MS - 2_000);
		await score([one], START_MS);
		expect(await delay('occurredToPolled', 'umbrella')).toMatchObject({ count: 2, sumSeconds: 38 + 178 });
		expect(await delay('polledToScored', 'umbrella')).toMatchObject({ count: 2, sumSeconds: 4 });
		const whole = await delay('occurredToScored', 'umbrella');
		expect(whole).toMatchObject({ count: 2, sumSeconds: 40 + 180 });
		expect(whole?.buckets).toContainEqual({ seconds: 60, count: 1 });
		expect(whole?.buckets).toContainEqual({ seconds: 300, count: 2 });
	});

	it('of what no poll read have no poll', async () => {
		await start();
		await score([detection({ source: 'own', penalty: 5, atMs: START_MS - 1_000 })], START_MS);
		await score([umbrella(START_MS - 1_000)]);
		expect(await delay('occurredToScored', 'own')).toMatchObject({ count: 1 });
		expect(await delay('occurredToScored', 'umbrella')).toMatchObject({ count: 1 });
		expect(await delay('occurredToPolled', 'own')).toBeUndefined();
		expect(await delay('occurredToPolled', 'umbrella')).toBeUndefined();
	});

	it('of containments run until the vendors confirmed, by who decided, and count once', async () => {
		await start();
		const [intent] = await score([umbrella(START_MS - 30_000, { penalty: 90 })], START_MS);
		const manual = await ledger.containManually({ mac: '00:11:22:33:44:66' }, { actor: PERSON, reason: 'seen' });
		test.clock.nowMs += 20_000;
		for (const { id } of [intent, manual, intent]) {
			await ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], ids: [id], limit: 1, leaseSeconds: 60 });
			await completeIntent(ledger, id, { actor: ACTOR, result: {} });
		}
		expect(await delay('scoredToContained', 'automatic')).toMatchObject({ count: 1, sumSeconds: 20 });
		expect(await delay('occurredToContained', 'automatic')).toMatchObject({ count: 1, sumSeconds: 50 });
		expect(await delay('scoredToContained', 'person')).toMatchObject({ count: 1, sumSeconds: 20 });
		expect(await delay('occurredToContained', 'person')).toBeUndefined();
	});
});

it('tells by source what was counted, what was known, how many scores moved and how far behind it is', async () => {
	await start();
	const known = umbrella(START_MS - 1_000);
	await score([known, umbrella(START_MS - 1_000), umbrella(START_MS - 1_000)], START_MS - 90_000);
	await score([known], START_MS - 60_000);
	expect(await ledger.getMetrics()).toMatchObject({
		detections: { umbrella: 3 },
		duplicates: { umbrella: 1 },
		duplicateShare: { umbrella: 0.25 },
		scoreUpdates: { umbrella: 6 },
		lagSeconds: { umbrella: 60 },
	});
});

it('counts open intents by state and age', async () => {
	await start();
	await score([umbrella(START_MS, { penalty: 90, targets: [{ mac: '00:11:22:33:44:01' }] })]);
	test.clock.nowMs += HOUR_MS;
	await score([umbrella(test.clock.nowMs, { penalty: 90, targets: [{ mac: '00:11:22:33:44:02' }] })]);
	test.clock.nowMs += MINUTE_MS;
	expect(await open('pending')).toMatchObject({ oldestSeconds: 3660, olderThan: { 0: 2, 60: 2, 300: 1, 3600: 1, 21600: 0 } });
	expect(await open('claimed')).toMatchObject({ oldestSeconds: 0, olderThan: { 0: 0 } });
	expect(await ledger.getMetrics()).toMatchObject({ oldestPendingIntentSeconds: 3660, intents: { pending: 2 } });
});

it('knows how long the audit trail is, closed segments included', async () => {
	await start();
	await score([umbrella(START_MS)]);
	const { auditLength, auditRecords } = await ledger.getMetrics();
	expect(auditLength).toBe(auditRecords);
	expect((await ledger.verifyAudit()).records).toBe(auditLength);
});
