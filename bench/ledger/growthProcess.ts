import { openLedger } from '../../ledger';
import { HOSTS } from './fillGrown';
import { detections } from './workload';

const BATCH = 1_000;
const BATCHES = 100;
const STEP_MS = 100;

/** Scores into a ledger and prints the resident memory in bytes after each batch, as JSON. See `growth.bench.ts`. */
async function main([file, now]: string[]): Promise<void> {
	const nowMs = Number(now);
	const ledger = await openLedger({ file, now: () => nowMs });
	const given = detections(BATCH * BATCHES, HOSTS, nowMs - BATCH * BATCHES * STEP_MS, STEP_MS, 12);
	const resident: number[] = [];
	for (let i = 0; i < BATCHES; i++) {
		const batch = Array.from({ length: BATCH }, () => given.next().value);
		await ledger.score(batch, { actor: { name: 'bench' } });
		resident.push(process.memoryUsage().rss);
	}
	await ledger.close();
	process.stdout.write(JSON.stringify(resident));
}

void main(process.argv.slice(2));
