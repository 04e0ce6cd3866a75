import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityKey } from './api';
import type { CompiledPolicy } from './compiledPolicy';
import type { Detection } from './detection';
import { canonicalTarget, entitiesOfTargets, type CanonicalTarget, type SeenEntity } from './entity';
import { factsOf, penalise, type DetectionFacts, type Effect, type ScoreState } from './score';
import type { DetectionRow, ReadTransaction } from './store/store';

/** An entity while detections are folded over it. */
export interface FoldedEntity extends EntityKey {
	state: ScoreState;
	memory: Map<number, number>;
	firstSeenMs: number;
	lastSeenMs: number;
}

export interface FoldedEffect {
	entity: FoldedEntity;
	seen: SeenEntity;
	effect: Effect;
}

/** Detections fetched at a time. */
const PAGE = 2_000;

/**
 * Computes scores from detections alone, with the same function and in the same order as when they came in. An
 * entity that was purged has forgotten everything up to the last detection before.
 */
export class Fold {
	readonly entities = new Map<string, FoldedEntity>();

	/**
	 * @param purgedSeq By `kind:key`: last detection that the entity has forgotten.
	 * @param bases Entities as they were before the first detection that is folded.
	 */
	constructor(
		private readonly policy: CompiledPolicy,
		private readonly purgedSeq: ReadonlyMap<string, number>,
		bases: readonly FoldedEntity[] = [],
	) {
		for (const base of bases) this.entities.set(`${base.kind}:${base.key}`, base);
	}

	add(row: DetectionRow): { facts: DetectionFacts; effects: FoldedEffect[]; targets: CanonicalTarget[]; detection: Detection } {
		const detection = JSON.parse(row.body) as Detection;
		const facts = factsOf(this.policy, detection, row.occurredMs, row.receivedMs);
		const targets = detection.targets.map((target) => canonicalTarget(target, this.policy.identity));
		const effects: FoldedEffect[] = [];
		for (const seen of entitiesOfTargets(targets)) {
			const name = `${seen.kind}:${seen.key}`;
			const entity = this.entity(name, seen, facts.atMs);
			entity.firstSeenMs = Math.min(entity.firstSeenMs, facts.atMs);
			entity.lastSeenMs = Math.max(entity.lastSeenMs, facts.atMs);
			if (row.seq <= (this.purgedSeq.get(name) ?? 0)) continue;
			const effect = penalise(this.policy, facts, seen, entity.state, entity.memory);
			entity.state = effect.state;
			for (const key of effect.remember) entity.memory.set(key, Math.max(facts.atMs, entity.memory.get(key) ?? 0));
			effects.push({ entity, seen, effect });
		}
		return { facts, effects, targets, detection };
	}

	private entity(name: string, { kind, key }: EntityKey, atMs: number): FoldedEntity {
		let entity = this.entities.get(name);
		if (!entity) {
			entity = { kind, key, state: [], memory: new Map(), firstSeenMs: atMs, lastSeenMs: atMs };
			this.entities.set(name, entity);
		}
		return entity;
	}
}

/** Gives every detection after one in scoring order, a page at a time; the rest of the process gets its turn in between. */
export async function* allDetections(tx: ReadTransaction, afterSeq = 0): AsyncGenerator<DetectionRow[]> {
	for (let after = afterSeq; ; ) {
		const rows = await tx.detectionsAfter(after, PAGE);
		if (rows.length === 0) return;
		yield rows;
		after = rows[rows.length - 1].seq;
		await nextTurn();
	}
}

/** Whether two scores are the same to the last bit. */
export function sameState(a: ScoreState, b: ScoreState): boolean {
	return (
		a.length === b.length &&
		a.every(
			(one, i) =>
				one.source === b[i].source &&
				Object.is(one.points, b[i].points) &&
				one.atMs === b[i].atMs &&
				one.detections === b[i].detections,
		)
	);
}
