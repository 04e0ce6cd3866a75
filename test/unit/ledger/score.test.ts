import fc from 'fast-check';
import { compilePolicy } from '../../../ledger/compiledPolicy';
import { entitiesOf } from '../../../ledger/entity';
import type { Detection, Policy } from '../../../ledger';
import { PRESETS } from '../../../ledger';
import { decayed, explain, factsOf, penalise, rankOf, rankOfScore, scoreAt, type ScoreState } from '../../../ledger/score';
import { detection, HOUR_MS, plainPolicy, START_MS } from './helpers';

const DAY_MS = 24 * HOUR_MS;

/** Folds detections over the entity of the given kind; gives the state and every penalty. */
function fold(policy: Policy, detections: Detection[], kind = 'hostname'): { state: ScoreState; penalties: number[]; reasons: string[] } {
	const compiled = compilePolicy(policy, 1);
	const memory = new Map<number, number>();
	let state: ScoreState = [];
	let reasons: string[] = [];
	const penalties: number[] = [];
	for (const item of detections) {
		const atMs = Date.parse(item.occurredAt);
		const facts = factsOf(compiled, item, atMs, Math.max(atMs, START_MS));
		for (const entity of entitiesOf(item, compiled.identity).filter((seen) => seen.kind === kind)) {
			const effect = penalise(compiled, facts, entity, state, memory);
			state = effect.state;
			penalties.push(effect.penalty);
			for (const key of effect.remember) memory.set(key, Math.max(facts.atMs, memory.get(key) ?? 0));
			reasons = explain(compiled, facts, entity, effect.penalty, effect.suppressed);
		}
	}
	return { state, penalties, reasons };
}

describe('rules', () => {
	const rule = (changes: object) => ({ source: 'umbrella', penalty: 10, reason: 'r', ...changes });
	const event = {
		source: 'umbrella',
		eventType: { id: '42', name: 'DNS Block' },
		categories: ['Malware', 'Phishing'],
		severity: 'High' as const,
		observables: [{ type: 'domain', value: 'bad.example' }],
	};

	it.each([
		['source alone', [rule({})], 10],
		['another source', [rule({ source: 'xdr' })], 0],
		['any source', [rule({ source: '*' })], 10],
		['event type by id', [rule({ eventType: '42' })], 10],
		['event type by name, without case', [rule({ eventType: 'dns block' })], 10],
		['event type of a list', [rule({ eventType: ['1', '42'] })], 10],
		['another event type', [rule({ eventType: '43' })], 0],
		['one of the categories', [rule({ category: 'phishing' })], 10],
		['another category', [rule({ category: 'Cryptomining' })], 0],
		['severity', [rule({ severity: ['Critical', 'High'] })], 10],
		['another severity', [rule({ severity: 'Low' })], 0],
		['observable type', [rule({ observableType: 'domain' })], 10],
		['another observable type', [rule({ observableType: 'sha256' })], 0],
		['one field fits and another does not', [rule({ eventType: '42', severity: 'Low' })], 0],
		['all rules that match add up', [rule({ category: 'Malware', penalty: 40 }), rule({ category: 'Phishing', penalty: 25 })], 65],
	])('%s', (_name, rules, penalty) => {
		expect(fold(plainPolicy({ rules }), [detection(event)]).penalties).toEqual([penalty]);
	});
});

describe('repeats', () => {
	const same = (atMs: number, changes: Partial<Detection> = {}) =>
		detection({ atMs, observables: [{ type: 'sha256', value: 'one' }], penalty: 5, ...changes });
	const hours = (...at: number[]) => at.map((hour) => same(START_MS + hour * HOUR_MS));

	it.each([
		['every', { mode: 'every' }, [5, 5, 5, 5]],
		['once', { mode: 'once' }, [5, 0, 0, 0]],
		['once per hour', { mode: 'oncePer', window: 'PT1H' }, [5, 0, 5, 5]],
	] as const)('%s', (_name, repeat, expected) => {
		expect(fold(plainPolicy({ repeat }), hours(0, 0.5, 1, 3)).penalties).toEqual(expected);
	});

	it('is about the observable, the event type and the source', () => {
		const policy = plainPolicy({ repeat: { mode: 'once' } });
		const variants = [
			same(START_MS),
			same(START_MS, { observables: [{ type: 'sha256', value: 'two' }] }),
			same(START_MS, { eventType: { id: 'p10', name: 'x' } }),
			same(START_MS, { source: 'umbrella' }),
			same(START_MS),
		];
		expect(fold(policy, variants).penalties).toEqual([5, 5, 10, 5, 0]);
	});

	it('a late detection within the window is a repeat too', () => {
		const policy = plainPolicy({ repeat: { mode: 'oncePer', window: 'PT1H' } });
		expect(fold(policy, hours(0, -0.5, -2)).penalties[1]).toBe(0);
		expect(fold(policy, hours(0, -0.5, -2)).penalties[2]).toBeGreaterThan(0);
	});

	it('a rule may repeat in its own way', () => {
		const [rule] = plainPolicy().rules;
		const policy = plainPolicy({ rules: [rule, { ...rule, penalty: 7, repeat: { mode: 'once' } }] });
		expect(fold(policy, hours(0, 1)).penalties).toEqual([12, 5]);
	});

	it('says why it adds nothing', () => {
		expect(fold(plainPolicy({ repeat: { mode: 'oncePer', window: 'PT1H' } }), hours(0, 0.5)).reasons).toEqual([
			'Costs 5: counted already within PT1H, adds nothing',
		]);
	});
});

describe('the classic preset', () => {
	const classic: Policy = { ...structuredClone(PRESETS.classic), rules: plainPolicy().rules };
	const full = { mac: '00:11:22:33:44:55', ip: '10.0.0.1', hostname: 'pc1', user: 'jdoe' };
	const seen = (target: object, penalty = 40, value = 'one') => detection({ targets: [target], penalty, observables: [{ type: 'sha256', value }] });

	it.each([
		['the same tuple with another event type counts once for ever', [seen(full), seen(full, 50)], [40, 0]],
		['another observable counts', [seen(full), seen(full, 40, 'two')], [40, 40]],
		['another field in the tuple counts', [seen(full), seen({ ...full, ip: '10.0.0.2' })], [40, 40]],
		['fields left out later are not compared', [seen(full), seen({ hostname: 'pc1' })], [40, 0]],
		['fields left out earlier are', [seen({ hostname: 'pc1' }), seen(full)], [40, 40]],
		['an event type without penalty is not remembered', [seen(full, 1), seen(full)], [0, 40]],
		[
			'a hostname counts once per event when one of its cards is new',
			[seen(full), detection({ penalty: 40, targets: [full, { ...full, mac: '00:11:22:33:44:66' }], observables: [{ type: 'sha256', value: 'one' }] })],
			[40, 40],
		],
	])('%s', (_name, detections, expected) => {
		expect(fold(classic, detections).penalties).toEqual(expected);
	});

	it('never fades and has no cap', () => {
		const { state } = fold(classic, Array.from({ length: 50 }, (_, i) => seen(full, 90, `o${i}`)));
		expect(scoreAt(state, START_MS + 1000 * DAY_MS, undefined)).toBe(4500);
	});
});

describe('decay', () => {
	it('halves in a half-life, wherever it is looked at', () => {
		const { state } = fold(plainPolicy({ sourceCap: { factor: null } }), [detection({ penalty: 40 })]);
		expect(scoreAt(state, START_MS, DAY_MS)).toBe(40);
		expect(scoreAt(state, START_MS + DAY_MS, DAY_MS)).toBe(20);
		expect(scoreAt(state, START_MS + 2 * DAY_MS, DAY_MS)).toBe(10);
	});

	it('a late detection counts as much as if it had been on time', () => {
		const policy = plainPolicy({ sourceCap: { factor: null } });
		const [early, late] = [detection({ penalty: 40, atMs: START_MS - 5 * HOUR_MS }), detection({ penalty: 25 })];
		const inOrder = scoreAt(fold(policy, [early, late]).state, START_MS, DAY_MS);
		const outOfOrder = scoreAt(fold(policy, [late, early]).state, START_MS, DAY_MS);
		expect(outOfOrder).toBeCloseTo(inOrder, 9);
	});

	it('ranks by score at any moment, and the rank never changes between detections', () => {
		const event = fc.record({
			source: fc.constantFrom('a', 'b'),
			penalty: fc.constantFrom(5, 10, 25, 40),
			atMs: fc.integer({ min: START_MS - 20 * DAY_MS, max: START_MS }),
		});
		const history = fc.array(event, { minLength: 1, maxLength: 8 }).map((events) => fold(plainPolicy(), events.map(detection)).state);
		fc.assert(
			fc.property(history, history, fc.integer({ min: 0, max: 60 * DAY_MS }), (a, b, later) => {
				const [x, y] = [scoreAt(a, START_MS + later, DAY_MS), scoreAt(b, START_MS + later, DAY_MS)];
				const [rankX, rankY] = [rankOf(a, DAY_MS) as number, rankOf(b, DAY_MS) as number];
				expect(rankX).toBeCloseTo(rankOfScore(x, START_MS + later, DAY_MS), 6);
				if (Math.abs(Math.log2(x / y)) > 1e-6) expect(rankX > rankY).toBe(x > y);
			}),
		);
	});
});

describe('cap and weight', () => {
	it('one source never adds more than its cap; another one has its own', () => {
		const policy = plainPolicy({ sourceCap: { factor: 3 } });
		const noisy = Array.from({ length: 10 }, () => detection({ penalty: 50 }));
		expect(scoreAt(fold(policy, noisy).state, START_MS, DAY_MS)).toBe(270);
		expect(scoreAt(fold(policy, [...noisy, detection({ source: 'umbrella', penalty: 50 })]).state, START_MS, DAY_MS)).toBe(320);
	});

	it('a cap per source goes before the factor, and the reason tells', () => {
		const policy = plainPolicy({ sourceCap: { factor: 3, perSource: { secureEndpoint: 60 } } });
		const { penalties, reasons } = fold(policy, [detection({ penalty: 50 }), detection({ penalty: 50 })]);
		expect(penalties).toEqual([50, 10]);
		expect(reasons).toContain('secureEndpoint is capped at 60 points: 10 added');
	});

	it('weight multiplies the penalty and the cap of those it matches', () => {
		const policy = plainPolicy({
			sourceCap: { factor: 1 },
			weights: [{ type: 'hostname', value: 'srv*', weight: 2 }, { type: 'hostname', value: '*', weight: 0.5 }],
		});
		const on = (hostname: string) => fold(policy, [detection({ penalty: 50, targets: [{ hostname }] }), detection({ penalty: 90, targets: [{ hostname }] })]);
		expect(on('SRV-DC1').penalties).toEqual([100, 80]);
		expect(on('pc1').penalties).toEqual([25, 20]);
	});

	it('no source ever passes its cap, in any order and however late', () => {
		const event = fc.record({ penalty: fc.constantFrom(5, 40, 90), atMs: fc.integer({ min: START_MS - DAY_MS, max: START_MS }) });
		fc.assert(
			fc.property(fc.array(event, { maxLength: 30 }), (events) => {
				const { state } = fold(plainPolicy({ sourceCap: { factor: 1 } }), events.map(detection));
				for (const { points, atMs } of state) expect(decayed(points, START_MS - atMs, DAY_MS)).toBeLessThanOrEqual(90);
			}),
		);
	});
});
