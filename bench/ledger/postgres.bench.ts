import { Client } from 'pg';
import { openLedger, closeIdleLedgers, type Detection } from '../../ledger';
import { identifier, type PostgresSettings } from '../../ledger/store/postgresSettings';
import { numbers, texts } from '../../ledger/store/postgresSession';
import { startPostgres } from '../../test/support/postgres';
import { timed, type BenchResult } from '../bench';
import { detections } from './workload';

const BATCH = 1_000;
const BATCHES = 12;
/** The first batches make the connections and the plans. */
const WARM_UP = 2;
const HOSTS = 12_500;
const FROM_MS = Date.UTC(2026, 0, 1);
const STEP_MS = 20_000;
/** Detections that the row-by-row client gets of each batch: it takes too long for all of them. */
const ROW_BY_ROW = 20;

/** Tables that a batch writes, with what makes their rows unique. */
const TABLES: Record<string, string> = {
	detections: 'seq', sightings: 'key, seq', contributions: 'entity_id, seq', repeats: 'entity_id, key', entities: 'id', hosts: 'id',
	links: 'kind, value, host_id', audit: 'seq', head: 'id', episodes: 'id', intents: 'id', unrated: 'source, event_type_id, event_type_name',
};
type Column = { name: string; type: string };
type Rows = Map<string, Record<string, unknown>[]>;

/**
 * Score with full semantics on PostgreSQL, against a bare loop that writes the very same rows in sets into the same
 * tables of another schema, and against a client that writes them row by row, one commit per row. All take
 * turns, batch by batch, so that a busy machine hits all of them.
 */
export default async function postgresBench(): Promise<BenchResult[]> {
	const server = await startPostgres();
	let nowMs = FROM_MS;
	const ours = server.settings();
	const ledger = await openLedger({ postgres: ours, now: () => nowMs });
	const bare = await BareLoop.open(ours, server.settings());
	const rowByRow = await BareLoop.open(ours, server.settings());
	const total = { ours: 0, bare: 0, rowByRow: 0 };
	const all: Detection[] = [...detections(BATCH * BATCHES, HOSTS, FROM_MS, STEP_MS)];
	for (let i = 0; i < BATCHES; i++) {
		nowMs = FROM_MS + (i + 1) * BATCH * STEP_MS;
		const oursMs = await timed(() => ledger.score(all.slice(i * BATCH, (i + 1) * BATCH), { actor: { name: 'bench' } }));
		const rows = await bare.newRows();
		const bareMs = await timed(() => bare.writeSets(rows));
		const rowMs = await timed(() => rowByRow.writeRows(rows, ROW_BY_ROW / BATCH));
		if (i < WARM_UP) continue;
		total.ours += oursMs;
		total.bare += bareMs;
		total.rowByRow += rowMs * (BATCH / ROW_BY_ROW);
	}
	await Promise.all([bare.close(), rowByRow.close(), ledger.close()]);
	await closeIdleLedgers();
	await server.stop();
	const perSecond = (ms: number) => (BATCH * (BATCHES - WARM_UP) * 1_000) / ms;
	const result = (name: string, baselineMs: number, bar: string, least: number): BenchResult => {
		const ratio = baselineMs / total.ours;
		return { name, unit: 'detections/s', ours: perSecond(total.ours), baseline: perSecond(baselineMs), ratio, bar, ok: ratio >= least };
	};
	return [
		result('Score on PostgreSQL in batches of 1,000', total.bare, 'at least 0.50 of the bare set-based loop', 0.5),
		result('The same, against a row-by-row client', total.rowByRow, 'at least 20 times', 20),
	];
}

/** Writes the rows of another ledger into a schema of its own. */
class BareLoop {
	private constructor(
		private readonly client: Client,
		private readonly origin: string,
		private readonly columns: ReadonlyMap<string, Column[]>,
	) {}

	static async open(origin: PostgresSettings, target: PostgresSettings): Promise<BareLoop> {
		const made = await openLedger({ postgres: target });
		await made.close();
		const { host, port, database, user, password, schema } = target;
		const client = new Client({ host, port, database, user, password });
		await client.connect();
		await client.query(`SET search_path = ${identifier(schema)}; TRUNCATE ${Object.keys(TABLES).join(', ')}`);
		const columns = new Map<string, Column[]>();
		for (const table of Object.keys(TABLES)) {
			const { rows } = await client.query<Column>(
				`SELECT attname::text AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
				WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
				[table],
			);
			columns.set(table, rows);
		}
		return new BareLoop(client, identifier(origin.schema), columns);
	}

	/** What the last change of the ledger has written: its rows carry the transaction of the head's row. */
	async newRows(): Promise<Rows> {
		const rows: Rows = new Map();
		for (const table of Object.keys(TABLES)) {
			const sql = `SELECT * FROM ${this.origin}.${table} WHERE xmin::text = (SELECT xmin::text FROM ${this.origin}.head) ORDER BY ${TABLES[table]}`;
			rows.set(table, (await this.client.query<Record<string, unknown>>(sql)).rows);
		}
		return rows;
	}

	/** One statement per table, one transaction. */
	async writeSets(all: Rows): Promise<void> {
		await this.client.query('BEGIN');
		for (const [table, rows] of all) if (rows.length > 0) await this.write(table, rows);
		await this.client.query('COMMIT');
	}

	/** One statement per row, each committed by itself; of a share of the rows, so that it ends some day. */
	async writeRows(all: Rows, share: number): Promise<void> {
		for (const [table, rows] of all) {
			for (const row of rows.slice(0, Math.max(1, Math.round(rows.length * share)))) await this.write(table, [row]);
		}
	}

	async close(): Promise<void> {
		await this.client.end();
	}

	private async write(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
		const columns = this.columns.get(table) as Column[];
		const names = columns.map(({ name }) => name);
		const keys = TABLES[table].split(', ');
		const set = names.filter((name) => !keys.includes(name)).map((name) => `${name} = excluded.${name}`).join(', ');
		const values = columns.map(({ name, type }) => {
			const column = rows.map((row) => row[name] as string | null);
			return type === 'text' || type === 'uuid' ? texts(column) : numbers(column as unknown as number[]);
		});
		await this.client.query({
			name: `write-${table}`,
			text: `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${columns.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ')})
				ON CONFLICT (${keys.join(', ')}) DO ${set === '' ? 'NOTHING' : `UPDATE SET ${set}`}`,
			values,
		});
	}
}
