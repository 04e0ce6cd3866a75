import { timeMs } from '../shared/time';

const RELATIVE = /^-\s*(\d+)\s*(second|minute|hour|day|week)s?$/;

/**
 * A point in time as {@link timeMs} reads it, `now`, or Umbrella's relative form (`-1days`, `-24hours`).
 *
 * Relative times are resolved here, once, so that all pages of a report are of the same span.
 *
 * @returns epoch ms, or `undefined` when it can't be understood.
 */
export function parseTime(value: unknown, now: number, zone: string): number | undefined {
	const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
	if (text === 'now') return now;
	const relative = RELATIVE.exec(text);
	return relative ? now - Number(relative[1]) * UNIT_MS[relative[2]] : timeMs(value, zone);
}

const MINUTE = 60_000;
const UNIT_MS: Record<string, number> = {
	second: 1_000,
	minute: MINUTE,
	hour: 60 * MINUTE,
	day: 24 * 60 * MINUTE,
	week: 7 * 24 * 60 * MINUTE,
};
