import type { EntityContext } from '../context';
import type { EntityKey, ProtectedEntry } from '../api';
import { LedgerError } from '../errors';
import { PostgresError } from './postgresErrors';
import { PostgresReader } from './postgresReader';
import { numbers, type Session, sightingKey, texts } from './postgresSession';
import { dispatchedMs, dueMs, FIRST_HEAD, packMembers, packSources, toBody } from './rows';
import type {
	AlarmRow, AuditRow, BaseRow, ContributionRow, CursorRow, DetectionRow, EntityRow, EpisodeRow, HostMerge, HostRow, IntentRow,
	LedgerHead, LinkRow, PolicyRow, RepeatRow, SourceRow, TableName, UnratedRow, WriteTransaction,
} from './store';
import { TABLES } from './store';

type ColumnType = 'bigint' | 'double precision' | 'text';
type Column<T> = readonly [name: string, type: ColumnType, of: (row: T) => string | number | null | undefined];

const DETECTION: readonly Column<DetectionRow>[] = [
	['seq', 'bigint', (row) => row.seq], ['id', 'text', (row) => row.id], ['source', 'text', (row) => row.source],
	['event_type_id', 'text', (row) => row.eventTypeId], ['event_type_name', 'text', (row) => row.eventTypeName],
	['occurred_ms', 'bigint', (row) => row.occurredMs], ['received_ms', 'bigint', (row) => row.receivedMs], ['body', 'text', (row) => row.body],
];
const CONTRIBUTION: readonly Column<ContributionRow>[] = [
	['entity_id', 'bigint', (row) => row.entityId], ['seq', 'bigint', (row) => row.seq],
	['penalty', 'double precision', (row) => row.penalty], ['suppressed', 'bigint', (row) => row.suppressed],
];
const ENTITY_NAME: readonly Column<EntityRow>[] = [['kind', 'text', (row) => row.kind], ['key', 'text', (row) => row.key]];
const ENTITY_SCORE: readonly Column<EntityRow>[] = [
	['id', 'bigint', (row) => row.id], ['sources', 'text', (row) => packSources(row.sources)], ['rank', 'double precision', (row) => row.rank],
	['rearm_ms', 'bigint', (row) => row.rearmMs], ['first_seen_ms', 'bigint', (row) => row.firstSeenMs], ['last_seen_ms', 'bigint', (row) => row.lastSeenMs],
];
const ENTITY_PLACE: readonly Column<EntityRow>[] = [
	['host_id', 'bigint', (row) => row.hostId], ['target_key', 'bigint', (row) => row.targetKey], ['purged_seq', 'bigint', (row) => row.purgedSeq],
];
const UNRATED: readonly Column<UnratedRow>[] = [
	['source', 'text', (row) => row.source], ['event_type_id', 'text', (row) => row.eventTypeId], ['event_type_name', 'text', (row) => row.eventTypeName],
	['detections', 'bigint', (row) => row.detections], ['first_seen_ms', 'bigint', (row) => row.firstSeenMs], ['last_seen_ms', 'bigint', (row) => row.lastSeenMs],
];
const REPEAT: readonly Column<RepeatRow>[] = [
	['entity_id', 'bigint', (row) => row.entityId], ['key', 'bigint', (row) => row.key], ['at_ms', 'bigint', (row) => row.atMs],
];
const HOST: readonly Column<HostRow>[] = [
	['id', 'bigint', (row) => row.id], ['state', 'text', (row) => row.state], ['episode_id', 'text', (row) => row.episodeId],
	['grace_until_ms', 'bigint', (row) => row.graceUntilMs], ['episodes', 'bigint', (row) => row.episodes], ['members', 'text', (row) => packMembers(row.members)],
];
const LINK: readonly Column<LinkRow>[] = [
	['kind', 'text', (row) => row.kind], ['value', 'text', (row) => row.value], ['host_id', 'bigint', (row) => row.hostId],
];
const EPISODE: readonly Column<EpisodeRow>[] = [
	['id', 'text', ({ episode }) => episode.id], ['host_id', 'bigint', (row) => row.hostId], ['state', 'text', ({ episode }) => episode.state],
	['opened_ms', 'bigint', ({ episode }) => Date.parse(episode.openedAt)],
	['release_due_ms', 'bigint', ({ episode: { releaseDueAt } }) => releaseDueAt === undefined ? null : Date.parse(releaseDueAt)],
	['body', 'text', (row) => JSON.stringify(row)],
];
const INTENT: readonly Column<IntentRow>[] = [
	['id', 'text', ({ intent }) => intent.id], ['kind', 'text', ({ intent }) => intent.kind], ['state', 'text', ({ intent }) => intent.state],
	['episode_id', 'text', ({ intent }) => intent.episodeId], ['created_ms', 'bigint', ({ intent }) => Date.parse(intent.createdAt)],
	['due_ms', 'bigint', dueMs], ['automatic', 'bigint', (row) => Number(row.automatic)], ['dispatched_ms', 'bigint', dispatchedMs],
	['body', 'text', (row) => JSON.stringify(row)],
];
const AUDIT: readonly Column<AuditRow>[] = [
	['seq', 'bigint', (row) => row.seq], ['at_ms', 'bigint', (row) => row.atMs], ['actor', 'text', (row) => row.actor],
	['execution', 'text', (row) => row.execution], ['action', 'text', (row) => row.action], ['subject', 'text', (row) => row.subject],
	['details', 'text', (row) => row.details], ['hash', 'text', (row) => row.hash],
];
const ALARM: readonly Column<AlarmRow>[] = [['key', 'text', (row) => row.key], ['body', 'text', (row) => JSON.stringify(row)]];
const SOURCE: readonly Column<SourceRow>[] = [['source', 'text', (row) => row.source], ['body', 'text', (row) => JSON.stringify(row)]];
const BASE: readonly Column<BaseRow>[] = [
	['entity_id', 'bigint', (row) => row.entityId], ['sources', 'text', (row) => packSources(row.sources)], ['memory', 'text', (row) => JSON.stringify(row.memory)],
];

/** A change. Rows go in sets: arrays, one for each column, that the server unnests. */
export class PostgresWriter extends PostgresReader implements WriteTransaction {
	/** @param firstHead Comes with the beginning of the transaction. */
	constructor(db: Session, private firstHead: Promise<LedgerHead> | undefined) {
		super(db);
	}

	async head(): Promise<LedgerHead> {
		const known = this.firstHead;
		this.firstHead = undefined;
		return await (known ?? super.head());
	}

	async saveHead(head: LedgerHead): Promise<void> {
		this.firstHead = undefined;
		this.db.send('INSERT INTO head (id, body) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET body = excluded.body', [JSON.stringify(head)]);
	}

	async insertPolicy(row: PolicyRow): Promise<void> {
		this.db.send('INSERT INTO policies (version, policy, created_ms, created_by, comment) VALUES ($1, $2, $3, $4, $5)', [
			row.version, JSON.stringify(row.policy), row.createdMs, row.createdBy, row.comment,
		]);
	}

	async saveCursor(row: CursorRow): Promise<void> {
		this.db.send(
			`INSERT INTO cursors (source, position, last_poll_ms) VALUES ($1, $2, $3)
			ON CONFLICT (source) DO UPDATE SET position = excluded.position, last_poll_ms = excluded.last_poll_ms`,
			[row.source, row.position ?? null, row.lastPollMs],
		);
	}

	async saveProtected(entry: ProtectedEntry): Promise<void> {
		this.db.send(
			`INSERT INTO protected (type, value, reason, added_by, added_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (type, value) DO UPDATE SET reason = excluded.reason, added_by = excluded.added_by, added_at = excluded.added_at`,
			[entry.type, entry.value, entry.reason, entry.addedBy, entry.addedAt],
		);
	}

	async deleteProtected(type: ProtectedEntry['type'], value: string): Promise<boolean> {
		return (await this.db.run('DELETE FROM protected WHERE type = $1 AND value = $2', [type, value])) > 0;
	}

	/** With what each is found by. */
	async insertDetections(rows: readonly DetectionRow[]): Promise<void> {
		if (rows.length === 0) return;
		const seen = rows.flatMap(({ seq, body }) => sightingsIn(body).map((key) => ({ seq, key })));
		const n = DETECTION.length;
		this.db.send(
			`WITH added AS (${insertSql('detections', DETECTION)})
			INSERT INTO sightings (key, seq) SELECT * FROM unnest($${n + 1}::uuid[], $${n + 2}::bigint[]) ON CONFLICT DO NOTHING`,
			[...arrays(DETECTION, rows), texts(seen.map(({ key }) => key)), numbers(seen.map(({ seq }) => seq))],
		);
	}

	/** An index of parts needs the extension pg_trgm, which not every server lets one create. */
	async indexKeys(): Promise<number> {
		return 0;
	}

	async insertContributions(rows: readonly ContributionRow[]): Promise<void> {
		await this.insert('contributions', CONTRIBUTION, rows);
	}

	async saveEntities(rows: readonly EntityRow[]): Promise<void> {
		const columns = [...ENTITY_SCORE, ...ENTITY_PLACE];
		await this.insert('entities', [...ENTITY_NAME, ...columns], rows, `ON CONFLICT (id) DO UPDATE SET ${excluded(columns, 'id')}`);
	}

	async updateScores(rows: readonly EntityRow[]): Promise<void> {
		if (rows.length === 0) return;
		const set = ENTITY_SCORE.map(([name]) => name).filter((name) => name !== 'id').map((name) => `${name} = j.${name}`).join(', ');
		const names = ENTITY_SCORE.map(([name]) => name).join(', ');
		const sql = `UPDATE entities e SET ${set} FROM ${unnest(ENTITY_SCORE)} j(${names}) WHERE e.id = j.id`;
		this.db.send(sql, arrays(ENTITY_SCORE, rows));
	}

	async addUnrated(rows: readonly UnratedRow[]): Promise<void> {
		await this.insert(
			'unrated', UNRATED, rows,
			`ON CONFLICT (source, event_type_id, event_type_name) DO UPDATE SET detections = unrated.detections + excluded.detections,
				first_seen_ms = least(unrated.first_seen_ms, excluded.first_seen_ms), last_seen_ms = greatest(unrated.last_seen_ms, excluded.last_seen_ms)`,
		);
	}

	async clearUnrated(): Promise<void> {
		this.db.send('DELETE FROM unrated', []);
	}

	async saveRepeats(rows: readonly RepeatRow[]): Promise<void> {
		await this.insert('repeats', REPEAT, rows, 'ON CONFLICT (entity_id, key) DO UPDATE SET at_ms = excluded.at_ms');
	}

	async deleteRepeats(entityId: number): Promise<void> {
		this.db.send('DELETE FROM repeats WHERE entity_id = $1', [entityId]);
	}

	async clearScores(afterSeq: number): Promise<void> {
		this.db.send('DELETE FROM contributions WHERE seq > $1', [afterSeq]);
		await this.db.script(`DELETE FROM repeats; UPDATE entities SET sources = '[]', rank = NULL`);
	}

	async rearmAll(): Promise<void> {
		this.db.send('UPDATE entities SET rearm_ms = 0 WHERE rearm_ms IS NULL', []);
	}

	async saveHosts(rows: readonly HostRow[]): Promise<void> {
		await this.insert('hosts', HOST, rows, `ON CONFLICT (id) DO UPDATE SET ${excluded(HOST, 'id')}`);
	}

	async insertLinks(rows: readonly LinkRow[]): Promise<void> {
		await this.insert('links', LINK, rows, 'ON CONFLICT DO NOTHING');
	}

	async mergeHosts(merges: readonly HostMerge[]): Promise<void> {
		if (merges.length === 0) return;
		const from = numbers(merges.map((merge) => merge.from));
		const to = merges.map((_, i) => finalHost(merges, i));
		const gone = merges.flatMap((merge) => merge.members.map(({ kind, value }) => ({ kind, value, hostId: merge.from })));
		this.db.send(
			`DELETE FROM links l USING ${unnest(LINK)} j(kind, value, host_id) WHERE l.kind = j.kind AND l.value = j.value AND l.host_id = j.host_id`,
			arrays(LINK, gone),
		);
		this.db.send(
			'UPDATE entities e SET host_id = j.target FROM unnest($1::bigint[], $2::bigint[]) j(origin, target) WHERE e.host_id = j.origin',
			[from, numbers(to)],
		);
		await this.moveEpisodes(from, new Map(merges.map((merge, i) => [merge.from, to[i]])));
		this.db.send('DELETE FROM hosts WHERE id = ANY($1::bigint[])', [from]);
	}

	private async moveEpisodes(from: string, target: ReadonlyMap<number, number>): Promise<void> {
		const rows = (await this.db.all('SELECT body FROM episodes WHERE host_id = ANY($1::bigint[])', [from])).map(toBody<EpisodeRow>);
		if (rows.length === 0) return;
		for (const row of rows) {
			row.hostId = target.get(row.hostId) as number;
			row.episode.hostId = `host-${row.hostId}`;
		}
		const hostOf = new Map(rows.map(({ episode, hostId }) => [episode.id, hostId]));
		const intents = await this.intentsOfEpisodes([...hostOf.keys()]);
		for (const row of intents) row.hostId = hostOf.get(row.intent.episodeId) as number;
		await this.saveEpisodes(rows);
		await this.saveIntents(intents);
	}

	async rearm(hostIds: readonly number[], keys: readonly EntityKey[], rearmMs: number): Promise<void> {
		this.db.send(
			`UPDATE entities SET rearm_ms = $1 WHERE id IN (
				SELECT id FROM entities WHERE host_id = ANY($2::bigint[])
				UNION SELECT e.id FROM unnest($3::text[], $4::text[]) j(kind, key)
					CROSS JOIN LATERAL (SELECT e.id FROM entities e WHERE e.kind = j.kind AND e.key = j.key LIMIT 1) e)`,
			[rearmMs, numbers(hostIds), texts(keys.map(({ kind }) => kind)), texts(keys.map(({ key }) => key))],
		);
	}

	async saveEpisodes(rows: readonly EpisodeRow[]): Promise<void> {
		await this.insert('episodes', EPISODE, rows, `ON CONFLICT (id) DO UPDATE SET ${excluded(EPISODE, 'id', 'opened_ms')}`);
	}

	async saveIntents(rows: readonly IntentRow[]): Promise<void> {
		await this.insert('intents', INTENT, rows, `ON CONFLICT (id) DO UPDATE SET ${excluded(INTENT, 'id', 'kind', 'episode_id', 'created_ms')}`);
	}

	async insertAudit(rows: readonly AuditRow[]): Promise<void> {
		await this.insert('audit', AUDIT, rows);
	}

	async saveAlarms(rows: readonly AlarmRow[]): Promise<void> {
		await this.insert('alarms', ALARM, lastOf(rows, ({ key }) => key), 'ON CONFLICT (key) DO UPDATE SET body = excluded.body');
	}

	async deleteAlarms(keys: readonly string[]): Promise<void> {
		this.db.send('DELETE FROM alarms WHERE key = ANY($1::text[])', [texts(keys)]);
	}

	async saveSources(rows: readonly SourceRow[]): Promise<void> {
		await this.insert('sources', SOURCE, lastOf(rows, ({ source }) => source), 'ON CONFLICT (source) DO UPDATE SET body = excluded.body');
	}

	async saveBases(rows: readonly BaseRow[]): Promise<void> {
		await this.insert('bases', BASE, rows, `ON CONFLICT (entity_id) DO UPDATE SET ${excluded(BASE, 'entity_id')}`);
	}

	async saveContext(entityId: number, context: EntityContext): Promise<void> {
		const sql = 'INSERT INTO contexts (entity_id, body) VALUES ($1, $2) ON CONFLICT (entity_id) DO UPDATE SET body = excluded.body';
		this.db.send(sql, [entityId, JSON.stringify(context)]);
	}

	async deleteDetections(seqs: readonly number[]): Promise<void> {
		const gone = await this.db.all('DELETE FROM detections WHERE seq = ANY($1::bigint[]) RETURNING seq, body', [numbers(seqs)]);
		const seen = gone.flatMap(({ seq, body }) => sightingsIn(body as string).map((key) => ({ seq: seq as number, key })));
		this.db.send(
			'DELETE FROM sightings s USING unnest($1::uuid[], $2::bigint[]) j(key, seq) WHERE s.key = j.key AND s.seq = j.seq',
			[texts(seen.map(({ key }) => key)), numbers(seen.map(({ seq }) => seq))],
		);
	}

	async deleteContributions(places: readonly Pick<ContributionRow, 'entityId' | 'seq'>[]): Promise<void> {
		this.db.send(
			`DELETE FROM contributions c USING unnest($1::bigint[], $2::bigint[]) j(entity_id, seq) WHERE c.entity_id = j.entity_id AND c.seq = j.seq`,
			[numbers(places.map(({ entityId }) => entityId)), numbers(places.map(({ seq }) => seq))],
		);
	}

	async deleteRepeatsBefore(entityIds: readonly number[], beforeMs: number): Promise<void> {
		this.db.send('DELETE FROM repeats WHERE entity_id = ANY($1::bigint[]) AND at_ms < $2', [numbers(entityIds), Number.isFinite(beforeMs) ? Math.ceil(beforeMs) : 0]);
	}

	async deleteAudit(throughSeq: number, limit: number): Promise<number> {
		return await this.db.run('DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE seq <= $1 ORDER BY seq LIMIT $2)', [throughSeq, limit]);
	}

	async clearAll(): Promise<void> {
		this.firstHead = Promise.resolve(structuredClone(FIRST_HEAD));
		await this.db.script([...TABLES, 'sightings'].map((table) => `DELETE FROM ${table}`).join('; '));
	}

	async restore(table: TableName, rows: readonly Record<string, unknown>[]): Promise<void> {
		if (rows.length === 0) return;
		this.firstHead = undefined;
		const columns = (await this.columnsOf(table)).filter(([name]) => name in rows[0]);
		try {
			if (table === 'detections') await this.insertSightings(rows);
			await this.insert(table, columns, rows);
			await this.db.settled();
		} catch (error) {
			const { reason } = error as Partial<PostgresError>;
			if (reason === undefined || !/^2[23]/.test(reason)) throw error;
			throw new LedgerError('invalidImport', `A row of the table ${table} does not fit: ${(error as Error).message}`);
		}
	}

	private async insertSightings(rows: readonly Record<string, unknown>[]): Promise<void> {
		const seen = rows.flatMap(({ seq, body }) => sightingsIn(String(body)).map((key) => ({ seq: seq as number, key })));
		this.db.send(
			'INSERT INTO sightings (key, seq) SELECT * FROM unnest($1::uuid[], $2::bigint[]) ON CONFLICT DO NOTHING',
			[texts(seen.map(({ key }) => key)), numbers(seen.map(({ seq }) => seq))],
		);
	}

	private async columnsOf(table: TableName): Promise<Column<Record<string, unknown>>[]> {
		const found = await this.db.all(
			`SELECT attname::text AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
			WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
			[table],
		);
		return found.map(({ name, type }) => [name as string, type as ColumnType, (row) => row[name as string] as string | number | null]);
	}

	private async insert<T>(table: string, columns: readonly Column<T>[], rows: readonly T[], onConflict = ''): Promise<void> {
		if (rows.length > 0) this.db.send(`${insertSql(table, columns)} ${onConflict}`, arrays(columns, rows));
	}
}

function insertSql<T>(table: string, columns: readonly Column<T>[]): string {
	return `INSERT INTO ${table} (${columns.map(([name]) => name).join(', ')}) SELECT * FROM ${unnest(columns)}`;
}

function unnest<T>(columns: readonly Column<T>[]): string {
	return `unnest(${columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})`;
}

function excluded<T>(columns: readonly Column<T>[], ...except: string[]): string {
	return columns.map(([name]) => name).filter((name) => !except.includes(name)).map((name) => `${name} = excluded.${name}`).join(', ');
}

function arrays<T>(columns: readonly Column<T>[], rows: readonly T[]): string[] {
	return columns.map(([, type, of]) => {
		const values = rows.map(of);
		return type === 'text' ? texts(values.map((value) => (value === null || value === undefined ? null : String(value)))) : numbers(values as number[]);
	});
}

/** One row per key, the last one: a statement may touch each row only once. */
function lastOf<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
	return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

/** Where a host ends up, as the host that it merged into may have merged into another one since. */
function finalHost(merges: readonly HostMerge[], from: number): number {
	let { to } = merges[from];
	for (let i = from + 1; i < merges.length; i++) if (merges[i].from === to) to = merges[i].to;
	return to;
}

/** Keys of the observables of a detection, each once. */
function sightingsIn(body: string): string[] {
	const { observables } = JSON.parse(body) as { observables?: { value: string }[] };
	return [...new Set((observables ?? []).map(({ value }) => sightingKey(value)))];
}
