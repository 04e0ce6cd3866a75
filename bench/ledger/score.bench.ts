import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { openLedger, type Detection } from '../../ledger';
import { MIGRATIONS } from '../../ledger/store/migrations';
import { timed, type BenchResult } from '../bench';
import { detections } from './workload';

const BATCH = 1_000;
const BATCHES = 40;
const HOSTS = 12_500;
const FROM_MS = Date.UTC(2026, 0, 1);
/** 4,320 detections a day from 12,500 endpoints. */
const STEP_MS = 20_000;
/** As the ledger's own connection. */
const SETTINGS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16000';

/** Tables that a batch writes, in the order in which the ledger does. */
const TABLES = ['detections', 'sightings', 'contributions', 'repeats', 'entities', 'hosts', 'links', 'audit'] as const;
type Rows = Record<(typeof TABLES)[number], SQLInputValue[][]>;

/**
 * Score with full semantics against a bare loop that writes the very same rows into the same tables: same indexes,
 * same durability, one transaction per batch, but without reading, thinking or hashing. The two take turns, batch
 * by batch, so that a busy machine hits both.
 */
export default async function scoreBench(): Promise<BenchResult> {
	const folder = mkdtempSync(join(tmpdir(), 'bench-score-'));
	const file = join(folder, 'ledger.db');
	let nowMs = FROM_MS;
	const ledger = await openLedger({ file, now: () => nowMs });
	const tap = new RowTap(file);
	const bare = new BareLoop(join(folder, 'bare.db'));
	let ours = 0;
	let baseline = 0;
	const all = [...detections(BATCH * BATCHES, HOSTS, FROM_MS, STEP_MS)];
	for (let i = 0; i < BATCHES; i++) {
		const batch: Detection[] = all.slice(i * BATCH, (i + 1) * BATCH);
		nowMs = FROM_MS + (i + 1) * BATCH * STEP_MS;
		ours += await timed(() => ledger.score(batch, { actor: { name: 'bench' } }));
		const rows = tap.newRows();
		baseline += await timed(() => bare.write(rows));
	}
	tap.close();
	bare.close();
	await ledger.close();
	rmSync(folder, { recursive: true });
	const perSecond = (ms: number) => (BATCH * BATCHES * 1_000) / ms;
	const ratio = baseline / ours;
	return {
		name: 'Score in batches of 1,000',
		unit: 'detections/s',
		ours: perSecond(ours),
		baseline: perSecond(baseline),
		ratio,
		bar: 'at least 0.40 of the bare loop (aim: 0.60)',
		ok: ratio >= 0.4,
	};
}

/** Reads, outside of the measured time, which rows the last batch has written. */
class RowTap {
	private readonly db: DatabaseSync;
	private seq = 0;
	private auditSeq = 0;
	private hostId = 0;

	constructor(file: string) {
		this.db = new DatabaseSync(file, { readOnly: true });
		this.auditSeq = this.lastAudit();
	}

	newRows(): Rows {
		const rows = (sql: string, ...params: SQLInputValue[]) =>
			this.db.prepare(sql).all(...params).map((row) => Object.values(row) as SQLInputValue[]);
		const touched = 'SELECT DISTINCT entity_id FROM contributions WHERE seq > ?';
		const touchedIds = this.db.prepare(`SELECT json_group_array(entity_id) AS ids FROM (${touched})`).get(this.seq)?.ids as string;
		const received = this.db.prepare('SELECT min(occurred_ms) AS ms FROM detections WHERE seq > ?').get(this.seq)?.ms as number;
		const written: Rows = {
			detections: rows('SELECT * FROM detections WHERE seq > ? ORDER BY seq', this.seq),
			sightings: rows('SELECT * FROM sightings WHERE seq > ? ORDER BY seq', this.seq),
			contributions: rows('SELECT * FROM contributions WHERE seq > ? ORDER BY seq', this.seq),
			repeats: rows('SELECT * FROM repeats WHERE entity_id IN (SELECT value FROM json_each(?)) AND at_ms >= ?', touchedIds, received),
			entities: rows('SELECT * FROM entities WHERE id IN (SELECT value FROM json_each(?))', touchedIds),
			hosts: rows('SELECT * FROM hosts WHERE id > ? ORDER BY id', this.hostId),
			links: rows('SELECT * FROM links WHERE host_id > ?', this.hostId),
			audit: rows('SELECT * FROM audit WHERE seq > ? ORDER BY seq', this.auditSeq),
		};
		this.hostId += written.hosts.length;
		this.seq += written.detections.length;
		this.auditSeq = this.lastAudit();
		return written;
	}

	close(): void {
		this.db.close();
	}

	private lastAudit(): number {
		return this.db.prepare('SELECT max(seq) AS seq FROM audit').get()?.seq as number;
	}
}

class BareLoop {
	private readonly db: DatabaseSync;
	private readonly statements;

	constructor(file: string) {
		this.db = new DatabaseSync(file);
		this.db.exec(SETTINGS);
		for (const migration of MIGRATIONS) this.db.exec(migration);
		const insert = (table: string, columns: number, conflict = '') =>
			this.db.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(', ')}) ${conflict}`);
		this.statements = {
			detections: insert('detections', 8),
			sightings: insert('sightings', 2),
			contributions: insert('contributions', 4),
			repeats: insert('repeats', 3, 'ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms'),
			entities: insert(
				'entities',
				11,
				`ON CONFLICT (id) DO UPDATE SET sources = excluded.sources, rank = excluded.rank, rearm_ms = excluded.rearm_ms,
				last_seen_ms = excluded.last_seen_ms`,
			),
			hosts: insert('hosts', 6),
			links: insert('links', 3),
			audit: insert('audit', 8),
		};
	}

	write(rows: Rows): void {
		this.db.exec('BEGIN IMMEDIATE');
		for (const table of TABLES) {
			const statement = this.statements[table];
			for (const row of rows[table]) statement.run(...row);
		}
		this.db.exec('COMMIT');
	}

	close(): void {
		this.db.close();
	}
}
