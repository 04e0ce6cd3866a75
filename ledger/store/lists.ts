import type { Total } from '../api';

/** Counting stops here, so that no list needs a scan to say how long it is. */
export const COUNT_CAP = 10_000;

/** The same for detections: most filters fit more of them than anybody pages through. */
export const DETECTION_COUNT_CAP = 1_000;

export interface Range {
	limit: number;
	offset: number;
	/** How many rows fit, where that is known. */
	total?: number;
}

/** What a count that stops at `cap` tells. */
export function counted(rows: number, cap: number): Total {
	return rows < cap ? { total: rows } : { total: rows, atLeast: true };
}

/** How long a list is, if that is known or its page tells: `found` rows were read in `range`. */
export function totalByPage(found: number, { limit, offset, total }: Range): Total | undefined {
	if (total !== undefined) return { total };
	return found < limit && (found > 0 || offset === 0) ? { total: offset + found } : undefined;
}

/**
 * A part of a list as seen from its end, where that is nearer, so that fewer rows are skipped.
 * @returns `undefined` in the first half, and when the length is not known
 */
export function fromTheEnd({ limit, offset, total }: Range): Range | undefined {
	if (total === undefined || offset <= total / 2) return undefined;
	return { limit: Math.max(0, Math.min(limit, total - offset)), offset: Math.max(0, total - offset - limit) };
}
