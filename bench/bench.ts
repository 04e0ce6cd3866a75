/** What a benchmark found: ours and the baseline, measured in the same run. */
export interface BenchResult {
	name: string;
	unit: string;
	ours: number;
	baseline: number;
	ratio: number;
	/** What the ratio has to be, in words. */
	bar: string;
	ok: boolean;
}

export type Bench = () => Promise<BenchResult | BenchResult[]>;

/** Milliseconds that some work takes. */
export async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
	const from = process.hrtime.bigint();
	await work();
	return Number(process.hrtime.bigint() - from) / 1e6;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}
