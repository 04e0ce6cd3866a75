import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openLedger, type LedgerService } from '../../ledger';
import { rankOf, type ScoreState } from '../../ledger/score';
import { SqliteStore } from '../../ledger/store/sqlite';
import type { ContributionRow, DetectionRow, EntityRow, HostRow } from '../../ledger/store/store';
import { median, timed, type BenchResult } from '../bench';
import { detections, randomNumbers } from './workload';

const HOSTS = 12_500;
const KINDS = ['mac', 'hostname', 'user', 'ip'] as const;
const SMALL = 100_000;
const LARGE = 1_000_000;
const TOP = 50;
const RUNS = 400;
const WARM_UP = 100;
const NOW_MS = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;

/** As much of a getEntities row as a bare query can give. */
const BARE = 'SELECT id, kind, key, sources, rank, host_id, first_seen_ms, last_seen_ms FROM entities ORDER BY rank DESC LIMIT ?';

/**
 * The fifty worst of 50,000 entities, with state, band and sources, against a bare indexed SELECT on the same file;
 * and whether it takes longer when there are ten times as many detections. Both take turns.
 */
export default async function rankingBench(): Promise<BenchResult[]> {
	const folder = mkdtempSync(join(tmpdir(), 'bench-ranking-'));
	const file = join(folder, 'ledger.db');
	const ledger = await openLedger({ file, now: () => NOW_MS });
	await fillEntities(file);
	await fillDetections(file, 0, SMALL);
	const small = await measure(ledger, file);
	await fillDetections(file, SMALL, LARGE);
	const large = await measure(ledger, file);
	await ledger.close();
	rmSync(folder, { recursive: true });
	const ratio = large.ours / large.bare;
	const growth = large.ours / small.ours;
	return [
		{
			name: `Top ${TOP} of ${(HOSTS * KINDS.length).toLocaleString('en')} entities, ${LARGE.toLocaleString('en')} detections`,
			unit: 'ms',
			ours: large.ours,
			baseline: large.bare,
			ratio,
			bar: 'at most 3 times the bare SELECT',
			ok: ratio <= 3,
		},
		{
			name: `The same, grown from ${SMALL.toLocaleString('en')} detections`,
			unit: 'ms',
			ours: large.ours,
			baseline: small.ours,
			ratio: growth,
			bar: 'less than 1.5 times',
			ok: growth < 1.5,
		},
	];
}

async function measure(ledger: LedgerService, file: string): Promise<{ ours: number; bare: number }> {
	const db = new DatabaseSync(file, { readOnly: true });
	const statement = db.prepare(BARE);
	const ours: number[] = [];
	const bare: number[] = [];
	for (let i = -WARM_UP; i < RUNS; i++) {
		const oursMs = await timed(() => ledger.getEntities({ limit: TOP }));
		const bareMs = await timed(() => statement.all(TOP));
		if (i < 0) continue;
		ours.push(oursMs);
		bare.push(bareMs);
	}
	db.close();
	return { ours: median(ours), bare: median(bare) };
}

/** Straight into the store: scoring a million detections would take minutes and change nothing here. */
async function fillEntities(file: string): Promise<void> {
	const store = new SqliteStore(file);
	const random = randomNumbers(7);
	await store.write(async (tx) => {
		const entities: EntityRow[] = [];
		const hosts: HostRow[] = [];
		for (let host = 1; host <= HOSTS; host++) {
			hosts.push({ id: host, state: 'normal', episodeId: undefined, graceUntilMs: 0, episodes: 0, members: [] });
			for (const [i, kind] of KINDS.entries()) entities.push(entityRow(entities.length + 1, kind, host, random, i));
		}
		await tx.saveHosts(hosts);
		await tx.saveEntities(entities);
		const head = await tx.head();
		for (const kind of KINDS) head.counters[`entities.${kind}`] = HOSTS;
		await tx.saveHead({ ...head, entityId: entities.length, hostId: HOSTS });
	});
	await store.close();
}

function entityRow(id: number, kind: EntityRow['kind'], host: number, random: () => number, i: number): EntityRow {
	const sources: ScoreState = ['secureEndpoint', 'umbrella', 'secureNetworkAnalytics'].map((source) => ({
		source, points: 60 * random(), atMs: NOW_MS - Math.floor(3 * DAY_MS * random()), detections: 7,
	}));
	return {
		id, kind, key: `${kind}-${host}-${i}`, sources, rank: rankOf(sources, DAY_MS), rearmMs: 0, hostId: host,
		targetKey: undefined, firstSeenMs: NOW_MS - 90 * DAY_MS, lastSeenMs: NOW_MS, purgedSeq: 0,
	};
}

async function fillDetections(file: string, from: number, to: number): Promise<void> {
	const store = new SqliteStore(file);
	let seq = from;
	let rows: DetectionRow[] = [];
	let contributions: ContributionRow[] = [];
	const flush = async () => {
		await store.write(async (tx) => {
			await tx.insertDetections(rows);
			await tx.insertContributions(contributions.sort((a, b) => a.entityId - b.entityId || a.seq - b.seq));
		});
		rows = [];
		contributions = [];
	};
	for (const detection of detections(to - from, HOSTS, NOW_MS - 90 * DAY_MS, 1_000, from + 1)) {
		seq++;
		const occurredMs = Date.parse(detection.occurredAt);
		rows.push({
			seq, id: detection.id, source: detection.source, eventTypeId: detection.eventType.id,
			eventTypeName: detection.eventType.name, occurredMs, receivedMs: occurredMs, body: JSON.stringify(detection),
		});
		const host = Number(detection.targets[0].hostname?.slice(3));
		for (let i = 1; i <= KINDS.length; i++) {
			contributions.push({ entityId: host * KINDS.length + i, seq, penalty: 10, suppressed: 0 });
		}
		if (rows.length === 50_000) await flush();
	}
	if (rows.length > 0) await flush();
	await store.close();
}
