import { readFileSync } from 'node:fs';

const EVERY_MS = 10_000;
const MAX_SAMPLES = 1_000;

/** Resident memory of n8n while a scenario was played. */
export interface MemoryReport {
	/** Seconds between two samples. */
	everySeconds: number;
	/** MB, oldest first. */
	samples: number[];
	highest: number;
	/** MB by which the median of the last quarter is above that of the second quarter; n8n still warms up in the first. */
	growth: number;
}

/** Resident memory of a process in MB. Linux only. */
export function residentMb(processId: number): number {
	const status = readFileSync(`/proc/${processId}/status`, 'utf8');
	return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
}

/**
 * Watches a process until the returned function is called.
 *
 * @param processId asked anew for each sample, because a run may restart the process; no sample while there is none
 */
export function watchMemory(processId: () => number | undefined): () => MemoryReport {
	const samples: number[] = [];
	const timer = setInterval(() => {
		const sample = sampleOf(processId());
		if (sample !== undefined && samples.length < MAX_SAMPLES) samples.push(sample);
	}, EVERY_MS);
	return () => {
		clearInterval(timer);
		return { everySeconds: EVERY_MS / 1_000, samples, highest: Math.max(0, ...samples), growth: growthOf(samples) };
	};
}

/** Nothing for a process that has just gone, and where there is no `/proc`. */
function sampleOf(processId: number | undefined): number | undefined {
	if (processId === undefined) return undefined;
	try {
		return residentMb(processId);
	} catch {
		return undefined;
	}
}

export function growthOf(samples: readonly number[]): number {
	const quarter = Math.floor(samples.length / 4);
	if (quarter === 0) return 0;
	return median(samples.slice(-quarter)) - median(samples.slice(quarter, 2 * quarter));
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
