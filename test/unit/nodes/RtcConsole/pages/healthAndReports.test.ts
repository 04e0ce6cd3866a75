import type { Alarm, SourceState } from '../../../../../ledger/api';
import type { LedgerService } from '../../../../../ledger/service';
import { bytes, health, healthView } from '../../../../../nodes/RtcConsole/pages/health';
import { readShift, TOLD_ACTIONS, type Told } from '../../../../../nodes/RtcConsole/pages/reportModel';
import { reports, reportView, shiftHours } from '../../../../../nodes/RtcConsole/pages/reports';
import { ACTOR, detection, HOUR_MS, MINUTE_MS, newLedger, PERSON, plainPolicy, START_MS, type TestLedger } from '../../../ledger/helpers';
import { expectHarmless, HOSTILE, hostile, pageContext, shown } from './pageContext';
import { completeIntent } from '../../../../support/settle';

let test: TestLedger;
let ledger: LedgerService;

beforeEach(async () => {
	test = await newLedger(plainPolicy());
	({ ledger } = test);
});
afterEach(async () => await test.close());

const now = (changes: Parameters<typeof detection>[0] = {}) => detection({ atMs: test.clock.nowMs, ...changes });
const score = async (...detections: unknown[]) => await ledger.score(detections, { actor: ACTOR });

describe('health', () => {
	const source = (changes: Partial<SourceState> = {}): SourceState => ({
		source: 'umbrella', health: 'silent', reason: 'Nothing for 3 h', lastPollAt: new Date(START_MS).toISOString(), failures: 2,
		lastError: '401', lastEventAt: new Date(START_MS - HOUR_MS).toISOString(), ...changes,
	});
	const alarm: Alarm = {
		key: 'source:umbrella', kind: 'source', subject: 'umbrella', title: 'Umbrella is silent', text: 'Nothing for 3 h', facts: {},
		openedAt: new Date(START_MS).toISOString(), told: true,
	};

	it('shows sources, sizes, intents and the breaker from the ledger', async () => {
		await ledger.score([now({ source: 'umbrella' })], { actor: ACTOR, cursor: { source: 'umbrella', position: new Date(START_MS - 90 * MINUTE_MS).toISOString() } });
		await ledger.recordSourceFailure('xdr', 'HTTP 401', ACTOR);
		const { text } = await shown(health, { ledger });
		for (const part of ['Umbrella', '1 h 30 min ago', 'HTTP 401', 'Circuit breaker', 'Off', 'KiB', 'state=failed']) expect(text).toContain(part);
	});

	it('raises its voice for alarms, trouble and an open breaker', async () => {
		const metrics = await ledger.getMetrics();
		const breaker = { open: true, containments: 5, limit: 5, windowSeconds: 600 };
		const { text } = healthView(pageContext(), { metrics: { ...metrics, breaker }, sources: [source({ source: 'a', health: 'ok' }), source()], alarms: [alarm, { ...alarm, title: 'Over', clearedAt: alarm.openedAt }] });
		expect(text).toContain('The circuit breaker is open');
		expect(text).toContain('Umbrella is silent');
		expect(text).not.toContain('Over');
		expect(text.indexOf('Silent')).toBeLessThan(text.indexOf('>OK<'));
	});

	it('without sources says what to activate', async () => {
		expect((await shown(health, { ledger })).text).toContain('No source has been read yet');
	});

	it('escapes every field', async () => {
		const metrics = await ledger.getMetrics();
		expectHarmless(healthView(pageContext(), {
			metrics: { ...metrics, detections: { [HOSTILE]: 1 } },
			sources: (['ok', 'learning', 'failing', 'silent'] as const).map((state) => hostile(source({ health: state }), ['health', 'lastPollAt', 'lastEventAt'])),
			alarms: [hostile(alarm, ['openedAt'])],
		}));
	});

	it.each([[0, '0 B'], [1023, '1023 B'], [1024, '1.0 KiB'], [10 * 1024, '10 KiB'], [5.5 * 1024 ** 3, '5.5 GiB']])('%j bytes are %s', (value, text) => {
		expect(bytes(value)).toBe(text);
	});
});

describe('shift report', () => {
	it('tells what happened in the shift, who did it and why, and nothing from before', async () => {
		await ledger.protect({ type: 'user', value: 'old', reason: 'before the shift' }, PERSON);
		test.clock.nowMs += 9 * HOUR_MS;
		const nowMs = () => test.clock.nowMs;
		await score(now({ penalty: 90, source: 'umbrella' }), now({ penalty: 5, targets: [{ hostname: 'pc9' }] }));
		const [contain] = await ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
		await completeIntent(ledger, contain.id, { actor: ACTOR, result: {} });
		await ledger.release({ episodeId: contain.episodeId }, PERSON, 'reinstalled');
		await ledger.protect({ type: 'hostname', value: 'dc1', reason: 'domain controller' }, PERSON);
		await ledger.updatePolicy(plainPolicy({ mode: 'approval' }), PERSON, 'ask first');
		await score(now({ penalty: 90, targets: [{ hostname: 'dc1' }] }));
		await score(now({ penalty: 90, targets: [{ hostname: 'pc2' }] }), now({ penalty: 90, targets: [{ hostname: 'pc3' }] }));
		test.clock.nowMs += MINUTE_MS;
		const waiting = await ledger.getIntents({ state: 'awaitingApproval', limit: 10 });
		const pc3 = waiting.items.find(({ trigger }) => trigger.key === 'pc3');
		await ledger.deny(pc3?.id as string, PERSON, 'a test machine');

		const report = await readShift(ledger, 8, nowMs());
		expect(report.detections).toEqual({ secureEndpoint: 4, umbrella: 1 });
		const told = (kind: Told) => report.events[kind].listed.map(({ who, what, why }) => [who, what, why]);
		expect(told('contained')).toEqual([['workflow', 'pc1', expect.stringContaining('90 points')]]);
		expect(told('released')).toEqual([['ann', 'pc1', 'reinstalled']]);
		expect(told('denied')).toEqual([['ann', 'pc3', 'a test machine']]);
		expect(told('refused')).toEqual([['workflow', 'hostname:dc1', expect.stringContaining('domain controller')]]);
		expect(told('policy')).toEqual([['ann', 'policy:3', 'ask first']]);
		expect(told('protected')).toEqual([['ann', 'hostname:dc1', 'domain controller']]);
		expect(report.waiting.listed.map(({ trigger }) => trigger.key)).toEqual(['pc2']);

		const { text, title } = await shown(reports, { ledger, nowMs: nowMs() });
		expect(title).toBe('Shift report: last 8 hours');
		for (const part of ['reinstalled', 'a test machine', 'ask first', 'Longest waiting</dt><dd>1 min', 'pc2']) expect(text).toContain(part);
		expect(text).not.toContain('before the shift');
		expect((await shown(reports, { ledger, nowMs: nowMs(), query: 'hours=12' })).text).toContain('before the shift');
	});

	it('a quiet shift says so', async () => {
		const { text } = await shown(reports, { ledger, nowMs: START_MS + 24 * HOUR_MS });
		expect(text).toContain('No detections');
		expect(text).toContain('No approval is open.');
		expect(text).toMatch(/Nothing in this time: contained, /);
	});

	it('asks the ledger as often whatever happened', async () => {
		const asked = async () => {
			let calls = 0;
			const counting = new Proxy(ledger, { get: (target, name) => (calls++, Reflect.get(target, name).bind(target) as unknown) });
			await readShift(counting, 24, test.clock.nowMs);
			return calls;
		};
		const before = await asked();
		await score(...Array.from({ length: 300 }, (_, i) => now({ penalty: 90, source: `s${i % 40}`, targets: [{ hostname: `pc${i}` }] })));
		expect(await asked()).toBe(before);
	});

	it('names the longest waiting first, and counts those that are not listed', async () => {
		await ledger.updatePolicy(plainPolicy({ mode: 'approval', approval: { expiry: 'P1D' } }), ACTOR, 'x');
		for (let i = 0; i < 3; i++) {
			await score(...Array.from({ length: 20 }, (_, j) => now({ penalty: 90, targets: [{ hostname: `pc${i}-${j}` }] })));
			test.clock.nowMs += MINUTE_MS;
		}
		const { waiting } = await readShift(ledger, 8, test.clock.nowMs);
		expect(waiting.total).toBe(60);
		expect(waiting.listed).toHaveLength(15);
		expect(waiting.listed[0].trigger.key).toMatch(/^pc0-/);
		const { text } = await shown(reports, { ledger, nowMs: test.clock.nowMs });
		expect(text).toContain('45 more in Approvals');
		expect(text).toContain('Longest waiting</dt><dd>3 min');
	});

	it.each([['hours=8', 8], ['hours=12', 12], ['hours=24', 24], ['hours=9999', 8], ['hours=x', 8], ['', 8]])('%j is a shift of %i hours', (query, hours) => {
		expect(shiftHours(new URLSearchParams(query))).toBe(hours);
	});

	it('escapes every field and stays below 200 kB', async () => {
		const report = await readShift(ledger, 8, test.clock.nowMs);
		await ledger.updatePolicy(plainPolicy({ mode: 'approval' }), ACTOR, 'x');
		const { needsApproval: [open] } = await score(now({ penalty: 90 }));
		const event = { at: report.from, who: HOSTILE.repeat(9), what: HOSTILE.repeat(9), why: HOSTILE.repeat(9) };
		const events = Object.fromEntries(Object.keys(TOLD_ACTIONS).map((kind) => [kind, { listed: Array.from({ length: 15 }, () => event), total: 10_000 }])) as typeof report.events;
		const listed = Array.from({ length: 15 }, () => hostile(open, ['kind', 'state', 'createdAt', 'expiresAt']));
		const view = reportView(pageContext(), { ...report, events, detections: { [HOSTILE]: 3 }, waiting: { listed, total: 99 } });
		expectHarmless(view);
		expect(Buffer.byteLength(view.text)).toBeLessThan(200_000);
	});
});
