import type { Total } from '../api';

/** Counting stops here, so that no list needs a scan to say how long it is. */
export const COUNT_CAP = 10_000;

/** The same for detections, which are asked for with every other filter and are more than anything else. */
export const DETECTION_COUNT_CAP = 1_000;

export interface Range {
	limit: number;
	offset: number;
}

/** What a count that stops at `cap` tells. */
export function counted(rows: number, cap: number): Total {
	return rows < cap ? { total: rows } : { total: rows, atLeast: true };
}

/** How long a list is, if its page tells: `found` rows were read in `range`. */
export function totalByPage(found: number, { limit, offset }: Range): Total | undefined {
	return found < limit && (found > 0 || offset === 0) ? { total: offset + found } : undefined;
}

/**
 * A part of a list as seen from its end, where that is nearer, so that fewer rows are skipped.
 * @param total Length of the whole list
 * @returns `undefined` in the first half, and when the length is not known
 */
export function fromTheEnd({ limit, offset }: Range, total: number | undefined): Range | undefined {
	if (total === undefined || offset <= total / 2) return undefined;
	return { limit: Math.max(0, Math.min(limit, total - offset)), offset: Math.max(0, total - offset - limit) };
}
