import type { Contribution } from '../../../../ledger/api';
import type { ChartPoint } from '../../view/lineChart';

const STEPS = 120;
/** A contribution is as good as gone after so many half-lives. */
const HALF_LIVES_SHOWN = 5;
const WITHOUT_DECAY_MS = 7 * 86_400_000;
const SHORTEST_MS = 60 * 60_000;

/** Points of an entity over time, from its contributions: what each added, less what has faded since. */
export function decayCurve(contributions: readonly Contribution[], halfLifeMs: number | undefined, nowMs: number): ChartPoint[] {
	const counted = contributions
		.filter(({ penalty }) => penalty > 0)
		.map(({ penalty, detection }) => ({ penalty, atMs: Math.min(nowMs, Date.parse(detection.occurredAt)) }))
		.sort((one, other) => one.atMs - other.atMs);
	if (counted.length === 0) return [];
	const longest = halfLifeMs === undefined ? WITHOUT_DECAY_MS : halfLifeMs * HALF_LIVES_SHOWN;
	const fromMs = Math.max(nowMs - longest, Math.min(counted[0].atMs, nowMs - SHORTEST_MS));
	const stepMs = (nowMs - fromMs) / STEPS;
	const moments = new Set<number>(Array.from({ length: STEPS + 1 }, (_, step) => Math.round(fromMs + step * stepMs)));
	for (const { atMs } of sampled(counted, STEPS)) if (atMs >= fromMs) moments.add(atMs - 1).add(atMs);
	return [...moments].sort((one, other) => one - other).map((atMs) => ({ atMs, value: pointsAt(counted, atMs, halfLifeMs) }));
}

function pointsAt(contributions: readonly { penalty: number; atMs: number }[], atMs: number, halfLifeMs: number | undefined): number {
	let total = 0;
	for (const { penalty, atMs: from } of contributions) {
		if (from > atMs) break;
		total += halfLifeMs === undefined ? penalty : penalty * Math.pow(2, -(atMs - from) / halfLifeMs);
	}
	return total;
}

/** The largest ones: the jumps that are seen. */
function sampled<T extends { penalty: number }>(contributions: readonly T[], most: number): readonly T[] {
	return contributions.length <= most ? contributions : [...contributions].sort((one, other) => other.penalty - one.penalty).slice(0, most);
}
