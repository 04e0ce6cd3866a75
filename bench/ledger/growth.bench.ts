import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openLedger, type LedgerService } from '../../ledger';
import { median, timed, type BenchResult } from '../bench';
import { DETECTIONS, fillGrown, HOSTS, KINDS } from './fillGrown';
import { detections, targetOf } from './workload';

const NOW_MS = Date.UTC(2026, 5, 1);
const BATCH = 1_000;
const BATCHES = 22;
const WARM_UP = 2;
const STEP_MS = 100;
const RUNS = 30;
const PAGE = 50;
const SIZE = `${DETECTIONS.toLocaleString('en')} detections, ${(HOSTS * KINDS.length).toLocaleString('en')} entities`;

/**
 * What a large ledger costs beside an empty one: scoring, what the console asks for, and memory. Filling takes ten
 * minutes or more and nine gigabytes of disk, so this runs only when its name is given: `npm run bench -- growth`.
 */
export default async function growthBench(): Promise<BenchResult[]> {
	if (!process.argv.some((argument) => argument.startsWith('growth'))) return [];
	const folder = mkdtempSync(join(tmpdir(), 'bench-growth-'));
	const file = join(folder, 'grown.db');
	try {
		await fillGrown(file, NOW_MS);
		return await measureGrown(file, join(folder, 'empty.db'));
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** @param file A ledger that `fillGrown` has filled; it is written to. */
export async function measureGrown(file: string, emptyFile: string): Promise<BenchResult[]> {
	return [...(await compareQueries(file)), await compareScoring(file, emptyFile), residentOf(file)];
}

/** The same detections into both, in turns. */
async function compareScoring(file: string, emptyFile: string): Promise<BenchResult> {
	const [grown, empty] = await Promise.all([file, emptyFile].map((each) => openLedger({ file: each, now: () => NOW_MS })));
	const given = [...detections(BATCH * BATCHES, HOSTS, NOW_MS - BATCH * BATCHES * STEP_MS, STEP_MS, 11)];
	const total = { grown: 0, empty: 0 };
	for (let i = 0; i < BATCHES; i++) {
		const batch = given.slice(i * BATCH, (i + 1) * BATCH);
		const emptyMs = await timed(() => empty.score(batch, { actor: { name: 'bench' } }));
		const grownMs = await timed(() => grown.score(batch, { actor: { name: 'bench' } }));
		if (i < WARM_UP) continue;
		total.grown += grownMs;
		total.empty += emptyMs;
	}
	await Promise.all([grown.close(), empty.close()]);
	const each = (ms: number) => (ms * 1_000) / (BATCH * (BATCHES - WARM_UP));
	const ratio = total.grown / total.empty;
	return {
		name: `Score in a ledger of ${SIZE}`, unit: 'µs each', ours: each(total.grown), baseline: each(total.empty), ratio,
		bar: 'at most 1.5 times that of an empty ledger', ok: ratio <= 1.5,
	};
}

interface Asked {
	name: string;
	/** Asks the ledger; gives what tells the rows. */
	ask(ledger: LedgerService): Promise<(string | number)[]>;
	/** The same rows, by what tells them. */
	bare: string;
}

const ENTITIES = `SELECT e.*, h.state, h.episode_id, h.grace_until_ms, h.members FROM json_each(?) j
	CROSS JOIN entities e ON e.kind = 'mac' AND e.key = j.value LEFT JOIN hosts h ON h.id = e.host_id`;
const FOUND = 'SELECT d.* FROM json_each(?) j CROSS JOIN detections d ON d.id = j.value';
const { mac } = targetOf(77) as { mac: string };

const list = (name: string, filter: object): Asked => ({
	name,
	ask: async (ledger) => (await ledger.getEntities({ kind: 'mac', limit: PAGE, ...filter })).items.map(({ key }) => key),
	bare: ENTITIES,
});
const history = (name: string, filter: object): Asked => ({
	name,
	ask: async (ledger) => (await ledger.getDetections({ limit: PAGE, ...filter })).items.map(({ id }) => id),
	bare: FOUND,
});

const ASKED: readonly Asked[] = [
	list('Hosts', {}),
	list('Hosts, last page', { offset: HOSTS - PAGE }),
	list('Hosts by address', { order: 'key' }),
	list('Hosts, last seen first', { order: 'lastSeen' }),
	list('Hosts with a part of an address', { search: '00:1E:8' }),
	history('Detections', {}),
	history('Detections of a source, far back', { source: 'umbrella', offset: 2_000 }),
	history('Detections of a host', { entity: { kind: 'mac', key: mac } }),
	history('Detections with a hash', { observable: 'known-77' }),
	history('Detections with what everybody has', { observable: 'setup.exe' }),
	{
		name: 'Audit',
		ask: async (ledger) => (await ledger.getAudit({ limit: PAGE })).items.map(({ seq }) => seq),
		bare: 'SELECT a.* FROM json_each(?) j CROSS JOIN audit a ON a.seq = j.value',
	},
];

/** Each query of the console against a SELECT of the same rows by their keys, in turns. */
async function compareQueries(file: string): Promise<BenchResult[]> {
	const ledger = await openLedger({ file, now: () => NOW_MS });
	const db = new DatabaseSync(file, { readOnly: true });
	const results: BenchResult[] = [];
	for (const { name, ask, bare } of ASKED) {
		const keys = JSON.stringify(await ask(ledger));
		const statement = db.prepare(bare);
		const ours: number[] = [];
		const baseline: number[] = [];
		for (let i = 0; i < RUNS; i++) {
			ours.push(await timed(() => ask(ledger)));
			baseline.push(await timed(() => statement.all(keys)));
		}
		const ratio = median(ours) / median(baseline);
		results.push({
			name: `${name}, of ${SIZE}`, unit: 'ms', ours: median(ours), baseline: median(baseline), ratio,
			bar: 'at most 5 times a bare SELECT of the same rows', ok: ratio <= 5,
		});
	}
	db.close();
	await ledger.close();
	return results;
}

/** Resident memory of a process of its own that scores. Caches fill at first, so the last quarter counts against the one before. */
function residentOf(file: string): BenchResult {
	const program = join(__dirname, 'growthProcess.ts');
	const output = execFileSync(process.execPath, ['--import', 'tsx', program, file, String(NOW_MS)], { encoding: 'utf8' });
	const resident = (JSON.parse(output) as number[]).map((bytes) => bytes / 1e6);
	const quarter = resident.length / 4;
	const before = median(resident.slice(2 * quarter, 3 * quarter));
	const last = median(resident.slice(3 * quarter));
	const ratio = last / before;
	return { name: `Memory while scoring into ${SIZE}`, unit: 'MB', ours: last, baseline: before, ratio, bar: 'at most 1.1 times, last quarter to third', ok: ratio <= 1.1 };
}
