import type { Detection } from '../../../ledger';
import { ACTOR, detection, MINUTE_MS, newLedger, plainPolicy, START_MS, type TestLedger } from './helpers';

const BREAKER = { limit: 5, window: 'PT10M', maxShare: 0.2, shareFloor: 5 };

let test: TestLedger;
afterEach(async () => await test.close());

const macOf = (i: number) => `00:11:22:33:44:${i.toString(16).padStart(2, '0').toUpperCase()}`;
const score = async (...detections: Detection[]) => await test.ledger.score(detections, { actor: ACTOR });
const now = (changes: Parameters<typeof detection>[0]) => detection({ atMs: test.clock.nowMs, ...changes });
const hosts = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('the circuit breaker', () => {
	it('counts containments by when they were decided, also those that waited for an approval before', async () => {
		test = await newLedger(plainPolicy({ halfLife: null, guards: { minimumSources: 2, breaker: BREAKER, grace: 'PT30M' } }));
		await score(...hosts(100).map((i) => now({ penalty: 5, targets: [{ mac: macOf(i), hostname: `h${i}` }] })));
		const { needsApproval } = await score(...hosts(12).map((i) => now({ penalty: 90, targets: [{ mac: macOf(i) }] })));
		expect(needsApproval).toHaveLength(12);
		test.clock.nowMs += 11 * MINUTE_MS;
		let contained = 0;
		for (const i of hosts(12)) {
			contained += (await score(now({ source: 'umbrella', penalty: 90, targets: [{ hostname: `h${i}` }] }))).contain.length;
		}
		expect(contained).toBe(BREAKER.limit);
		expect((await test.ledger.getMetrics()).breaker).toMatchObject({ open: true, containments: BREAKER.limit });
	});

	it('does not count what turned out to be protected, and does not ask again at once', async () => {
		test = await newLedger(plainPolicy({ guards: { minimumSources: 1, breaker: { ...BREAKER, limit: 1 }, grace: 'PT30M' } }));
		await test.ledger.protect({ type: 'endpointProfile', value: 'Cisco-Switch', reason: 'core' }, ACTOR);
		const onSwitch = () => now({ penalty: 90, targets: [{ mac: macOf(1) }] });
		const { contain } = await score(onSwitch());
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
		const [outcome] = await test.ledger.confirmTargets([{ intentId: contain[0].id, endpointProfiles: ['Cisco-Switch'] }], ACTOR);
		expect(outcome).toMatchObject({ confirmed: false });
		expect(await score(onSwitch(), onSwitch())).toMatchObject({ contain: [], needsApproval: [] });
		expect((await score(now({ penalty: 90, targets: [{ mac: macOf(2) }] }))).contain).toHaveLength(1);
		test.clock.nowMs += 30 * MINUTE_MS;
		expect((await score(onSwitch())).contain).toHaveLength(1);
	});

	it('takes its share of the hosts that there are, without those that turned out to be another one', async () => {
		test = await newLedger(plainPolicy({ halfLife: null, guards: { minimumSources: 1, breaker: { limit: 100, window: 'PT10M', maxShare: 0.2, shareFloor: 1 }, grace: 'PT30M' } }));
		await score(...hosts(20).flatMap((i) => [now({ penalty: 5, targets: [{ mac: macOf(i) }] }), now({ penalty: 5, targets: [{ hostname: `h${i}` }] })]));
		await score(...hosts(20).map((i) => now({ penalty: 5, targets: [{ mac: macOf(i), hostname: `h${i}` }] })));
		const { contain, needsApproval } = await score(...hosts(20).map((i) => now({ penalty: 90, targets: [{ mac: macOf(i) }] })));
		expect(contain).toHaveLength(4);
		expect(needsApproval[0].decision.reason).toContain('4 of 20 known hosts');
	});
});

it('what-if holds a draft against the list that people keep and all that the host is known by', async () => {
	test = await newLedger(plainPolicy({ mode: 'observe', guards: { minimumSources: 2, breaker: null, grace: 'PT30M' } }));
	await score(now({ penalty: 50, targets: [{ mac: macOf(1), hostname: 'srv' }] }), now({ penalty: 50, targets: [{ mac: macOf(2), hostname: 'pc' }] }));
	await score(now({ source: 'umbrella', penalty: 40, targets: [{ hostname: 'pc' }] }), now({ penalty: 40, targets: [{ mac: macOf(1) }] }));
	await test.ledger.protect({ type: 'hostname', value: 'srv', reason: 'server' }, ACTOR);
	const draft = plainPolicy({ threshold: 85, guards: { minimumSources: 2, breaker: null, grace: 'PT30M' } });
	const { contained } = await test.ledger.whatIf(draft, new Date(START_MS - MINUTE_MS).toISOString());
	expect(contained).toMatchObject([{ host: 'pc', trigger: { kind: 'hostname' }, decision: { verdict: 'contain' } }]);
});
