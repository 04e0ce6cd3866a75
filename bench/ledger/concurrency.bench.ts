import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeIdleLedgers, openLedger } from '../../ledger';
import { postgresMissing, startPostgres, type TestServer } from '../../test/support/postgres';
import { timed, type BenchResult } from '../bench';
import type { Place, ScoringTask } from './scoringProcess';

const PROCESSES = 8;
/** As the Score operation writes them. */
const BATCH = 50;
/** Of each of the eight processes; one alone has as much to do as all of them. */
const BATCHES = 40;
const ROUNDS = 3;
/** Few enough that processes often mean the same one. */
const HOSTS = 2_000;
const NOW_MS = Date.UTC(2026, 0, 10);

/**
 * Eight processes that score detections of the same hosts into one ledger, against one process that has all of it to
 * do. They take turns. After each run the ledger must be as some serial order leaves it.
 */
export default async function concurrencyBench(): Promise<BenchResult[]> {
	return [...(await onSqlite()), ...(await onPostgres())];
}

async function onSqlite(): Promise<BenchResult[]> {
	const folder = mkdtempSync(join(tmpdir(), 'bench-concurrency-'));
	let files = 0;
	const place = (): Place => ({ file: join(folder, `${++files}.db`) });
	const { one, many } = await compare(place);
	rmSync(folder, { recursive: true });
	return [result('Eight processes on one SQLite file', many, one, 'at least 0.8 times one process', 0.8)];
}

async function onPostgres(): Promise<BenchResult[]> {
	if (postgresMissing() !== undefined) return [];
	const server: TestServer = await startPostgres();
	const place = (): Place => ({ postgres: server.settings() });
	const { one, many, apart } = await compare(place, true);
	await server.stop();
	return [
		result('Eight processes on one PostgreSQL ledger', many, one, 'at least 2 times one process', 2),
		result('The same, each with a ledger of its own', apart, one, 'no bar: what the machine can give', 0),
	];
}

/** Milliseconds for the same work: by one process, by eight, and by eight that have nothing to do with each other. */
async function compare(place: () => Place, alsoApart = false): Promise<{ one: number; many: number; apart: number }> {
	const total = { one: 0, many: 0, apart: 0 };
	for (let round = 0; round < ROUNDS; round++) {
		total.one += await score([place()], BATCHES * PROCESSES, place);
		const shared = place();
		total.many += await score(Array<Place>(PROCESSES).fill(shared), BATCHES, place);
		if (alsoApart) total.apart += await score(Array.from({ length: PROCESSES }, place), BATCHES, place);
	}
	return total;
}

/**
 * Starts a process for each place and gives the time from the moment they may start to the end of the last one.
 *
 * @param place gives another new ledger
 */
async function score(places: readonly Place[], batches: number, place: () => Place): Promise<number> {
	for (const given of new Set(places)) await (await openLedger({ ...given, now: () => NOW_MS })).close();
	const children = places.map((ledger, i) => start({ ledger, warmUp: place(), seed: i + 1, batches, batchSize: BATCH, hosts: HOSTS, nowMs: NOW_MS }));
	await Promise.all(children.map((child) => said(child, 'ready')));
	const ms = await timed(async () => {
		const done = children.map((child) => said(child, 'done'));
		for (const child of children) child.send('go');
		await Promise.all(done);
	});
	await Promise.all(children.map(async (child) => child.exitCode ?? (await once(child, 'exit'))));
	const processesOf = new Map(places.map((one) => [one, places.filter((other) => other === one).length]));
	for (const [one, processes] of processesOf) await checkSerial(one, processes * batches);
	return ms;
}

function start(task: ScoringTask): ChildProcess {
	return fork(join(__dirname, 'scoringProcess.ts'), [JSON.stringify(task)], { execArgv: ['--import', 'tsx'] });
}

async function said(child: ChildProcess, word: string): Promise<void> {
	const ended = once(child, 'exit').then(([code]) => {
		throw new Error(`A scoring process ended early with code ${code}`);
	});
	const heard = (async () => {
		while ((await once(child, 'message'))[0] !== word);
	})();
	ended.catch(() => undefined);
	await Promise.race([heard, ended]);
}

/**
 * Every batch once, in an order without gaps; scores that scoring the same detections in that order gives; and an
 * audit chain that holds.
 */
async function checkSerial(place: Place, batches: number): Promise<void> {
	const ledger = await openLedger({ ...place, now: () => NOW_MS });
	const { items } = await ledger.getAudit({ action: 'scored', limit: batches + 1 });
	const runs = items.map(({ details }) => details as { firstSeq: number; lastSeq: number }).reverse();
	const gaps = runs.filter(({ firstSeq }, i) => firstSeq !== (i === 0 ? 1 : runs[i - 1].lastSeq + 1));
	const { equal, detections } = await ledger.replay();
	const { ok, problem } = await ledger.verifyAudit();
	await ledger.close();
	await closeIdleLedgers();
	if (runs.length !== batches || gaps.length > 0) throw new Error(`${runs.length} of ${batches} batches are recorded, with ${gaps.length} gaps`);
	if (!equal || detections !== batches * BATCH) throw new Error(`A replay of ${detections} detections does not give the same scores`);
	if (!ok) throw new Error(`The audit chain is broken: ${problem}`);
}

function result(name: string, ourMs: number, oneMs: number, bar: string, least: number): BenchResult {
	const perSecond = (ms: number) => (ROUNDS * PROCESSES * BATCHES * BATCH * 1_000) / ms;
	const ratio = oneMs / ourMs;
	return { name, unit: 'detections/s', ours: perSecond(ourMs), baseline: perSecond(oneMs), ratio, bar, ok: ratio >= least };
}
