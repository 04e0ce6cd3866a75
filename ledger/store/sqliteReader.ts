import type { EntityKey, IntentState, ProtectedEntry } from '../api';
import type { EntityContext } from '../context';
import { partsQuery } from './keyParts';
import { DETECTION_COUNT_CAP, fromTheEnd } from './lists';
import {
	type EntityTuple, FIRST_HEAD, fromTuple, RANKED_COLUMNS, type RankedTuple, toAudit, toBase, toBody, toCursor, toDetection, toEntity, toHost,
	toOpenIntents, toPolicy, toProtected, toRanked, toUnrated,
} from './rows';
import { isWhole, sightingOf } from './sightings';
import { type Row, SqliteSession, Where } from './sqliteSession';
import type {
	AlarmRow, AuditQuery, AuditRow, BaseRow, ContributionRow, Counted, CursorRow, DetectionQuery, DetectionRow, EntityRow, EpisodeRow, HostRow,
	IntentRow, LedgerHead, LinkRow, PolicyRow, RankedEntity, RankedFilter, ReadTransaction, SourceActivity, SourceRow, TimedContribution, UnratedRow,
} from './store';

/** Of a list of entities: as long as few rows are skipped, reading them is as fast as not. */
const FIRST_ROWS = 200;
/** Of a search: reading and sorting so many is faster than walking an index until enough of them have come. */
const FEW_FOUND = 2_000;
const ENTITY_ORDERS = { score: 'e.rank DESC, e.id', lastSeen: 'e.last_seen_ms DESC, e.id', key: 'e.key, e.id' };
const FROM_THE_END = { score: 'e.rank, e.id DESC', lastSeen: 'e.last_seen_ms, e.id DESC', key: 'e.key DESC, e.id DESC' };

/** What a transaction on SQLite reads. */
export class SqliteReader extends SqliteSession implements ReadTransaction {
	async head(): Promise<LedgerHead> {
		const row = this.get('SELECT body FROM head WHERE id = 1');
		return row ? (JSON.parse(row.body as string) as LedgerHead) : structuredClone(FIRST_HEAD);
	}

	async policy(version: number): Promise<PolicyRow | undefined> {
		const row = this.get('SELECT * FROM policies WHERE version = ?', [version]);
		return row && toPolicy(row);
	}

	async policies(): Promise<PolicyRow[]> {
		return this.all('SELECT * FROM policies ORDER BY version DESC').map(toPolicy);
	}

	async cursors(): Promise<CursorRow[]> {
		return this.all('SELECT * FROM cursors ORDER BY source').map(toCursor);
	}

	async cursor(source: string): Promise<CursorRow | undefined> {
		const row = this.get('SELECT * FROM cursors WHERE source = ?', [source]);
		return row && toCursor(row);
	}

	async protectedEntries(): Promise<ProtectedEntry[]> {
		return this.all('SELECT * FROM protected ORDER BY type, value').map(toProtected);
	}

	async knownDetections(ids: readonly string[]): Promise<Set<string>> {
		const statement = this.prepare('SELECT 1 FROM detections WHERE id = ?');
		return new Set(ids.filter((id) => statement.get(id) !== undefined));
	}

	async unrated({ source, ...range }: Parameters<ReadTransaction['unrated']>[0]): Promise<Counted<UnratedRow>> {
		const where = new Where();
		if (source !== undefined) where.add('source = ?', source);
		const order = 'ORDER BY detections DESC, source, event_type_id, event_type_name';
		return this.page('*', `FROM unrated ${where.sql}`, order, where.params, range, toUnrated);
	}

	async detectionsAfter(afterSeq: number, limit: number): Promise<DetectionRow[]> {
		return this.all('SELECT * FROM detections WHERE seq > ? ORDER BY seq LIMIT ?', [afterSeq, limit]).map(toDetection);
	}

	async detections(query: DetectionQuery): Promise<Counted<DetectionRow>> {
		const where = new Where();
		if (query.source !== undefined) where.add('d.source = ?', query.source);
		if (query.eventType !== undefined) where.add('(d.event_type_id = ? OR d.event_type_name = ?)', query.eventType, query.eventType);
		if (query.sinceMs !== undefined) where.add('d.occurred_ms >= ?', query.sinceMs);
		if (query.untilMs !== undefined) where.add('d.occurred_ms <= ?', query.untilMs);
		if (query.entityId !== undefined) where.add('c.entity_id = ?', query.entityId);
		if (query.observable !== undefined) {
			where.add('s.value = ?', sightingOf(query.observable));
			if (!isWhole(query.observable)) {
				where.add(`EXISTS (SELECT 1 FROM json_each(d.body, '$.observables') o WHERE lower(json_extract(o.value, '$.value')) = lower(?))`, query.observable);
			}
		}
		const seen = query.observable !== undefined;
		const from = (seen ? 'sightings s CROSS JOIN detections d ON d.seq = s.seq' : 'detections d')
			+ (query.entityId === undefined ? '' : ' JOIN contributions c ON c.seq = d.seq');
		const order = seen ? 's.seq DESC' : 'd.occurred_ms DESC, d.seq DESC';
		const rows = this.all(`SELECT d.* FROM ${from} ${where.sql} ORDER BY ${order} LIMIT ? OFFSET ?`, [...where.params, query.limit, query.offset]);
		const counted = `FROM ${onlySightings(query) ? 'sightings s' : from} ${where.sql}`;
		return { rows: rows.map(toDetection), ...this.total(counted, where.params, rows.length, query, DETECTION_COUNT_CAP) };
	}

	/** Steps from source to source in the index, as their number is small and that of detections is not. */
	async detectionCounts(sinceMs: number): Promise<{ source: string; count: number }[]> {
		return this.all(
			`WITH RECURSIVE known(source) AS (
				SELECT min(source) FROM detections
				UNION ALL SELECT (SELECT min(d.source) FROM detections d WHERE d.source > known.source) FROM known WHERE known.source IS NOT NULL
			)
			SELECT source, (SELECT count(*) FROM detections d WHERE d.source = known.source AND d.occurred_ms >= ?) AS count
			FROM known WHERE source IS NOT NULL ORDER BY source`,
			[sinceMs],
		)
			.map((row) => ({ source: row.source as string, count: row.count as number }))
			.filter(({ count }) => count > 0);
	}

	async entities(keys: readonly EntityKey[]): Promise<(EntityRow | undefined)[]> {
		const statement = this.prepare(
			`SELECT j.key, e.id, e.sources, e.rank, e.rearm_ms, e.host_id, e.target_key, e.first_seen_ms, e.last_seen_ms, e.purged_seq
			FROM json_each(?) j CROSS JOIN entities e ON e.kind = ? AND e.key = j.value`,
		);
		statement.setReturnArrays(true);
		const rows = Array<EntityRow | undefined>(keys.length).fill(undefined);
		for (const [kind, places] of placesByKind(keys)) {
			const wanted = JSON.stringify(places.map((place) => keys[place].key));
			for (const tuple of statement.all(wanted, kind) as unknown as EntityTuple[]) {
				const place = places[tuple[0]];
				rows[place] = fromTuple(kind, keys[place].key, tuple);
			}
		}
		return rows;
	}

	async entitiesAfter(afterId: number, limit: number): Promise<EntityRow[]> {
		return this.all('SELECT * FROM entities WHERE id > ? ORDER BY id LIMIT ?', [afterId, limit]).map(toEntity);
	}

	async entitiesOfHosts(hostIds: readonly number[]): Promise<EntityRow[]> {
		return this.all('SELECT e.* FROM json_each(?) j JOIN entities e ON e.host_id = j.value', [JSON.stringify(hostIds)]).map(toEntity);
	}

	async rankedEntities(filter: RankedFilter): Promise<Counted<RankedEntity>> {
		const where = new Where();
		if (filter.kind !== undefined) where.add('e.kind = ?', filter.kind);
		if (filter.minRank !== undefined) where.add('e.rank >= ?', filter.minRank);
		if (filter.maxRank !== undefined) {
			where.add(filter.minRank === undefined ? '(e.rank < ? OR e.rank IS NULL)' : 'e.rank < ?', filter.maxRank);
		}
		const found = this.whereSearch(filter, where);
		this.whereState(filter, where);
		// Hosts out of the ordinary are few, so they lead the query, as does what was found when that is little; for the rest the rank index does.
		const few = filter.state !== undefined && filter.state !== 'normal';
		const entities = found <= FEW_FOUND ? 'entities e NOT INDEXED' : 'entities e';
		const from = few ? 'hosts h CROSS JOIN entities e ON e.host_id = h.id' : `${entities} LEFT JOIN hosts h ON h.id = e.host_id`;
		const fromEnd = fromTheEnd(filter);
		const { limit, offset } = fromEnd ?? filter;
		const order = `ORDER BY ${(fromEnd ? FROM_THE_END : ENTITY_ORDERS)[filter.order ?? 'score']}`;
		const range = `${where.sql} ${order} LIMIT ? OFFSET ?`;
		// Where the host does not matter, what is skipped is skipped in an index, without looking at a row.
		const statement = this.prepare(filter.state !== undefined || offset + limit <= FIRST_ROWS
			? `SELECT ${RANKED_COLUMNS} FROM ${from} ${range}`
			: `SELECT ${RANKED_COLUMNS} FROM (SELECT e.id FROM entities e ${range}) p CROSS JOIN entities e ON e.id = p.id LEFT JOIN hosts h ON h.id = e.host_id ${order}`);
		statement.setReturnArrays(true);
		const rows = (statement.all(...where.params, limit, offset) as unknown as RankedTuple[]).map(toRanked);
		return { rows: fromEnd ? rows.reverse() : rows, ...this.total(`FROM ${from} ${where.sql}`, where.params, rows.length, filter) };
	}

	/** Looks the keys up once for a page and its total; rows are read only for those that fit. @returns how many do */
	private whereSearch({ kind, search }: RankedFilter, where: Where): number {
		if (search === undefined || search === '') return Infinity;
		const parts = partsQuery(search, kind);
		const newer = new Where();
		newer.add('instr(lower(key), lower(?)) > 0', search);
		if (parts) newer.add('id > ?', this.keysIndexed());
		// Without the `+` the few that are newer would be sought among all of the kind.
		if (kind !== undefined) newer.add(parts ? '+kind = ?' : 'kind = ?', kind);
		const sql = [...(parts ? [parts.sql] : []), `SELECT id FROM entities ${newer.sql}`].join(' UNION ALL ');
		const found = this.get(`SELECT json_group_array(id) AS ids, count(*) AS n FROM (${sql})`, [...(parts?.params ?? []), ...newer.params]);
		where.add('e.id IN (SELECT value FROM json_each(?))', found?.ids as string);
		return found?.n as number;
	}

	/** Number of the last entity that can be found by parts of its key. */
	protected keysIndexed(): number {
		return this.get('SELECT entity_id FROM key_parts_through')?.entity_id as number;
	}

	private whereState({ state, nowMs }: RankedFilter, where: Where): void {
		if (state === undefined) return;
		if (state === 'normal') where.add(`(h.id IS NULL OR (h.state = 'normal' AND h.grace_until_ms <= ?))`, nowMs);
		else if (state === 'grace') where.add(`h.state = 'normal' AND h.grace_until_ms > 0 AND h.grace_until_ms > ?`, nowMs);
		else where.add(`h.state <> 'normal' AND h.state = ?`, state);
	}

	async contributions(entityId: number, afterSeq: number, limit: number): Promise<(ContributionRow & { detection: DetectionRow })[]> {
		return this.all(
			`SELECT c.entity_id, c.penalty, c.suppressed, d.* FROM contributions c JOIN detections d ON d.seq = c.seq
			WHERE c.entity_id = ? AND c.seq > ? ORDER BY c.seq DESC LIMIT ?`,
			[entityId, afterSeq, limit],
		).map((row) => ({
			entityId: row.entity_id as number,
			seq: row.seq as number,
			penalty: row.penalty as number,
			suppressed: row.suppressed as number,
			detection: toDetection(row),
		}));
	}

	async newestContributions(of: readonly { entityId: number; afterSeq: number }[], limit: number): Promise<TimedContribution[]> {
		const sql = `SELECT c.penalty, c.suppressed, d.seq, d.occurred_ms FROM contributions c CROSS JOIN detections d ON d.seq = c.seq
			WHERE c.entity_id = ? AND c.seq > ? ORDER BY c.seq DESC LIMIT ?`;
		return of.flatMap(({ entityId, afterSeq }) =>
			this.all(sql, [entityId, afterSeq, limit]).map((row) => ({
				entityId, seq: row.seq as number, penalty: row.penalty as number, suppressed: row.suppressed as number, occurredMs: row.occurred_ms as number,
			})),
		);
	}

	async detectionsAt(seqs: readonly number[]): Promise<DetectionRow[]> {
		return this.all('SELECT d.* FROM json_each(?) j CROSS JOIN detections d ON d.seq = j.value', [JSON.stringify(seqs)]).map(toDetection);
	}

	async repeats(keys: readonly { entityId: number; key: number }[]): Promise<(number | undefined)[]> {
		const statement = this.prepare('SELECT at_ms FROM repeats WHERE entity_id = ? AND key = ?');
		statement.setReturnArrays(true);
		return keys.map(({ entityId, key }) => (statement.get(entityId, key) as unknown as [number] | undefined)?.[0]);
	}

	async hosts(ids: readonly number[]): Promise<HostRow[]> {
		const statement = this.prepare('SELECT * FROM hosts WHERE id = ?');
		const rows: HostRow[] = [];
		for (const id of ids) {
			const row = statement.get(id) as Row | undefined;
			if (row) rows.push(toHost(row));
		}
		return rows;
	}

	async openHosts(): Promise<number> {
		return this.count(`FROM hosts WHERE state <> 'normal' AND state IN ('containing', 'contained', 'releasing')`);
	}

	async links(values: readonly Pick<LinkRow, 'kind' | 'value'>[]): Promise<LinkRow[]> {
		const statement = this.prepare('SELECT host_id FROM links WHERE kind = ? AND value = ?');
		return values.flatMap(({ kind, value }) =>
			(statement.all(kind, value) as Row[]).map((row) => ({ kind, value, hostId: row.host_id as number })),
		);
	}

	async episodes(ids: readonly string[]): Promise<EpisodeRow[]> {
		return this.all('SELECT e.body FROM json_each(?) j JOIN episodes e ON e.id = j.value', [JSON.stringify(ids)]).map(toBody<EpisodeRow>);
	}

	async episodesOfHost(hostId: number): Promise<EpisodeRow[]> {
		return this.all('SELECT body FROM episodes WHERE host_id = ? ORDER BY opened_ms DESC', [hostId]).map(toBody<EpisodeRow>);
	}

	async openEpisodes(): Promise<EpisodeRow[]> {
		return this.all(
			`SELECT body FROM episodes WHERE (state IN ('released', 'refused')) = 0 ORDER BY opened_ms DESC`,
		).map(toBody<EpisodeRow>);
	}

	async releasesDue(nowMs: number): Promise<EpisodeRow[]> {
		return this.all(`SELECT body FROM episodes WHERE state = 'contained' AND release_due_ms <= ? ORDER BY release_due_ms`, [nowMs]).map(
			toBody<EpisodeRow>,
		);
	}

	async findEpisodes(filter: Parameters<ReadTransaction['findEpisodes']>[0]): Promise<Counted<EpisodeRow>> {
		const where = new Where();
		if (filter.state !== undefined) where.add('state = ?', filter.state);
		if (filter.hostId !== undefined) where.add('host_id = ?', filter.hostId);
		const order = `ORDER BY (state IN ('released', 'refused')), opened_ms DESC, id`;
		return this.page('body', `FROM episodes ${where.sql}`, order, where.params, filter, toBody<EpisodeRow>);
	}

	async intents(ids: readonly string[]): Promise<IntentRow[]> {
		return this.all('SELECT i.body FROM json_each(?) j JOIN intents i ON i.id = j.value', [JSON.stringify(ids)]).map(toBody<IntentRow>);
	}

	async intentsOfEpisodes(episodeIds: readonly string[]): Promise<IntentRow[]> {
		return this.all('SELECT i.body FROM json_each(?) j JOIN intents i ON i.episode_id = j.value ORDER BY i.created_ms', [
			JSON.stringify(episodeIds),
		]).map(toBody<IntentRow>);
	}

	async dueIntents(filter: Parameters<ReadTransaction['dueIntents']>[0]): Promise<IntentRow[]> {
		const where = new Where();
		where.add(`state IN ('pending', 'claimed') AND due_ms <= ?`, filter.nowMs);
		where.add('kind IN (SELECT value FROM json_each(?))', JSON.stringify(filter.kinds));
		if (filter.ids !== undefined) where.add('id IN (SELECT value FROM json_each(?))', JSON.stringify(filter.ids));
		return this.all(`SELECT body FROM intents ${where.sql} ORDER BY due_ms, created_ms LIMIT ?`, [...where.params, filter.limit]).map(
			toBody<IntentRow>,
		);
	}

	async expiredApprovals(nowMs: number): Promise<IntentRow[]> {
		return this.all(`SELECT body FROM intents WHERE state = 'awaitingApproval' AND due_ms <= ?`, [nowMs]).map(toBody<IntentRow>);
	}

	async findIntents(filter: Parameters<ReadTransaction['findIntents']>[0]): Promise<Counted<IntentRow>> {
		const where = new Where();
		if (filter.kind !== undefined) where.add('kind = ?', filter.kind);
		if (filter.state !== undefined) where.add('state = ?', filter.state);
		return this.page('body', `FROM intents ${where.sql}`, 'ORDER BY created_ms DESC, id', where.params, filter, toBody<IntentRow>);
	}

	async automaticContainmentsSince(ms: number): Promise<number> {
		return this.count('FROM intents WHERE dispatched_ms > ?', [ms]);
	}

	async intentCounts(): Promise<{ state: IntentState; count: number }[]> {
		return this.all('SELECT state, count(*) AS count FROM intents GROUP BY state').map((row) => ({
			state: row.state as IntentState,
			count: row.count as number,
		}));
	}

	async openIntents(beforeMs: readonly number[]): ReturnType<ReadTransaction['openIntents']> {
		const rows = this.all(
			`SELECT j.value AS before_ms, i.state, count(*) AS count, min(i.created_ms) AS oldest_ms FROM json_each(?) j
			JOIN intents i ON i.state IN ('awaitingApproval', 'pending', 'claimed') AND i.created_ms <= j.value GROUP BY j.value, i.state`,
			[JSON.stringify(beforeMs)],
		);
		return rows.map(toOpenIntents);
	}

	async audit(query: AuditQuery): Promise<Counted<AuditRow>> {
		const where = new Where();
		if (query.action !== undefined) where.add('action = ?', query.action);
		if (query.subject !== undefined) where.add('subject = ?', query.subject);
		if (query.actor !== undefined) where.add('actor = ?', query.actor);
		if (query.sinceMs !== undefined) where.add('at_ms >= ?', query.sinceMs);
		if (query.beforeSeq !== undefined) where.add('seq < ?', query.beforeSeq);
		return this.page('*', `FROM audit ${where.sql}`, 'ORDER BY seq DESC', where.params, query, toAudit);
	}

	async auditAfter(afterSeq: number, limit: number): Promise<AuditRow[]> {
		return this.all('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', [afterSeq, limit]).map(toAudit);
	}

	async bytes(): Promise<number> {
		const row = this.get('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()');
		return row?.bytes as number;
	}

	async alarms(): Promise<AlarmRow[]> {
		return this.all('SELECT body FROM alarms ORDER BY key').map(toBody<AlarmRow>);
	}

	async sources(): Promise<SourceRow[]> {
		return this.all('SELECT body FROM sources ORDER BY source').map(toBody<SourceRow>);
	}

	/** Each step is one look-up in the index: the last event within the pause, or else the first after it. */
	async sourceActivity(query: Parameters<ReadTransaction['sourceActivity']>[0]): Promise<SourceActivity[]> {
		const rows = this.all(
			`WITH RECURSIVE step (source, at_ms) AS (
				SELECT j.value, (SELECT min(occurred_ms) FROM detections WHERE source = j.value AND occurred_ms BETWEEN ?2 AND ?3)
				FROM json_each(?1) j
				UNION ALL
				SELECT s.source, coalesce(
					(SELECT max(occurred_ms) FROM detections WHERE source = s.source AND occurred_ms > s.at_ms AND occurred_ms <= min(s.at_ms + ?4, ?3)),
					(SELECT min(occurred_ms) FROM detections WHERE source = s.source AND occurred_ms > s.at_ms + ?4 AND occurred_ms <= ?3)
				) FROM step s WHERE s.at_ms IS NOT NULL
			) SELECT source, at_ms FROM step WHERE at_ms IS NOT NULL ORDER BY source, at_ms`,
			[JSON.stringify(query.sources), query.fromMs, query.toMs, query.pauseMs],
		);
		const bySource = new Map<string, number[]>(query.sources.map((source) => [source, []]));
		for (const row of rows) bySource.get(row.source as string)?.push(row.at_ms as number);
		return [...bySource].map(([source, stepsMs]) => ({ source, stepsMs }));
	}

	async oldestDetectionMs(): Promise<number | undefined> {
		return (this.get('SELECT min(occurred_ms) AS ms FROM detections')?.ms as number | null) ?? undefined;
	}

	async bases(entityIds: readonly number[]): Promise<BaseRow[]> {
		return this.all('SELECT b.* FROM json_each(?) j JOIN bases b ON b.entity_id = j.value', [JSON.stringify(entityIds)]).map(toBase);
	}

	async basesAfter(afterEntityId: number, limit: number): Promise<BaseRow[]> {
		return this.all('SELECT * FROM bases WHERE entity_id > ? ORDER BY entity_id LIMIT ?', [afterEntityId, limit]).map(toBase);
	}

	async context(entityId: number): Promise<EntityContext | undefined> {
		const row = this.get('SELECT body FROM contexts WHERE entity_id = ?', [entityId]);
		return row && toBody<EntityContext>(row);
	}

	async contributionsAt(places: readonly Pick<ContributionRow, 'entityId' | 'seq'>[]): Promise<ContributionRow[]> {
		const sql = 'SELECT * FROM contributions WHERE entity_id = ? AND seq = ?';
		return places.flatMap(({ entityId, seq }) => {
			const row = this.get(sql, [entityId, seq]);
			return row ? [{ entityId, seq, penalty: row.penalty as number, suppressed: row.suppressed as number }] : [];
		});
	}
}

/** Whether the index of sightings alone tells which detections fit. */
function onlySightings({ observable, source, eventType, sinceMs, untilMs, entityId }: DetectionQuery): boolean {
	return observable !== undefined && isWhole(observable) && [source, eventType, sinceMs, untilMs, entityId].every((given) => given === undefined);
}

/** Where the keys of each kind are. */
function placesByKind(keys: readonly EntityKey[]): Map<EntityKey['kind'], number[]> {
	const places = new Map<EntityKey['kind'], number[]>();
	for (let i = 0; i < keys.length; i++) {
		const known = places.get(keys[i].kind);
		if (known) known.push(i);
		else places.set(keys[i].kind, [i]);
	}
	return places;
}
