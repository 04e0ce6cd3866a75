import { openLedger, type LedgerService } from '../../ledger';
import type { PostgresSettings } from '../../ledger/store/postgresSettings';
import { detections } from './workload';

export type Place = { file: string } | { postgres: PostgresSettings };

/** What a scoring process is to do; comes as its first argument, as JSON. */
export interface ScoringTask {
	ledger: Place;
	/** A ledger of its own to get warm in: n8n's processes run for weeks, and V8 compiles what runs often. */
	warmUp: Place;
	/** Tells the detections of one process from those of another; their entities are the same. */
	seed: number;
	batches: number;
	batchSize: number;
	hosts: number;
	nowMs: number;
}

const STEP_MS = 20_000;
const WARM_UP_BATCHES = 60;

/** Says when it is ready, scores once it is told to, says that it has, and ends. See `concurrency.bench.ts`. */
async function main(): Promise<void> {
	const { ledger: place, warmUp, seed, batches, ...task } = JSON.parse(process.argv[2]) as ScoringTask;
	await (await scoreInto(warmUp, { ...task, seed: seed + 1_000, batches: WARM_UP_BATCHES })).close();
	const ledger = await scoreInto(place, { ...task, seed, batches }, async () => {
		process.send?.('ready');
		await new Promise((resolve) => process.once('message', resolve));
	});
	process.send?.('done');
	await ledger.close();
	process.disconnect();
}

async function scoreInto(
	place: Place,
	{ seed, batches, batchSize, hosts, nowMs }: Omit<ScoringTask, 'ledger' | 'warmUp'>,
	untilToldTo: () => Promise<void> = async () => {},
): Promise<LedgerService> {
	const ledger = await openLedger({ ...place, now: () => nowMs });
	const count = batches * batchSize;
	const all = [...detections(count, hosts, nowMs - count * STEP_MS, STEP_MS, seed)];
	await ledger.getMetrics();
	await untilToldTo();
	for (let i = 0; i < batches; i++) await ledger.score(all.slice(i * batchSize, (i + 1) * batchSize), { actor: { name: `bench ${seed}` } });
	return ledger;
}

void main();
