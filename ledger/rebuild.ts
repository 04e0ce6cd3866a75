import type { ReplayResult } from './api';
import type { Change } from './change';
import type { CompiledPolicy } from './compiledPolicy';
import { entityName } from './entity';
import { allDetections, Fold, sameState, type FoldedEntity } from './replay';
import { rankOf, round, scoreAt } from './score';
import { newEntity } from './scoreBatch';
import type { BaseRow, ContributionRow, EntityRow, ReadTransaction } from './store/store';

const PAGE = 5_000;

/** All entities by `kind:key`. */
export async function allEntities(tx: ReadTransaction): Promise<Map<string, EntityRow>> {
	const entities = new Map<string, EntityRow>();
	for (let after = 0; ; ) {
		const rows = await tx.entitiesAfter(after, PAGE);
		if (rows.length === 0) return entities;
		for (const row of rows) entities.set(entityName(row), row);
		after = rows[rows.length - 1].id;
	}
}

export function purgesOf(entities: ReadonlyMap<string, EntityRow>): Map<string, number> {
	return new Map([...entities].filter(([, { purgedSeq }]) => purgedSeq > 0).map(([name, { purgedSeq }]) => [name, purgedSeq]));
}

/** Bases as entities to fold on; one that was purged since has none. */
export function basesOf(bases: readonly BaseRow[], stored: ReadonlyMap<number, EntityRow>, horizonSeq: number): FoldedEntity[] {
	return bases.flatMap(({ entityId, sources, memory }) => {
		const row = stored.get(entityId);
		if (!row || row.purgedSeq >= horizonSeq) return [];
		const { kind, key, firstSeenMs, lastSeenMs } = row;
		return [{ kind, key, state: sources, memory: new Map(memory), firstSeenMs, lastSeenMs }];
	});
}

/** A fold that starts at the retention horizon: give it the detections after `afterSeq`. */
export async function startFold(
	tx: ReadTransaction,
	policy: CompiledPolicy,
	stored: ReadonlyMap<string, EntityRow>,
): Promise<{ fold: Fold; afterSeq: number }> {
	const afterSeq = (await tx.head()).retention?.seq ?? 0;
	const byId = new Map([...stored.values()].map((row) => [row.id, row]));
	const bases: FoldedEntity[] = [];
	for (let after = 0; afterSeq > 0; ) {
		const rows = await tx.basesAfter(after, PAGE);
		if (rows.length === 0) break;
		bases.push(...basesOf(rows, byId, afterSeq));
		after = rows[rows.length - 1].entityId;
	}
	return { fold: new Fold(policy, purgesOf(stored), bases), afterSeq };
}

/**
 * Scores are a function of the kept detections and the active policy. So when a policy scores differently, every
 * score, contribution and repeat memory is computed anew. Points from before the retention horizon stay as they were
 * given. Nothing crosses by that: crossings come from detections.
 */
export async function rebuild(change: Change, policy: CompiledPolicy): Promise<void> {
	const { tx } = change;
	const rows = await allEntities(tx);
	const { fold, afterSeq } = await startFold(tx, policy, rows);
	await tx.clearScores(afterSeq);
	const idOf = new Map<FoldedEntity, EntityRow>();
	for (const base of fold.entities.values()) storedRow(change, rows, idOf, base);
	for await (const page of allDetections(tx, afterSeq)) {
		const contributions: ContributionRow[] = [];
		for (const row of page) {
			for (const { entity, effect } of fold.add(row).effects) {
				const stored = idOf.get(entity) ?? storedRow(change, rows, idOf, entity);
				contributions.push({ entityId: stored.id, seq: row.seq, penalty: effect.penalty, suppressed: effect.suppressed });
			}
		}
		await tx.insertContributions(contributions);
	}
	for (const [entity, row] of idOf) {
		row.sources = entity.state;
		row.rank = rankOf(entity.state, policy.halfLifeMs);
		row.firstSeenMs = Math.min(row.firstSeenMs, entity.firstSeenMs);
		row.lastSeenMs = Math.max(row.lastSeenMs, entity.lastSeenMs);
		await tx.saveRepeats([...entity.memory].map(([key, atMs]) => ({ entityId: row.id, key, atMs })));
	}
	await tx.saveEntities([...idOf.values()]);
	change.audit('rebuilt', `policy:${policy.version}`, { entities: idOf.size });
}

function storedRow(
	change: Change,
	rows: Map<string, EntityRow>,
	idOf: Map<FoldedEntity, EntityRow>,
	entity: FoldedEntity,
): EntityRow {
	const row = rows.get(entityName(entity)) ?? newEntity(change, entity, entity.firstSeenMs);
	rows.set(entityName(entity), row);
	idOf.set(entity, row);
	return row;
}

/** Recomputes every score from the retention horizon and the detections after it, and compares with what is stored. */
export async function replay(tx: ReadTransaction, policy: CompiledPolicy, active: CompiledPolicy, nowMs: number): Promise<ReplayResult> {
	const stored = await allEntities(tx);
	const { fold, afterSeq } = await startFold(tx, policy, stored);
	let detections = 0;
	for await (const page of allDetections(tx, afterSeq)) {
		for (const row of page) fold.add(row);
		detections += page.length;
	}
	const differences: ReplayResult['differences'] = [];
	for (const name of new Set([...stored.keys(), ...fold.entities.keys()])) {
		const before = stored.get(name);
		const after = fold.entities.get(name);
		if (sameState(before?.sources ?? [], after?.state ?? [])) continue;
		const { kind, key } = (before ?? after) as FoldedEntity | EntityRow;
		differences.push({
			kind,
			key,
			stored: scoreAt(before?.sources ?? [], nowMs, active.halfLifeMs),
			replayed: scoreAt(after?.state ?? [], nowMs, policy.halfLifeMs),
		});
	}
	const entities = [...fold.entities.values()]
		.map(({ kind, key, state }) => ({ kind, key, score: round(scoreAt(state, nowMs, policy.halfLifeMs)) }))
		.sort((a, b) => b.score - a.score);
	return { detections, equal: differences.length === 0, differences, entities };
}
