import type { Delay, Metrics } from '../../../ledger/api';
import type { ApiUse } from '../../shared/apiUse';
import type { HistogramSample, MetricFamily, Sample } from './exposition';

/** What was counted in the memory of one process, and a name for it that no other one has. */
export interface ProcessUse {
	process: string;
	api: readonly ApiUse[];
}

/** Everything that the ledger and this process say of themselves, as metrics of Prometheus. Times are in seconds. */
export function familiesOf(metrics: Metrics, use: ProcessUse): MetricFamily[] {
	return [...sources(metrics), ...delays(metrics), ...work(metrics), ...ledger(metrics), ...api(use)];
}

function sources(metrics: Metrics): MetricFamily[] {
	return [
		counter('detections_total', 'Detections recorded.', bySource(metrics.detections)),
		counter('duplicates_total', 'Detections given to the ledger again that it knew already.', bySource(metrics.duplicates)),
		gauge('duplicate_ratio', 'Duplicates among all detections given to the ledger so far, from 0 to 1.', bySource(metrics.duplicateShare)),
		counter('score_updates_total', 'Times that a detection was added to the score of an entity.', bySource(metrics.scoreUpdates)),
		gauge('source_lag_seconds', 'Time since the moment up to which the source was read.', bySource(metrics.lagSeconds)),
	];
}

const STAGES: Record<Delay['stage'], { name: string; help: string; label: string }> = {
	occurredToPolled: { name: 'occurrence_to_poll_seconds', help: 'From the event to the poll that read it.', label: 'source' },
	polledToScored: { name: 'poll_to_score_seconds', help: 'From the beginning of the poll until its detections were scored.', label: 'source' },
	occurredToScored: { name: 'occurrence_to_score_seconds', help: 'From the event until it was scored.', label: 'source' },
	scoredToContained: {
		name: 'score_to_containment_seconds',
		help: 'From the decision until the vendors confirmed the containment. A person decides on what waits for approval or was asked for by hand.',
		label: 'decision',
	},
	occurredToContained: { name: 'occurrence_to_containment_seconds', help: 'From the event that tipped the score until the vendors confirmed the containment.', label: 'decision' },
};

function delays(metrics: Metrics): MetricFamily[] {
	return Object.entries(STAGES).map(([stage, { name, help, label }]) => ({
		name: `cisco_rtc_${name}`,
		help,
		type: 'histogram' as const,
		samples: metrics.delays.filter((delay) => delay.stage === stage).map((delay) => histogram(label, delay)),
	}));
}

function histogram(label: string, { of, buckets, sumSeconds, count }: Delay): HistogramSample {
	return { labels: { [label]: of }, buckets: buckets.map((bucket) => ({ le: bucket.seconds, count: bucket.count })), sum: sumSeconds, count };
}

function work({ intents, openIntents, breaker }: Metrics): MetricFamily[] {
	const ages = openIntents.flatMap(({ state, olderThan }) =>
		olderThan.map(({ seconds, count }) => ({ labels: { state, older_than_seconds: String(seconds) }, value: count })),
	);
	return [
		gauge('intents', 'Intents by state.', by('state', intents)),
		gauge('open_intents', 'Intents with something left to do that are at least so old; those of a greater age are among those of a smaller one.', ages),
		gauge('open_intent_oldest_seconds', 'Age of the oldest intent with something left to do; 0 without any.', openIntents.map(({ state, oldestSeconds }) => ({ labels: { state }, value: oldestSeconds }))),
		gauge('breaker_open', 'Whether the circuit breaker is open: 1 means that further containments wait for approval.', [{ value: breaker.open ? 1 : 0 }]),
		gauge('breaker_containments', 'Automatic containments within the window of the circuit breaker.', [{ value: breaker.containments }]),
		gauge('breaker_limit', 'Automatic containments that open the circuit breaker; 0: there is none.', [{ value: breaker.limit }]),
	];
}

function ledger(metrics: Metrics): MetricFamily[] {
	return [
		gauge('entities', 'Entities known.', by('kind', metrics.entities)),
		counter('audit_records_total', 'Audit records ever written.', [{ value: metrics.auditLength }]),
		gauge('audit_records_kept', 'Audit records that no closed segment has taken out.', [{ value: metrics.auditRecords }]),
		gauge('ledger_bytes', 'Size of the ledger\'s database.', [{ value: metrics.databaseBytes }]),
		gauge('unrated_event_types', 'Event types with detections that no rule of the policy matches.', [{ value: metrics.unratedEventTypes }]),
		gauge('policy_version', 'Version of the active policy.', [{ value: metrics.policyVersion }]),
	];
}

function api({ process, api: products }: ProcessUse): MetricFamily[] {
	const each = (samplesOf: (use: ApiUse) => Sample[]): Sample[] =>
		products.flatMap((use) =>
			samplesOf(use).map(({ labels, value }) => ({ labels: { product: use.product, ...labels, process }, value })),
		);
	return [
		counter('api_calls_total', 'Calls of this process by the status of the answer.', each(({ calls }) => by('status', calls))),
		counter('api_throttled_total', 'Calls of this process that were answered 429.', each(({ throttled }) => [{ value: throttled }])),
		gauge('api_quota_remaining', 'Calls left, as the vendor last told this process.', each(({ quotaRemaining }) => (quotaRemaining === undefined ? [] : [{ value: quotaRemaining }]))),
		gauge('api_budget_remaining', 'Calls that this process still allows itself within a published limit, for the account that has fewest.', each(({ budgets }) =>
			budgets.map(({ limit, windowSeconds, remaining }) => ({ labels: { limit: String(limit), window_seconds: String(windowSeconds) }, value: remaining })),
		)),
	];
}

function counter(name: string, help: string, samples: Sample[]): MetricFamily {
	return { name: `cisco_rtc_${name}`, help, type: 'counter', samples };
}

function gauge(name: string, help: string, samples: Sample[]): MetricFamily {
	return { name: `cisco_rtc_${name}`, help, type: 'gauge', samples };
}

const bySource = (values: Record<string, number>): Sample[] => by('source', values);

function by(label: string, values: Record<string, number>): Sample[] {
	return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
