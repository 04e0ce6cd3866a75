import type { SQLInputValue } from 'node:sqlite';
import type { EntityKey, ProtectedEntry } from '../api';
import type { EntityContext } from '../context';
import { dispatchedMs, dueMs, packMembers, packSources } from './rows';
import { type Sighted, sightingsIn } from './sightings';
import { PART_ROW } from './keyParts';
import { SqliteReader } from './sqliteReader';
import {
	TABLES, type AlarmRow, type AuditRow, type BaseRow, type ContributionRow, type CursorRow, type DetectionRow, type EntityRow, type EpisodeRow,
	type HostMerge, type HostRow, type IntentRow, type LedgerHead, type LinkRow, type PolicyRow, type RepeatRow, type SourceRow, type TableName,
	type UnratedRow, type WriteTransaction,
} from './store';

/** A transaction on SQLite: what it reads, and what it writes. */
export class SqliteTransaction extends SqliteReader implements WriteTransaction {
	async saveHead(head: LedgerHead): Promise<void> {
		this.run('INSERT INTO head (id, body) VALUES (1, ?) ON CONFLICT DO UPDATE SET body = excluded.body', [JSON.stringify(head)]);
	}

	async insertPolicy(row: PolicyRow): Promise<void> {
		this.run('INSERT INTO policies (version, policy, created_ms, created_by, comment) VALUES (?, ?, ?, ?, ?)', [
			row.version, JSON.stringify(row.policy), row.createdMs, row.createdBy, row.comment,
		]);
	}

	async saveCursor(row: CursorRow): Promise<void> {
		this.run(
			`INSERT INTO cursors (source, position, last_poll_ms) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET position = excluded.position, last_poll_ms = excluded.last_poll_ms`,
			[row.source, row.position ?? null, row.lastPollMs],
		);
	}

	async saveProtected(entry: ProtectedEntry): Promise<void> {
		this.run(
			`INSERT INTO protected (type, value, reason, added_by, added_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET reason = excluded.reason, added_by = excluded.added_by, added_at = excluded.added_at`,
			[entry.type, entry.value, entry.reason, entry.addedBy, entry.addedAt],
		);
	}

	async deleteProtected(type: ProtectedEntry['type'], value: string): Promise<boolean> {
		return Number(this.prepare('DELETE FROM protected WHERE type = ? AND value = ?').run(type, value).changes) > 0;
	}

	async addUnrated(rows: readonly UnratedRow[]): Promise<void> {
		const statement = this.prepare(
			`INSERT INTO unrated (source, event_type_id, event_type_name, detections, first_seen_ms, last_seen_ms) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET detections = detections + excluded.detections,
				first_seen_ms = min(first_seen_ms, excluded.first_seen_ms), last_seen_ms = max(last_seen_ms, excluded.last_seen_ms)`,
		);
		for (const row of rows) {
			statement.run(row.source, row.eventTypeId, row.eventTypeName, row.detections, row.firstSeenMs, row.lastSeenMs);
		}
	}

	async clearUnrated(): Promise<void> {
		this.run('DELETE FROM unrated', []);
	}

	async insertDetections(rows: readonly DetectionRow[]): Promise<void> {
		const statement = this.prepare(
			`INSERT INTO detections (seq, id, source, event_type_id, event_type_name, occurred_ms, received_ms, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		);
		for (const row of rows) {
			statement.run(row.seq, row.id, row.source, row.eventTypeId, row.eventTypeName, row.occurredMs, row.receivedMs, row.body);
		}
		this.addSightings(rows);
	}

	private addSightings(rows: readonly Sighted[]): void {
		this.bulk('INSERT OR IGNORE', 'sightings (value, seq)', 2).run(sightingsIn(rows), (row, values, at) => {
			values[at] = row.value;
			values[at + 1] = row.seq;
		});
	}

	private removeSightings(rows: readonly Sighted[]): void {
		const statement = this.prepare('DELETE FROM sightings WHERE value = ? AND seq = ?');
		for (const { value, seq } of sightingsIn(rows)) statement.run(value, seq);
	}

	async saveEntities(rows: readonly EntityRow[]): Promise<void> {
		const statement = this.prepare(
			`INSERT INTO entities (id, kind, key, sources, rank, rearm_ms, host_id, target_key, first_seen_ms, last_seen_ms, purged_seq)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET sources = excluded.sources, rank = excluded.rank, rearm_ms = excluded.rearm_ms,
				host_id = excluded.host_id, target_key = excluded.target_key, first_seen_ms = excluded.first_seen_ms, last_seen_ms = excluded.last_seen_ms,
				purged_seq = excluded.purged_seq`,
		);
		for (const row of rows) {
			statement.run(
				row.id, row.kind, row.key, packSources(row.sources), row.rank ?? null, row.rearmMs ?? null, row.hostId ?? null,
				row.targetKey ?? null, 				row.firstSeenMs, row.lastSeenMs, row.purgedSeq,
			);
		}
	}

	async indexKeys(limit: number): Promise<number> {
		const next = 'FROM entities WHERE id > ? ORDER BY id LIMIT ?';
		const range = [this.keysIndexed(), limit];
		const found = this.get(`SELECT count(*) AS n, max(id) AS last FROM (SELECT id ${next})`, range);
		if (found?.last === null) return 0;
		this.run(`INSERT INTO key_parts (rowid, key) SELECT ${PART_ROW}, key ${next}`, range);
		this.run('UPDATE key_parts_through SET entity_id = ?', [found?.last as number]);
		return found?.n as number;
	}

	async insertContributions(rows: readonly ContributionRow[]): Promise<void> {
		this.bulk('INSERT', 'contributions (entity_id, seq, penalty, suppressed)', 4).run(rows, (row, values, at) => {
			values[at] = row.entityId;
			values[at + 1] = row.seq;
			values[at + 2] = row.penalty;
			values[at + 3] = row.suppressed;
		});
	}

	async updateScores(rows: readonly EntityRow[]): Promise<void> {
		const statement = this.prepare(
			'UPDATE entities SET sources = ?, rank = ?, rearm_ms = ?, first_seen_ms = ?, last_seen_ms = ? WHERE id = ?',
		);
		for (const row of rows) {
			statement.run(packSources(row.sources), row.rank ?? null, row.rearmMs ?? null, row.firstSeenMs, row.lastSeenMs, row.id);
		}
	}

	async saveRepeats(rows: readonly RepeatRow[]): Promise<void> {
		const latest = 'ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms';
		this.bulk('INSERT', 'repeats (entity_id, key, at_ms)', 3, latest).run(rows, (row, values, at) => {
			values[at] = row.entityId;
			values[at + 1] = row.key;
			values[at + 2] = row.atMs;
		});
	}

	async deleteRepeats(entityId: number): Promise<void> {
		this.run('DELETE FROM repeats WHERE entity_id = ?', [entityId]);
	}

	async clearScores(afterSeq: number): Promise<void> {
		if (afterSeq > 0) this.run('DELETE FROM contributions WHERE seq > ?', [afterSeq]);
		else this.db.exec('DELETE FROM contributions');
		this.db.exec(`DELETE FROM repeats; UPDATE entities SET sources = '[]', rank = NULL`);
	}

	async rearmAll(): Promise<void> {
		this.db.exec('UPDATE entities SET rearm_ms = 0 WHERE rearm_ms IS NULL');
	}

	async saveHosts(rows: readonly HostRow[]): Promise<void> {
		const statement = this.prepare(
			`INSERT INTO hosts (id, state, episode_id, grace_until_ms, episodes, members) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET state = excluded.state, episode_id = excluded.episode_id,
				grace_until_ms = excluded.grace_until_ms, episodes = excluded.episodes, members = excluded.members`,
		);
		for (const row of rows) {
			statement.run(row.id, row.state, row.episodeId ?? null, row.graceUntilMs, row.episodes, packMembers(row.members));
		}
	}

	async insertLinks(rows: readonly LinkRow[]): Promise<void> {
		const statement = this.prepare('INSERT OR IGNORE INTO links (kind, value, host_id) VALUES (?, ?, ?)');
		for (const { kind, value, hostId } of rows) statement.run(kind, value, hostId);
	}

	async mergeHosts(merges: readonly HostMerge[]): Promise<void> {
		const unlink = this.prepare('DELETE FROM links WHERE kind = ? AND value = ? AND host_id = ?');
		for (const { from, to, members } of merges) {
			for (const { kind, value } of members) unlink.run(kind, value, from);
			this.run('UPDATE entities SET host_id = ? WHERE host_id = ?', [to, from]);
			this.run(`UPDATE episodes SET host_id = ?1, body = json_set(body, '$.episode.hostId', 'host-' || ?1, '$.hostId', ?1) WHERE host_id = ?2`, [to, from]);
			this.run(
				`UPDATE intents SET body = json_set(body, '$.hostId', ?1) WHERE episode_id IN (SELECT id FROM episodes WHERE host_id = ?1)`,
				[to],
			);
			this.run('DELETE FROM hosts WHERE id = ?', [from]);
		}
	}

	async rearm(hostIds: readonly number[], keys: readonly EntityKey[], rearmMs: number): Promise<void> {
		this.run('UPDATE entities SET rearm_ms = ? WHERE host_id IN (SELECT value FROM json_each(?))', [rearmMs, JSON.stringify(hostIds)]);
		const statement = this.prepare('UPDATE entities SET rearm_ms = ? WHERE kind = ? AND key = ?');
		for (const { kind, key } of keys) statement.run(rearmMs, kind, key);
	}

	async saveEpisodes(rows: readonly EpisodeRow[]): Promise<void> {
		const statement = this.prepare(
			`INSERT INTO episodes (id, host_id, state, opened_ms, release_due_ms, body) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET host_id = excluded.host_id, state = excluded.state,
				release_due_ms = excluded.release_due_ms, body = excluded.body`,
		);
		for (const row of rows) {
			const { id, state, openedAt, releaseDueAt } = row.episode;
			const due = releaseDueAt === undefined ? null : Date.parse(releaseDueAt);
			statement.run(id, row.hostId, state, Date.parse(openedAt), due, JSON.stringify(row));
		}
	}

	async saveIntents(rows: readonly IntentRow[]): Promise<void> {
		const statement = this.prepare(
			`INSERT INTO intents (id, kind, state, episode_id, created_ms, due_ms, automatic, dispatched_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET state = excluded.state, due_ms = excluded.due_ms, automatic = excluded.automatic,
				dispatched_ms = excluded.dispatched_ms, body = excluded.body`,
		);
		for (const row of rows) {
			const { id, kind, state, episodeId, createdAt } = row.intent;
			statement.run(id, kind, state, episodeId, Date.parse(createdAt), dueMs(row), Number(row.automatic), dispatchedMs(row), JSON.stringify(row));
		}
	}

	async insertAudit(rows: readonly AuditRow[]): Promise<void> {
		const statement = this.prepare(
			'INSERT INTO audit (seq, at_ms, actor, execution, action, subject, details, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
		);
		for (const row of rows) {
			statement.run(row.seq, row.atMs, row.actor, row.execution ?? null, row.action, row.subject, row.details, row.hash);
		}
	}

	async saveAlarms(rows: readonly AlarmRow[]): Promise<void> {
		for (const row of rows) {
			this.run('INSERT INTO alarms (key, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body', [row.key, JSON.stringify(row)]);
		}
	}

	async deleteAlarms(keys: readonly string[]): Promise<void> {
		this.run('DELETE FROM alarms WHERE key IN (SELECT value FROM json_each(?))', [JSON.stringify(keys)]);
	}

	async saveSources(rows: readonly SourceRow[]): Promise<void> {
		const sql = 'INSERT INTO sources (source, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body';
		for (const row of rows) this.run(sql, [row.source, JSON.stringify(row)]);
	}

	async saveBases(rows: readonly BaseRow[]): Promise<void> {
		const sql = `INSERT INTO bases (entity_id, sources, memory) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET sources = excluded.sources, memory = excluded.memory`;
		for (const row of rows) this.run(sql, [row.entityId, packSources(row.sources), JSON.stringify(row.memory)]);
	}

	async saveContext(entityId: number, context: EntityContext): Promise<void> {
		const sql = 'INSERT INTO contexts (entity_id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body';
		this.run(sql, [entityId, JSON.stringify(context)]);
	}

	async deleteDetections(seqs: readonly number[]): Promise<void> {
		const these = 'FROM detections WHERE seq IN (SELECT value FROM json_each(?))';
		this.removeSightings(this.all(`SELECT seq, body ${these}`, [JSON.stringify(seqs)]) as { seq: number; body: string }[]);
		this.run(`DELETE ${these}`, [JSON.stringify(seqs)]);
	}

	async deleteContributions(places: readonly Pick<ContributionRow, 'entityId' | 'seq'>[]): Promise<void> {
		for (const { entityId, seq } of places) this.run('DELETE FROM contributions WHERE entity_id = ? AND seq = ?', [entityId, seq]);
	}

	async deleteRepeatsBefore(entityIds: readonly number[], beforeMs: number): Promise<void> {
		for (const id of entityIds) this.run('DELETE FROM repeats WHERE entity_id = ? AND at_ms < ?', [id, beforeMs]);
	}

	async deleteAudit(throughSeq: number, limit: number): Promise<number> {
		const statement = this.prepare('DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE seq <= ? ORDER BY seq LIMIT ?)');
		return Number(statement.run(throughSeq, limit).changes);
	}

	async clearAll(): Promise<void> {
		for (const table of [...TABLES, 'sightings']) this.db.exec(`DELETE FROM ${table}`);
		this.db.exec(`INSERT INTO key_parts (key_parts) VALUES ('delete-all'); UPDATE key_parts_through SET entity_id = 0`);
	}

	async restore(table: TableName, rows: readonly Record<string, unknown>[]): Promise<void> {
		if (rows.length === 0) return;
		const known = this.all(`SELECT name FROM pragma_table_info(?)`, [table]).map(({ name }) => name as string);
		const columns = Object.keys(rows[0]).filter((name) => known.includes(name));
		const statement = this.prepare(
			`INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
		);
		for (const row of rows) statement.run(...columns.map((name) => (row[name] ?? null) as SQLInputValue));
		if (table === 'detections') this.addSightings((rows as { seq: number; body: string }[]).map(({ seq, body }) => ({ seq, body })));
	}
}
