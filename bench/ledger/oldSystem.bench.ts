import { Client } from 'pg';
import { closeIdleLedgers, openLedger, type Detection } from '../../ledger';
import { PostgresStore } from '../../ledger/store/postgres';
import { identifier, type PostgresSettings } from '../../ledger/store/postgresSettings';
import type { DetectionRow } from '../../ledger/store/store';
import { postgresMissing, startPostgres, type TestServer } from '../../test/support/postgres';
import { timed, type BenchResult } from '../bench';
import { detections } from './workload';

const BATCH = 1_000;
/** Events that the oldest system gets of each batch: it takes too long for all of them. */
const ITS_SHARE = 20;
const BATCHES = 8;
const WARM_UP = 2;
/** Events that both have already; the oldest system never forgets one. */
const STORED = 300_000;
const STORE_AT_ONCE = 20_000;
const HOSTS = 12_500;
const FROM_MS = Date.UTC(2026, 0, 1);
const STEP_MS = 20_000;
const PENALTY = 5;

/** Its tables of events, by our sources. */
const EVENTS: Record<string, string> = { secureEndpoint: 'ampevents', umbrella: 'umbevents', secureNetworkAnalytics: 'swevents' };
/** Its tables of scores, with their key. */
const SCORES = { hosts: 'mac', users: 'user', ips: 'ip', hostnames: 'hostname' } as const;

/**
 * Score in batches of 1,000 on PostgreSQL, against the way of the oldest system on the same server: for each event a
 * search through all earlier ones of the source, an insert, and for each of its four entities a SELECT and an INSERT
 * or UPDATE, five commits in all. The two take turns, first with empty tables and then with history.
 */
export default async function oldSystemBench(): Promise<BenchResult[]> {
	if (postgresMissing() !== undefined) return [];
	const server = await startPostgres();
	const results = [
		await compare(server, 0, 'Score on PostgreSQL, against the oldest system, both empty', 'no bar: it has nothing to search yet', 0),
		await compare(server, STORED, `The same, with ${STORED.toLocaleString('en')} events stored`, 'at least 100 times', 100),
	];
	await closeIdleLedgers();
	await server.stop();
	return results;
}

async function compare(server: TestServer, stored: number, name: string, bar: string, least: number): Promise<BenchResult> {
	const settings = server.settings();
	let nowMs = FROM_MS;
	const ledger = await openLedger({ postgres: settings, now: () => nowMs });
	const old = await OldSystem.open(server.settings());
	await store(settings, old, stored);
	const all = [...detections(BATCH * BATCHES, HOSTS, FROM_MS, STEP_MS)];
	const total = { ours: 0, old: 0 };
	for (let i = 0; i < BATCHES; i++) {
		const batch = all.slice(i * BATCH, (i + 1) * BATCH);
		nowMs = FROM_MS + (i + 1) * BATCH * STEP_MS;
		const oursMs = await timed(() => ledger.score(batch, { actor: { name: 'bench' } }));
		const oldMs = await timed(() => old.take(batch.slice(0, ITS_SHARE)));
		if (i < WARM_UP) continue;
		total.ours += oursMs;
		total.old += oldMs * (BATCH / ITS_SHARE);
	}
	await Promise.all([ledger.close(), old.close()]);
	const perSecond = (ms: number) => (BATCH * (BATCHES - WARM_UP) * 1_000) / ms;
	const ratio = total.old / total.ours;
	return { name, unit: 'detections/s', ours: perSecond(total.ours), baseline: perSecond(total.old), ratio, bar, ok: ratio >= least };
}

/** The same history for both, straight into their tables. */
async function store(settings: PostgresSettings, old: OldSystem, count: number): Promise<void> {
	const target = new PostgresStore(settings);
	const rows: DetectionRow[] = [];
	let batch: Detection[] = [];
	const flush = async () => {
		await target.write(async (tx) => {
			await tx.insertDetections(rows.slice(-batch.length));
			await tx.saveHead({ ...(await tx.head()), detectionSeq: rows.length });
		});
		await old.fill(batch);
		batch = [];
	};
	for (const detection of detections(count, HOSTS, FROM_MS - count * 1_000, 1_000, 7)) {
		const occurredMs = Date.parse(detection.occurredAt);
		const { id, source, eventType } = detection;
		rows.push({ seq: rows.length + 1, id, source, eventTypeId: eventType.id, eventTypeName: eventType.name, occurredMs, receivedMs: occurredMs, body: JSON.stringify(detection) });
		batch.push(detection);
		if (batch.length === STORE_AT_ONCE) await flush();
	}
	await target.close();
}

/** One connection, statements without preparation, each committed by itself, one event after the other. */
class OldSystem {
	private constructor(private readonly client: Client) {}

	static async open({ host, port, database, user, password, schema }: PostgresSettings): Promise<OldSystem> {
		const client = new Client({ host, port, database, user, password });
		await client.connect();
		await client.query(`CREATE SCHEMA ${identifier(schema)}; SET search_path = ${identifier(schema)}`);
		for (const table of Object.values(EVENTS)) {
			await client.query(`CREATE TABLE ${table} (mac varchar(20), observable varchar(100), "user" varchar(150), hostname varchar(150), ip varchar(50),
				penalty int, eventstring varchar(2000), updatetime timestamp, eventid serial PRIMARY KEY)`);
		}
		for (const [table, key] of Object.entries(SCORES)) {
			await client.query(`CREATE TABLE ${table} ("${key}" varchar(150) PRIMARY KEY, penalty int, rtcflag int, updatetime timestamp)`);
		}
		return new OldSystem(client);
	}

	async take(events: readonly Detection[]): Promise<void> {
		for (const event of events) await this.takeOne(event);
	}

	async fill(events: readonly Detection[]): Promise<void> {
		for (const [source, table] of Object.entries(EVENTS)) {
			const rows = events.filter((event) => event.source === source).map((event) => valuesOf(event));
			const columns = ['mac', 'user', 'ip', 'hostname', 'observable', 'eventstring'];
			await this.client.query(
				`INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')}, penalty, updatetime)
				SELECT *, ${PENALTY}, now() FROM unnest(${columns.map((_, i) => `$${i + 1}::text[]`).join(', ')})`,
				columns.map((_, i) => rows.map((row) => row[i])),
			);
		}
		await this.client.query('ANALYZE');
	}

	async close(): Promise<void> {
		await this.client.end();
	}

	private async takeOne(event: Detection): Promise<void> {
		const table = EVENTS[event.source];
		const values = valuesOf(event);
		const { rows } = await this.client.query(
			`SELECT mac, "user", ip, hostname, observable, eventstring, updatetime, penalty, eventid FROM ${table}
			WHERE mac = $1 AND "user" = $2 AND ip = $3 AND hostname = $4 AND observable = $5`,
			values.slice(0, 5),
		);
		if (rows.length > 0) return;
		await this.client.query(
			`INSERT INTO ${table} (mac, "user", ip, hostname, observable, eventstring, penalty, updatetime) VALUES ($1, $2, $3, $4, $5, $6, ${PENALTY}, now())`,
			values,
		);
		const [target] = event.targets;
		for (const [scores, key] of Object.entries(SCORES)) await this.addPenalty(scores, key, target[key] as string);
	}

	/** Reads, adds, writes: as it did. */
	private async addPenalty(table: string, key: string, value: string): Promise<void> {
		const { rows: [known] } = await this.client.query<{ penalty: number }>(`SELECT "${key}", penalty FROM ${table} WHERE "${key}" = $1`, [value]);
		const sql = known
			? `UPDATE ${table} SET penalty = $1, updatetime = now() WHERE "${key}" = $2`
			: `INSERT INTO ${table} (penalty, "${key}", updatetime) VALUES ($1, $2, now())`;
		await this.client.query(sql, [(known?.penalty ?? 0) + PENALTY, value]);
	}
}

function valuesOf(event: Detection): string[] {
	const [{ mac, user, ip, hostname }] = event.targets as Required<Detection['targets'][number]>[];
	return [mac, user, ip, hostname, event.observables[0].value, JSON.stringify(event)];
}
