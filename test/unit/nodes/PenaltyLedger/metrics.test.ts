import type { LedgerService, Metrics } from '../../../../ledger';
import { exposition, type MetricFamily, type Sample } from '../../../../nodes/PenaltyLedger/metrics/exposition';
import { familiesOf } from '../../../../nodes/PenaltyLedger/metrics/families';
import { problemsOf, valuesOf } from '../../../support/promText';
import { ACTOR, detection, newLedger, plainPolicy, START_MS, type TestLedger } from '../../ledger/helpers';
import { runNode } from './nodeContext';
import { completeIntent } from '../../../support/settle';

const gauge = (samples: readonly Sample[], help = 'Help.'): MetricFamily => ({ name: 'a', help, type: 'gauge', samples });

describe('exposition', () => {
	it('heads every family with its help and type, and ends every line', () => {
		expect(exposition([gauge([{ value: 1 }, { labels: { b: 'c', d: 'e' }, value: 0.25 }])])).toBe('# HELP a Help.\n# TYPE a gauge\na 1\na{b="c",d="e"} 0.25\n');
	});

	it('leaves out families without samples', () => expect(exposition([gauge([])])).toBe(''));

	it('escapes label values and help texts as each wants it', () => {
		const hostile = 'a"b\\c\nd} 1';
		const text = exposition([gauge([{ labels: { x: hostile }, value: 1 }], hostile)]);
		expect(text).toBe('# HELP a a"b\\\\c\\nd} 1\n# TYPE a gauge\na{x="a\\"b\\\\c\\nd} 1"} 1\n');
		expect(problemsOf(text)).toEqual([]);
		expect(valuesOf(text, 'a')).toEqual([{ labels: { x: hostile }, value: 1 }]);
	});

	it('writes a histogram with an endless bucket that equals its count', () => {
		const text = exposition([{ name: 'h', help: 'H.', type: 'histogram', samples: [{ labels: { s: 'x' }, buckets: [{ le: 0.1, count: 1 }, { le: 1, count: 3 }], sum: 9.5, count: 4 }] }]);
		expect(text.split('\n').slice(2, -1)).toEqual(['h_bucket{s="x",le="0.1"} 1', 'h_bucket{s="x",le="1"} 3', 'h_bucket{s="x",le="+Inf"} 4', 'h_sum{s="x"} 9.5', 'h_count{s="x"} 4']);
		expect(problemsOf(text)).toEqual([]);
	});

	it.each([
		['a bucket that falls', 'h_bucket{le="1"} 3\nh_bucket{le="2"} 2\nh_bucket{le="+Inf"} 3\nh_sum 1\nh_count 3'],
		['no endless bucket', 'h_bucket{le="1"} 3\nh_sum 1\nh_count 3'],
	])('would not go unnoticed with %s', (_what, lines) => expect(problemsOf(`# HELP h H.\n# TYPE h histogram\n${lines}\n`)).not.toEqual([]));
});

describe('Get Metrics', () => {
	let test: TestLedger;
	let metrics: Metrics;
	beforeAll(async () => {
		test = await newLedger(plainPolicy());
		const known = detection({ source: 'umbrella', penalty: 90, atMs: START_MS - 45_000 });
		const cursor = { source: 'umbrella', position: new Date(START_MS - 1_000).toISOString() };
		const { contain: [{ id }] } = await test.ledger.score([known], { actor: ACTOR, cursor });
		await test.ledger.score([known], { actor: ACTOR });
		test.clock.nowMs += 20_000;
		await test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], ids: [id], limit: 1, leaseSeconds: 60 });
		await completeIntent(test.ledger, id, { actor: ACTOR, result: {} });
		metrics = await test.ledger.getMetrics();
	});
	afterAll(async () => await test.close());

	const api = [{ product: 'Cisco Umbrella', calls: { 200: 7, none: 1 }, throttled: 0, quotaRemaining: 42, budgets: [{ limit: 5, windowSeconds: 1, remaining: 3 }] }];
	const text = () => exposition(familiesOf(metrics, { process: 'main:7', api }));
	const value = (name: string, labels: Record<string, string> = {}) =>
		valuesOf(text(), name).find((sample) => Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted))?.value;

	it('as text has no mistake that Prometheus would refuse', () => expect(problemsOf(text())).toEqual([]));

	it('tells what the ledger tells', () => {
		expect(value('cisco_rtc_detections_total', { source: 'umbrella' })).toBe(1);
		expect(value('cisco_rtc_duplicates_total', { source: 'umbrella' })).toBe(1);
		expect(value('cisco_rtc_duplicate_ratio', { source: 'umbrella' })).toBe(0.5);
		expect(value('cisco_rtc_score_updates_total', { source: 'umbrella' })).toBe(2);
		expect(value('cisco_rtc_source_lag_seconds', { source: 'umbrella' })).toBe(21);
		expect(value('cisco_rtc_occurrence_to_poll_seconds_sum', { source: 'umbrella' })).toBe(44);
		expect(value('cisco_rtc_poll_to_score_seconds_bucket', { source: 'umbrella', le: '1' })).toBe(1);
		expect(value('cisco_rtc_occurrence_to_score_seconds_bucket', { source: 'umbrella', le: '30' })).toBe(0);
		expect(value('cisco_rtc_occurrence_to_score_seconds_bucket', { source: 'umbrella', le: '60' })).toBe(1);
		expect(value('cisco_rtc_score_to_containment_seconds_sum', { decision: 'automatic' })).toBe(20);
		expect(value('cisco_rtc_occurrence_to_containment_seconds_sum', { decision: 'automatic' })).toBe(65);
		expect(value('cisco_rtc_intents', { state: 'done' })).toBe(1);
		expect(value('cisco_rtc_open_intents', { state: 'pending', older_than_seconds: '0' })).toBe(1);
		expect(value('cisco_rtc_breaker_open')).toBe(0);
		expect(value('cisco_rtc_audit_records_total')).toBe(metrics.auditLength);
	});

	it('tells what this process asked of the products', () => {
		expect(value('cisco_rtc_api_calls_total', { product: 'Cisco Umbrella', status: '200', process: 'main:7' })).toBe(7);
		expect(value('cisco_rtc_api_throttled_total', { product: 'Cisco Umbrella' })).toBe(0);
		expect(value('cisco_rtc_api_quota_remaining', { product: 'Cisco Umbrella' })).toBe(42);
		expect(value('cisco_rtc_api_budget_remaining', { limit: '5', window_seconds: '1' })).toBe(3);
	});

	it('gives one item, as fields or as text', async () => {
		const ledger: Partial<LedgerService> = { getMetrics: async () => metrics };
		const parameters = { resource: 'ledger', operation: 'getMetrics' };
		const [[fields]] = await runNode({ parameters }, ledger);
		expect(fields.json).toMatchObject({ detections: { umbrella: 1 }, process: expect.stringMatching(/:\d+$/), api: expect.any(Array) });
		const [[prometheus]] = await runNode({ parameters: { ...parameters, output: 'prometheus' } }, ledger);
		expect(prometheus.json.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
		expect(valuesOf(prometheus.json.text as string, 'cisco_rtc_policy_version')).toEqual([{ labels: {}, value: 2 }]);
	});
});
