import { openLedger } from '../../ledger';
import type { PostgresSettings } from '../../ledger/store/postgresSettings';
import { detections } from './workload';

/** What a scoring process is to do; comes as its first argument, as JSON. */
export interface ScoringTask {
	ledger: { file: string } | { postgres: PostgresSettings };
	/** Tells the detections of one process from those of another; their entities are the same. */
	seed: number;
	batches: number;
	batchSize: number;
	hosts: number;
	nowMs: number;
}

const STEP_MS = 20_000;

/** Says when it is ready, scores once it is told to, says that it has, and ends. See `concurrency.bench.ts`. */
async function main(): Promise<void> {
	const { ledger: place, seed, batches, batchSize, hosts, nowMs } = JSON.parse(process.argv[2]) as ScoringTask;
	const ledger = await openLedger({ ...place, now: () => nowMs });
	const count = batches * batchSize;
	const all = [...detections(count, hosts, nowMs - count * STEP_MS, STEP_MS, seed)];
	await ledger.getMetrics();
	process.send?.('ready');
	await new Promise((resolve) => process.once('message', resolve));
	for (let i = 0; i < batches; i++) await ledger.score(all.slice(i * batchSize, (i + 1) * batchSize), { actor: { name: `bench ${seed}` } });
	process.send?.('done');
	await ledger.close();
	process.disconnect();
}

void main();
