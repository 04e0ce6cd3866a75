import type { Delay, Intent, ScoreOutcome } from './api';
import type { Change } from './change';
import type { EpisodeRow } from './store/store';
import type { ValidDetection } from './scoreBatch';

/** Upper bounds of the steps of a histogram, in seconds; what takes longer counts as endless. */
export const DELAY_BOUNDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400] as const;

/** How many took at most as long as each bound and longer than the one before, those beyond the last, and all milliseconds. */
export type StoredDelays = Record<string, number[]>;

const SUM = DELAY_BOUNDS.length + 1;

/** Counts one thing that took `ms` milliseconds; less than nothing (a vendor's clock runs ahead) counts as nothing. */
export function addDelay(delays: StoredDelays, name: string, ms: number): void {
	const steps = (delays[name] ??= new Array<number>(SUM + 1).fill(0));
	const took = Math.max(0, Math.round(ms));
	let step = 0;
	while (step < DELAY_BOUNDS.length && took > DELAY_BOUNDS[step] * 1000) step++;
	steps[step]++;
	steps[SUM] += took;
}

/**
 * Counts how long the detections took that a batch recorded: from the event to the poll that read it, from there
 * into the score, and both together. Without a poll, only together.
 */
export function countScored(
	change: Change,
	valid: readonly ValidDetection[],
	outcomes: ReadonlyMap<string, ScoreOutcome>,
	poll: { source: string; position: string } | undefined,
): void {
	const { head, nowMs } = change;
	const delays = (head.delays ??= {});
	const polledMs = poll && Math.min(nowMs, Date.parse(poll.position));
	const updates = new Map<string, number>();
	const counted = new Set<string>();
	for (const { detection: { id, source }, occurredAtMs } of valid) {
		const outcome = outcomes.get(id);
		if (outcome?.outcome !== 'recorded' || counted.has(id)) continue;
		counted.add(id);
		updates.set(source, (updates.get(source) ?? 0) + outcome.entities.length);
		addDelay(delays, `occurredToScored ${source}`, nowMs - occurredAtMs);
		if (polledMs === undefined || source !== poll?.source) continue;
		addDelay(delays, `occurredToPolled ${source}`, polledMs - occurredAtMs);
		addDelay(delays, `polledToScored ${source}`, nowMs - polledMs);
	}
	for (const [source, by] of updates) change.count(`scoreUpdates.${source}`, by);
}

/** Counts how long a containment took that is in force for the first time. */
export function countContained({ head, nowMs }: Change, intent: Intent, { episode }: EpisodeRow, automatic: boolean): void {
	const delays = (head.delays ??= {});
	const decision = automatic ? 'automatic' : 'person';
	addDelay(delays, `scoredToContained ${decision}`, nowMs - Date.parse(intent.createdAt));
	const [first] = episode.crossings;
	if (first) addDelay(delays, `occurredToContained ${decision}`, nowMs - Date.parse(first.at));
}

/** The histograms with steps that add up, as Prometheus wants them. */
export function toDelays(stored: StoredDelays = {}): Delay[] {
	return Object.entries(stored).sort(byName).map(([name, steps]) => {
		const space = name.indexOf(' ');
		let count = 0;
		const buckets = DELAY_BOUNDS.map((seconds, step) => ({ seconds, count: (count += steps[step]) }));
		return {
			stage: name.slice(0, space) as Delay['stage'],
			of: name.slice(space + 1),
			count: count + steps[DELAY_BOUNDS.length],
			sumSeconds: steps[SUM] / 1000,
			buckets,
		};
	});
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
	return a < b ? -1 : 1;
}
