import type { RetentionResult } from './api';
import type { Change } from './change';
import type { CompiledPolicy } from './compiledPolicy';
import type { Detection } from './detection';
import { parseDuration } from './duration';
import { canonicalTarget, entitiesOfTargets, entityName } from './entity';
import { LedgerError } from './errors';
import { basesOf, purgesOf } from './rebuild';
import { Fold } from './replay';
import { decayed } from './score';
import type { ContributionRow, DetectionRow, EntityRow, RetentionHead } from './store/store';
import { iso } from './time';

const DAY_MS = 86_400_000;
/** Less than people see of a score. */
const NOTHING_LEFT = 0.0005;

/** How far one run has come; give it to the next chunk. */
export interface RetentionProgress {
	/** Older than this is looked at. */
	beforeMs: number;
	/** Horizon when the run began: up to there, evidence that had to stay is looked at again, from `sweptSeq` on. */
	startSeq: number;
	sweptSeq: number;
	removed: number;
	kept: number;
	done: boolean;
}

/** @throws LedgerError `invalidValue` for less than one day. */
export function startRetention(head: { retention?: RetentionHead }, detectionDays: number, nowMs: number): RetentionProgress {
	if (!(detectionDays >= 1)) throw new LedgerError('invalidValue', 'Detections must be kept for a day at least');
	const beforeMs = Math.max(nowMs - detectionDays * DAY_MS, head.retention?.beforeMs ?? 0);
	return { beforeMs, startSeq: head.retention?.seq ?? 0, sweptSeq: 0, removed: 0, kept: 0, done: false };
}

/**
 * Works on one chunk of old detections: those that no base covers yet go into the bases first, then those that had to
 * stay in earlier runs are looked at again. What counts for nothing any more is removed.
 */
export async function retainChunk(change: Change, progress: RetentionProgress, chunkSize: number): Promise<RetentionProgress> {
	const { tx, head } = change;
	head.retention ??= { seq: 0, beforeMs: 0, removed: 0 };
	head.retention.beforeMs = Math.max(head.retention.beforeMs, progress.beforeMs);
	const next = await tx.detectionsAfter(head.retention.seq, chunkSize);
	const fresh = takeWhile(next, ({ receivedMs }) => receivedMs < progress.beforeMs);
	if (fresh.length > 0) {
		const entities = await moveHorizon(change, fresh);
		return counted(progress, await removeSpent(change, fresh, entities, progress.beforeMs), fresh.length);
	}
	const old = takeWhile(await tx.detectionsAfter(progress.sweptSeq, chunkSize), ({ seq }) => seq <= progress.startSeq);
	if (old.length === 0) return { ...progress, done: true };
	const removed = await removeSpent(change, old, await entitiesIn(change, old), progress.beforeMs);
	return { ...counted(progress, removed, old.length), sweptSeq: old[old.length - 1].seq };
}

function counted(progress: RetentionProgress, removed: number, seen: number): RetentionProgress {
	return { ...progress, removed: progress.removed + removed, kept: progress.kept + seen - removed };
}

export function toResult({ removed, kept, beforeMs, done }: RetentionProgress): RetentionResult {
	return { removed, kept, before: iso(beforeMs), more: !done };
}

/**
 * Folds these detections into the bases, under the policy under which the scores stand: then base and later detections
 * still give the same scores, to the last bit.
 */
async function moveHorizon(change: Change, rows: readonly DetectionRow[]): Promise<Map<string, EntityRow>> {
	const { tx, policy } = change;
	const retention = change.head.retention as RetentionHead;
	const entities = await entitiesIn(change, rows);
	const stored = [...entities.values()];
	const bases = basesOf(await tx.bases(stored.map(({ id }) => id)), new Map(stored.map((row) => [row.id, row])), retention.seq);
	const fold = new Fold(policy, purgesOf(entities), bases);
	for (const row of rows) fold.add(row);
	const forgetMs = await forgettableBefore(change, retention.beforeMs);
	const folded = [...fold.entities.values()].filter((entity) => entities.has(entityName(entity)));
	await tx.saveBases(
		folded.map((entity) => ({
			entityId: (entities.get(entityName(entity)) as EntityRow).id,
			sources: entity.state,
			memory: [...entity.memory].filter(([, atMs]) => atMs >= forgetMs),
		})),
	);
	await tx.deleteRepeatsBefore(stored.map(({ id }) => id), forgetMs);
	retention.seq = rows[rows.length - 1].seq;
	return entities;
}

/** Repeats that counted before can't meet a detection within their window any more: older ones are refused. */
async function forgettableBefore({ tx, policy }: Change, beforeMs: number): Promise<number> {
	const windowMs = longestRepeatMs(policy);
	const oldestMs = (await tx.oldestDetectionMs()) ?? beforeMs;
	return Math.min(beforeMs, oldestMs) - windowMs;
}

/** `Infinity` when any rule counts once for ever. */
export function longestRepeatMs({ policy }: Pick<CompiledPolicy, 'policy'>): number {
	const repeats = [policy.repeat, ...policy.rules.map(({ repeat }) => repeat ?? policy.repeat)];
	return Math.max(
		...repeats.map(({ mode, window }) => {
			if (mode === 'every') return 0;
			return mode === 'once' ? Infinity : (parseDuration(window as string) as number);
		}),
	);
}

async function entitiesIn({ tx, policy }: Change, rows: readonly DetectionRow[]): Promise<Map<string, EntityRow>> {
	const keys = new Map(rows.flatMap((row) => namesIn(policy, row)).map((entity) => [entityName(entity), entity]));
	const found = (await tx.entities([...keys.values()])).filter((row) => row !== undefined);
	return new Map(found.map((row) => [entityName(row), row]));
}

function namesIn(policy: CompiledPolicy, { body }: DetectionRow) {
	const { targets } = JSON.parse(body) as Detection;
	return entitiesOfTargets(targets.map((target) => canonicalTarget(target, policy.identity)));
}

/** Removes those that occurred before and count for nothing. @returns how many */
async function removeSpent(
	change: Change,
	rows: readonly DetectionRow[],
	entities: ReadonlyMap<string, EntityRow>,
	beforeMs: number,
): Promise<number> {
	const { tx, policy } = change;
	const idsIn = (row: DetectionRow) => namesIn(policy, row).flatMap((name) => entities.get(entityName(name))?.id ?? []);
	const placesOf = new Map(rows.map((row) => [row, idsIn(row).map((entityId) => ({ entityId, seq: row.seq }))]));
	const contributions = await tx.contributionsAt([...placesOf.values()].flat());
	const inUse = await entitiesInUse(change, [...entities.values()]);
	const byId = new Map([...entities.values()].map((entity) => [entity.id, entity]));
	const bySeq = new Map(rows.map((row) => [row.seq, row]));
	const isLeft = ({ entityId, seq, penalty }: ContributionRow) =>
		seq > (byId.get(entityId) as EntityRow).purgedSeq && remaining(change, penalty, bySeq.get(seq) as DetectionRow) >= NOTHING_LEFT;
	const counting = new Set(contributions.filter(isLeft).map(({ seq }) => seq));
	const spent = rows.filter(
		(row) => row.occurredMs < beforeMs && !counting.has(row.seq) && !placesOf.get(row)?.some(({ entityId }) => inUse.has(entityId)),
	);
	if (spent.length === 0) return 0;
	await tx.deleteContributions(spent.flatMap((row) => placesOf.get(row) ?? []));
	await tx.deleteDetections(spent.map(({ seq }) => seq));
	(change.head.retention as RetentionHead).removed += spent.length;
	change.audit('retention', 'detections', {
		removed: spent.length,
		firstSeq: spent[0].seq,
		lastSeq: spent[spent.length - 1].seq,
		before: iso(beforeMs),
	});
	return spent.length;
}

function remaining({ policy, nowMs }: Change, penalty: number, { occurredMs }: DetectionRow): number {
	return Math.abs(decayed(penalty, nowMs - occurredMs, policy.halfLifeMs));
}

/** Entities whose host has an open episode: their history is evidence. */
async function entitiesInUse({ tx }: Change, entities: readonly EntityRow[]): Promise<Set<number>> {
	const hosts = await tx.hosts([...new Set(entities.flatMap(({ hostId }) => hostId ?? []))]);
	const open = new Set(hosts.filter(({ episodeId }) => episodeId !== undefined).map(({ id }) => id));
	return new Set(entities.filter(({ hostId }) => hostId !== undefined && open.has(hostId)).map(({ id }) => id));
}

function takeWhile<T>(list: readonly T[], holds: (item: T) => boolean): T[] {
	const end = list.findIndex((item) => !holds(item));
	return end < 0 ? [...list] : list.slice(0, end);
}
