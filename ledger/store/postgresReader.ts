import type { EntityContext } from '../context';
import type { EntityKey, IntentState, ProtectedEntry, Total } from '../api';
import { COUNT_CAP, counted, DETECTION_COUNT_CAP, fromTheEnd, type Range, totalByPage } from './lists';
import { numbers, type Param, type Row, type Session, sightingKey, texts, Where } from './postgresSession';
import {
	type EntityTuple, FIRST_HEAD, fromTuple, RANKED_COLUMNS, type RankedTuple, toAudit, toBase, toBody, toCursor, toDetection, toEntity,
	toHost, toOpenIntents, toPolicy, toProtected, toRanked, toUnrated,
} from './rows';
import type {
	AlarmRow, AuditQuery, AuditRow, BaseRow, ContributionRow, Counted, CursorRow, DetectionQuery, DetectionRow, EntityRow, EpisodeRow,
	HostRow, IntentRow, LedgerHead, LinkRow, PolicyRow, RankedEntity, RankedFilter, ReadTransaction, SourceActivity, SourceRow, TimedContribution, UnratedRow,
} from './store';

const ENTITY_ORDERS = { score: 'e.rank DESC NULLS LAST, e.id', lastSeen: 'e.last_seen_ms DESC, e.id', key: 'e.key, e.id' };
const FROM_THE_END = { score: 'e.rank NULLS FIRST, e.id DESC', lastSeen: 'e.last_seen_ms, e.id DESC', key: 'e.key DESC, e.id DESC' };

/**
 * Queries in one transaction; each is one round trip, however many rows it asks for.
 *
 * Look-ups of many keys are written so that there is one way only to carry them out: key by key, through the unique
 * index, by `LATERAL` with a limit. A plan that was made while a table was nearly empty would else read the whole table,
 * once it has grown, for every key.
 */
export class PostgresReader implements ReadTransaction {
	constructor(protected readonly db: Session) {}

	async head(): Promise<LedgerHead> {
		const row = await this.db.get('SELECT body FROM head WHERE id = 1');
		return row ? toBody<LedgerHead>(row) : structuredClone(FIRST_HEAD);
	}

	async policy(version: number): Promise<PolicyRow | undefined> {
		const row = await this.db.get('SELECT * FROM policies WHERE version = $1', [version]);
		return row && toPolicy(row);
	}

	async policies(): Promise<PolicyRow[]> {
		return (await this.db.all('SELECT * FROM policies ORDER BY version DESC')).map(toPolicy);
	}

	async cursors(): Promise<CursorRow[]> {
		return (await this.db.all('SELECT * FROM cursors ORDER BY source')).map(toCursor);
	}

	async cursor(source: string): Promise<CursorRow | undefined> {
		const row = await this.db.get('SELECT * FROM cursors WHERE source = $1', [source]);
		return row && toCursor(row);
	}

	async protectedEntries(): Promise<ProtectedEntry[]> {
		return (await this.db.all('SELECT * FROM protected ORDER BY type, value')).map(toProtected);
	}

	async knownDetections(ids: readonly string[]): Promise<Set<string>> {
		if (ids.length === 0) return new Set();
		const sql = `SELECT j.i FROM unnest($1::text[]) WITH ORDINALITY j(id, i) CROSS JOIN LATERAL (SELECT 1 FROM detections d WHERE d.id = j.id LIMIT 1) d`;
		return new Set((await this.db.tuples<[number]>(sql, [texts(ids)])).map(([i]) => ids[i - 1]));
	}

	async unrated({ source, ...range }: Parameters<ReadTransaction['unrated']>[0]): Promise<Counted<UnratedRow>> {
		const where = new Where();
		if (source !== undefined) where.add('source = ?', source);
		return await this.page('*', 'FROM unrated', where, 'ORDER BY detections DESC, source, event_type_id, event_type_name', range, toUnrated);
	}

	async detectionsAfter(afterSeq: number, limit: number): Promise<DetectionRow[]> {
		return (await this.db.all('SELECT * FROM detections WHERE seq > $1 ORDER BY seq LIMIT $2', [afterSeq, limit])).map(toDetection);
	}

	async detections(query: DetectionQuery): Promise<Counted<DetectionRow>> {
		const where = new Where();
		if (query.source !== undefined) where.add('d.source = ?', query.source);
		if (query.eventType !== undefined) where.add('(d.event_type_id = ? OR d.event_type_name = ?)', query.eventType, query.eventType);
		if (query.sinceMs !== undefined) where.add('d.occurred_ms >= ?', query.sinceMs);
		if (query.untilMs !== undefined) where.add('d.occurred_ms <= ?', query.untilMs);
		if (query.entityId !== undefined) where.add('c.entity_id = ?', query.entityId);
		const seen = query.observable !== undefined;
		if (seen) where.add('s.key = ?::uuid', sightingKey(query.observable as string));
		const from = (seen ? 'FROM sightings s JOIN detections d ON d.seq = s.seq' : 'FROM detections d')
			+ (query.entityId === undefined ? '' : ' JOIN contributions c ON c.seq = d.seq');
		const order = seen ? 'ORDER BY s.seq DESC' : 'ORDER BY d.occurred_ms DESC, d.seq DESC';
		return await this.page('d.*', from, where, order, query, toDetection, DETECTION_COUNT_CAP);
	}

	/** Steps from source to source in the index, as their number is small and that of detections is not. */
	async detectionCounts(sinceMs: number): Promise<{ source: string; count: number }[]> {
		const rows = await this.db.all(
			`WITH RECURSIVE known(source) AS (
				(SELECT min(source) FROM detections)
				UNION ALL SELECT (SELECT min(d.source) FROM detections d WHERE d.source > known.source) FROM known WHERE known.source IS NOT NULL
			)
			SELECT source, (SELECT count(*) FROM detections d WHERE d.source = known.source AND d.occurred_ms >= $1) AS count
			FROM known WHERE source IS NOT NULL ORDER BY source`,
			[sinceMs],
		);
		return rows.map((row) => ({ source: row.source as string, count: row.count as number })).filter(({ count }) => count > 0);
	}

	async entities(keys: readonly EntityKey[]): Promise<(EntityRow | undefined)[]> {
		const rows = Array<EntityRow | undefined>(keys.length).fill(undefined);
		if (keys.length === 0) return rows;
		const tuples = await this.db.tuples<EntityTuple>(
			`SELECT j.i, e.id, e.sources, e.rank, e.rearm_ms, e.host_id, e.target_key, e.first_seen_ms, e.last_seen_ms, e.purged_seq
			FROM unnest($1::text[], $2::text[]) WITH ORDINALITY j(kind, key, i)
			CROSS JOIN LATERAL (SELECT * FROM entities e WHERE e.kind = j.kind AND e.key = j.key LIMIT 1) e`,
			[texts(keys.map(({ kind }) => kind)), texts(keys.map(({ key }) => key))],
		);
		for (const tuple of tuples) {
			const { kind, key } = keys[tuple[0] - 1];
			rows[tuple[0] - 1] = fromTuple(kind, key, tuple);
		}
		return rows;
	}

	async entitiesAfter(afterId: number, limit: number): Promise<EntityRow[]> {
		return (await this.db.all('SELECT * FROM entities WHERE id > $1 ORDER BY id LIMIT $2', [afterId, limit])).map(toEntity);
	}

	async entitiesOfHosts(hostIds: readonly number[]): Promise<EntityRow[]> {
		return (await this.byNumbers('SELECT * FROM entities WHERE host_id = ANY($1::bigint[]) ORDER BY id', hostIds)).map(toEntity);
	}

	async rankedEntities(filter: RankedFilter): Promise<Counted<RankedEntity>> {
		const where = new Where();
		// So spelt, it is the index by kind and rank that is used: see the migration.
		if (filter.kind !== undefined) where.add(`(e.kind || '') = ?`, filter.kind);
		if (filter.minRank !== undefined) where.add('e.rank >= ?', filter.minRank);
		if (filter.maxRank !== undefined) {
			where.add(filter.minRank === undefined ? '(e.rank < ? OR e.rank IS NULL)' : 'e.rank < ?', filter.maxRank);
		}
		if (filter.search !== undefined && filter.search !== '') where.add('strpos(lower(e.key), lower(?::text COLLATE "C")) > 0', filter.search);
		if (filter.state !== undefined) return await this.rankedByState(filter, where);
		const fromEnd = fromTheEnd(filter);
		const { limit, offset } = fromEnd ?? filter;
		const order = (fromEnd ? FROM_THE_END : ENTITY_ORDERS)[filter.order ?? 'score'];
		const params = [...where.params, limit, offset];
		// What is skipped is skipped without a look at its host.
		const skip = `SELECT e.id FROM entities e ${where.sql} ORDER BY ${order} LIMIT $${params.length - 1} OFFSET $${params.length}`;
		const sql = `SELECT ${RANKED_COLUMNS} FROM (${skip}) p JOIN entities e ON e.id = p.id LEFT JOIN hosts h ON h.id = e.host_id ORDER BY ${order}`;
		const rows = (await this.db.tuples<RankedTuple>(sql, params)).map(toRanked);
		return { rows: fromEnd ? rows.reverse() : rows, ...(await this.total('FROM entities e', where, rows.length, filter)) };
	}

	/** Hosts out of the ordinary are few, so they lead the query; for the rest the rank index does. */
	private async rankedByState(filter: RankedFilter, where: Where): Promise<Counted<RankedEntity>> {
		whereState(filter, where);
		const from = `FROM ${filter.state === 'normal' ? 'entities e LEFT JOIN hosts h ON h.id = e.host_id' : 'hosts h JOIN entities e ON e.host_id = h.id'}`;
		const params = [...where.params, filter.limit, filter.offset];
		const sql = `SELECT ${RANKED_COLUMNS} ${from} ${where.sql} ORDER BY ${ENTITY_ORDERS[filter.order ?? 'score']} LIMIT $${params.length - 1} OFFSET $${params.length}`;
		const rows = (await this.db.tuples<RankedTuple>(sql, params)).map(toRanked);
		return { rows, ...(await this.total(from, where, rows.length, filter)) };
	}

	async contributions(entityId: number, afterSeq: number, limit: number): Promise<(ContributionRow & { detection: DetectionRow })[]> {
		const rows = await this.db.all(
			`SELECT c.entity_id, c.penalty, c.suppressed, d.* FROM contributions c JOIN detections d ON d.seq = c.seq
			WHERE c.entity_id = $1 AND c.seq > $2 ORDER BY c.seq DESC LIMIT $3`,
			[entityId, afterSeq, limit],
		);
		return rows.map((row) => ({ ...toContribution(row), detection: toDetection(row) }));
	}

	async newestContributions(of: readonly { entityId: number; afterSeq: number }[], limit: number): Promise<TimedContribution[]> {
		if (of.length === 0) return [];
		const tuples = await this.db.tuples<[number, number, number, number, number]>(
			`SELECT c.entity_id, c.seq, c.penalty, c.suppressed, d.occurred_ms
			FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY j(entity_id, after_seq, i) CROSS JOIN LATERAL (
				SELECT * FROM contributions c WHERE c.entity_id = j.entity_id AND c.seq > j.after_seq ORDER BY c.seq DESC LIMIT $3
			) c JOIN detections d ON d.seq = c.seq ORDER BY j.i, c.seq DESC`,
			[numbers(of.map(({ entityId }) => entityId)), numbers(of.map(({ afterSeq }) => afterSeq)), limit],
		);
		return tuples.map(([entityId, seq, penalty, suppressed, occurredMs]) => ({ entityId, seq, penalty, suppressed, occurredMs }));
	}

	async detectionsAt(seqs: readonly number[]): Promise<DetectionRow[]> {
		return (await this.byNumbers('SELECT * FROM detections WHERE seq = ANY($1::bigint[])', seqs)).map(toDetection);
	}

	async repeats(keys: readonly { entityId: number; key: number }[]): Promise<(number | undefined)[]> {
		const found = Array<number | undefined>(keys.length).fill(undefined);
		if (keys.length === 0) return found;
		const tuples = await this.db.tuples<[number, number]>(
			`SELECT j.i, r.at_ms FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY j(entity_id, key, i)
			CROSS JOIN LATERAL (SELECT r.at_ms FROM repeats r WHERE r.entity_id = j.entity_id AND r.key = j.key LIMIT 1) r`,
			[numbers(keys.map(({ entityId }) => entityId)), numbers(keys.map(({ key }) => key))],
		);
		for (const [i, atMs] of tuples) found[i - 1] = atMs;
		return found;
	}

	async hosts(ids: readonly number[]): Promise<HostRow[]> {
		return (await this.byNumbers('SELECT * FROM hosts WHERE id = ANY($1::bigint[]) ORDER BY id', ids)).map(toHost);
	}

	async openHosts(): Promise<number> {
		return await this.count(`FROM hosts WHERE state <> 'normal' AND state IN ('containing', 'contained', 'releasing')`);
	}

	async links(values: readonly Pick<LinkRow, 'kind' | 'value'>[]): Promise<LinkRow[]> {
		if (values.length === 0) return [];
		const tuples = await this.db.tuples<[number, number]>(
			`SELECT j.i, l.host_id FROM unnest($1::text[], $2::text[]) WITH ORDINALITY j(kind, value, i)
			CROSS JOIN LATERAL (SELECT l.host_id FROM links l WHERE l.kind = j.kind AND l.value = j.value OFFSET 0) l ORDER BY j.i, l.host_id`,
			[texts(values.map(({ kind }) => kind)), texts(values.map(({ value }) => value))],
		);
		return tuples.map(([i, hostId]) => ({ kind: values[i - 1].kind, value: values[i - 1].value, hostId }));
	}

	async episodes(ids: readonly string[]): Promise<EpisodeRow[]> {
		return await this.bodies<EpisodeRow>('SELECT body FROM episodes WHERE id = ANY($1::text[])', [texts(ids)]);
	}

	async episodesOfHost(hostId: number): Promise<EpisodeRow[]> {
		return await this.bodies<EpisodeRow>('SELECT body FROM episodes WHERE host_id = $1 ORDER BY opened_ms DESC', [hostId]);
	}

	async openEpisodes(): Promise<EpisodeRow[]> {
		return await this.bodies<EpisodeRow>(`SELECT body FROM episodes WHERE NOT state IN ('released', 'refused') ORDER BY opened_ms DESC`);
	}

	async releasesDue(nowMs: number): Promise<EpisodeRow[]> {
		const sql = `SELECT body FROM episodes WHERE state = 'contained' AND release_due_ms <= $1 ORDER BY release_due_ms`;
		return await this.bodies<EpisodeRow>(sql, [nowMs]);
	}

	async findEpisodes(filter: Parameters<ReadTransaction['findEpisodes']>[0]): Promise<Counted<EpisodeRow>> {
		const where = new Where();
		if (filter.state !== undefined) where.add('state = ?', filter.state);
		if (filter.hostId !== undefined) where.add('host_id = ?', filter.hostId);
		const order = `ORDER BY (state IN ('released', 'refused')), opened_ms DESC, id`;
		return await this.page('body', 'FROM episodes', where, order, filter, toBody<EpisodeRow>);
	}

	async intents(ids: readonly string[]): Promise<IntentRow[]> {
		return await this.bodies<IntentRow>('SELECT body FROM intents WHERE id = ANY($1::text[])', [texts(ids)]);
	}

	async intentsOfEpisodes(episodeIds: readonly string[]): Promise<IntentRow[]> {
		const sql = 'SELECT body FROM intents WHERE episode_id = ANY($1::text[]) ORDER BY created_ms, id';
		return await this.bodies<IntentRow>(sql, [texts(episodeIds)]);
	}

	async dueIntents(filter: Parameters<ReadTransaction['dueIntents']>[0]): Promise<IntentRow[]> {
		const where = new Where();
		where.add(`state IN ('pending', 'claimed') AND due_ms <= ?`, filter.nowMs);
		where.add('kind = ANY(?::text[])', texts(filter.kinds));
		if (filter.ids !== undefined) where.add('id = ANY(?::text[])', texts(filter.ids));
		const params = [...where.params, filter.limit];
		return await this.bodies<IntentRow>(`SELECT body FROM intents ${where.sql} ORDER BY due_ms, created_ms, id LIMIT $${params.length}`, params);
	}

	async expiredApprovals(nowMs: number): Promise<IntentRow[]> {
		return await this.bodies<IntentRow>(`SELECT body FROM intents WHERE state = 'awaitingApproval' AND due_ms <= $1 ORDER BY due_ms, id`, [nowMs]);
	}

	async findIntents(filter: Parameters<ReadTransaction['findIntents']>[0]): Promise<Counted<IntentRow>> {
		const where = new Where();
		if (filter.kind !== undefined) where.add('kind = ?', filter.kind);
		if (filter.state !== undefined) where.add('state = ?', filter.state);
		return await this.page('body', 'FROM intents', where, 'ORDER BY created_ms DESC, id', filter, toBody<IntentRow>);
	}

	async automaticContainmentsSince(ms: number): Promise<number> {
		return await this.count('FROM intents WHERE dispatched_ms > $1', [ms]);
	}

	async intentCounts(): Promise<{ state: IntentState; count: number }[]> {
		const rows = await this.db.all('SELECT state, count(*) AS count FROM intents GROUP BY state');
		return rows.map((row) => ({ state: row.state as IntentState, count: row.count as number }));
	}

	async openIntents(beforeMs: readonly number[]): ReturnType<ReadTransaction['openIntents']> {
		const rows = await this.db.all(
			`SELECT b AS before_ms, i.state, count(*) AS count, min(i.created_ms) AS oldest_ms FROM unnest($1::bigint[]) b
			JOIN intents i ON i.state IN ('awaitingApproval', 'pending', 'claimed') AND i.created_ms <= b GROUP BY b, i.state`,
			[numbers(beforeMs)],
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
		return await this.page('*', 'FROM audit', where, 'ORDER BY seq DESC', query, toAudit);
	}

	async auditAfter(afterSeq: number, limit: number): Promise<AuditRow[]> {
		return (await this.db.all('SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2', [afterSeq, limit])).map(toAudit);
	}

	/** Tables with their indexes. */
	async bytes(): Promise<number> {
		const row = await this.db.get(
			`SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS bytes FROM pg_class
			WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind = 'r'`,
		);
		return row?.bytes as number;
	}

	async alarms(): Promise<AlarmRow[]> {
		return await this.bodies<AlarmRow>('SELECT body FROM alarms ORDER BY key');
	}

	async sources(): Promise<SourceRow[]> {
		return await this.bodies<SourceRow>('SELECT body FROM sources ORDER BY source');
	}

	/** Each step is one look-up in the index: the last event within the pause, or else the first after it. */
	async sourceActivity(query: Parameters<ReadTransaction['sourceActivity']>[0]): Promise<SourceActivity[]> {
		const rows = await this.db.all(
			`WITH RECURSIVE step (source, at_ms) AS (
				SELECT j.source, (SELECT min(occurred_ms) FROM detections d WHERE d.source = j.source AND occurred_ms BETWEEN $2 AND $3)
				FROM unnest($1::text[]) j(source)
				UNION ALL
				SELECT s.source, coalesce(
					(SELECT max(occurred_ms) FROM detections d WHERE d.source = s.source AND occurred_ms > s.at_ms AND occurred_ms <= least(s.at_ms + $4::bigint, $3)),
					(SELECT min(occurred_ms) FROM detections d WHERE d.source = s.source AND occurred_ms > s.at_ms + $4::bigint AND occurred_ms <= $3)
				) FROM step s WHERE s.at_ms IS NOT NULL
			) SELECT source, at_ms FROM step WHERE at_ms IS NOT NULL ORDER BY at_ms`,
			[texts(query.sources), query.fromMs, query.toMs, query.pauseMs],
		);
		const bySource = new Map<string, number[]>(query.sources.map((source) => [source, []]));
		for (const row of rows) bySource.get(row.source as string)?.push(row.at_ms as number);
		return [...bySource].map(([source, stepsMs]) => ({ source, stepsMs }));
	}

	async oldestDetectionMs(): Promise<number | undefined> {
		return ((await this.db.get('SELECT min(occurred_ms) AS ms FROM detections'))?.ms as number | null) ?? undefined;
	}

	async bases(entityIds: readonly number[]): Promise<BaseRow[]> {
		return (await this.byNumbers('SELECT * FROM bases WHERE entity_id = ANY($1::bigint[]) ORDER BY entity_id', entityIds)).map(toBase);
	}

	async basesAfter(afterEntityId: number, limit: number): Promise<BaseRow[]> {
		return (await this.db.all('SELECT * FROM bases WHERE entity_id > $1 ORDER BY entity_id LIMIT $2', [afterEntityId, limit])).map(toBase);
	}

	async context(entityId: number): Promise<EntityContext | undefined> {
		return (await this.bodies<EntityContext>('SELECT body FROM contexts WHERE entity_id = $1', [entityId]))[0];
	}

	async contributionsAt(places: readonly Pick<ContributionRow, 'entityId' | 'seq'>[]): Promise<ContributionRow[]> {
		if (places.length === 0) return [];
		const rows = await this.db.all(
			`SELECT c.* FROM unnest($1::bigint[], $2::bigint[]) j(entity_id, seq)
			CROSS JOIN LATERAL (SELECT * FROM contributions c WHERE c.entity_id = j.entity_id AND c.seq = j.seq LIMIT 1) c`,
			[numbers(places.map(({ entityId }) => entityId)), numbers(places.map(({ seq }) => seq))],
		);
		return rows.map(toContribution);
	}

	private async byNumbers(sql: string, values: readonly number[]): Promise<Row[]> {
		return values.length === 0 ? [] : await this.db.all(sql, [numbers(values)]);
	}

	private async bodies<T>(sql: string, params: Param[] = []): Promise<T[]> {
		return (await this.db.all(sql, params)).map(toBody<T>);
	}

	private async page<T>(
		columns: string, from: string, where: Where, order: string, range: Range, map: (row: Row) => T, cap = COUNT_CAP,
	): Promise<Counted<T>> {
		const params = [...where.params, range.limit, range.offset];
		const sql = `SELECT ${columns} ${from} ${where.sql} ${order} LIMIT $${params.length - 1} OFFSET $${params.length}`;
		const rows = (await this.db.all(sql, params)).map(map);
		return { rows, ...(await this.total(from, where, rows.length, range, cap)) };
	}

	/** How many rows there are, without counting when the page tells. */
	private async total(from: string, where: Where, found: number, range: Range, cap = COUNT_CAP): Promise<Total> {
		const known = totalByPage(found, range);
		if (known) return known;
		return counted((await this.db.get(`SELECT count(*) AS n FROM (SELECT 1 ${from} ${where.sql} LIMIT ${cap}) AS capped`, where.params))?.n as number, cap);
	}

	private async count(from: string, params: Param[] = []): Promise<number> {
		return (await this.db.get(`SELECT count(*) AS n ${from}`, params))?.n as number;
	}
}

function whereState({ state, nowMs }: RankedFilter, where: Where): void {
	if (state === undefined) return;
	if (state === 'normal') where.add(`(h.id IS NULL OR (h.state = 'normal' AND h.grace_until_ms <= ?))`, nowMs);
	else if (state === 'grace') where.add(`h.state = 'normal' AND h.grace_until_ms > 0 AND h.grace_until_ms > ?`, nowMs);
	else where.add(`h.state <> 'normal' AND h.state = ?`, state);
}

function toContribution(row: Row): ContributionRow {
	return { entityId: row.entity_id as number, seq: row.seq as number, penalty: row.penalty as number, suppressed: row.suppressed as number };
}
