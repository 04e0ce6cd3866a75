import type { EntityKey, EntityKind, ScoreOutcome, ScoreResult } from './api';
import type { Change } from './change';
import { addLiveSources, Crossings, type Crossing, type LiveSources } from './crossings';
import type { Detection } from './detection';
import { distinct } from './distinct';
import { canonicalTarget, ENTITY_KINDS, type CanonicalTarget, type SeenEntity } from './entity';
import { type DetectionFacts, explain, factsOf, hashKey, penalise, rankOf, reaches, repeatKeys, round, scoreAt } from './score';
import type { ContributionRow, DetectionRow, EntityRow, RepeatRow } from './store/store';
import { UnratedTally } from './unrated';
import { iso } from './time';

/** A detection that passed the parser. */
export interface ValidDetection {
	detection: Detection;
	occurredAtMs: number;
}

/** What a batch knows of one entity. */
interface Slot {
	kind: EntityKind;
	key: string;
	name: string;
	/** Absent until the entity is seen for the first time. */
	row: EntityRow | undefined;
	isNew: boolean;
	hostBefore: number | undefined;
	targetBefore: number | undefined;
	/** Touched by a target that has to be linked. */
	unsettled: boolean;
	/** Repeat keys of interest, and when they last counted. Most entities need none. */
	memory: Map<number, number> | undefined;
	/** Those of them that this batch has set. */
	remembered: number[] | undefined;
}

interface Scored extends ValidDetection {
	seq: number;
	facts: DetectionFacts;
	targets: ScoredTarget[];
	entities: { seen: SeenEntity; slot: Slot }[];
}

interface ScoredTarget {
	target: CanonicalTarget;
	/** Fingerprint of the target. */
	key: number;
	/** Of its entities. */
	slots: Slot[];
	/** The same target as last time: it is the same host, too. */
	settled: boolean;
}

/**
 * Records and scores detections and decides about those who crossed. Rows are loaded in sets, worked on in memory
 * in order of occurrence, and written in sets.
 *
 * @param known Ids of those that the ledger has
 */
export async function scoreBatch(
	change: Change,
	valid: readonly ValidDetection[],
	known: ReadonlySet<string>,
): Promise<Omit<ScoreResult, 'outcomes'> & { outcomes: Map<string, ScoreOutcome> }> {
	const seen = new Set(known);
	const unknown = valid.filter(({ detection }) => !seen.has(detection.id) && seen.add(detection.id));
	const beforeMs = change.head.retention?.beforeMs ?? 0;
	const fresh = unknown.filter(({ occurredAtMs }) => occurredAtMs >= beforeMs);
	const work = new Batch(change, fresh.sort(byOccurrence));
	await work.load();
	const outcomes = work.apply();
	for (const { detection: { id } } of unknown.filter(({ occurredAtMs }) => occurredAtMs < beforeMs)) {
		outcomes.set(id, { outcome: 'duplicate', id, reason: `Too old: detections before ${iso(beforeMs)} may have been counted and removed` });
	}
	await work.save();
	const decided = await new Crossings(change, work.crossings, work.rows()).decideAll();
	await work.saveEntities();
	countAndAudit(change, valid, work);
	return { outcomes, ...decided };
}

function byOccurrence(a: ValidDetection, b: ValidDetection): number {
	return a.occurredAtMs - b.occurredAtMs || (a.detection.id < b.detection.id ? -1 : 1);
}

const NOTHING: ReadonlyMap<number, number> = new Map();

/** The rows that one batch works on. */
class Batch {
	readonly crossings: Crossing[] = [];
	readonly items: Scored[];
	private readonly slots = new Map<string, Slot>();
	private readonly contributions: ContributionRow[] = [];

	constructor(
		private readonly change: Change,
		detections: readonly ValidDetection[],
	) {
		this.items = detections.map((item) => this.prepare(item));
	}

	rows(): EntityRow[] {
		return [...this.slots.values()].map(({ row }) => row as EntityRow);
	}

	/** Every entity with its score, as text. */
	scores(scoreOf: (row: EntityRow) => number): string[] {
		return [...this.slots.values()].map(({ name, row }) => `${name}=${scoreOf(row as EntityRow)}`);
	}

	private prepare({ detection, occurredAtMs }: ValidDetection): Scored {
		const { policy, head, nowMs } = this.change;
		const targets = detection.targets.map((target) => this.prepareTarget(canonicalTarget(target, policy.identity)));
		return {
			detection,
			occurredAtMs,
			seq: ++head.detectionSeq,
			facts: factsOf(policy, detection, occurredAtMs, nowMs),
			targets,
			entities: entitiesOf(targets),
		};
	}

	private prepareTarget(target: CanonicalTarget): ScoredTarget {
		const slots: Slot[] = [];
		for (const kind of ENTITY_KINDS) {
			const key = target[kind];
			if (key !== undefined) slots.push(this.slot(kind, key));
		}
		return { target, key: targetKey(target), slots, settled: true };
	}

	private slot(kind: EntityKind, key: string): Slot {
		const name = `${kind}:${key}`;
		let slot = this.slots.get(name);
		if (!slot) {
			slot = { kind, key, name, row: undefined, isNew: false, hostBefore: undefined, targetBefore: undefined, unsettled: false, memory: undefined, remembered: undefined };
			this.slots.set(name, slot);
		}
		return slot;
	}

	async load(): Promise<void> {
		const slots = [...this.slots.values()];
		const rows = await this.change.tx.entities(slots);
		for (let i = 0; i < slots.length; i++) {
			const slot = slots[i];
			slot.row = rows[i];
			slot.hostBefore = slot.row?.hostId;
			slot.targetBefore = slot.row?.targetKey;
		}
		await Promise.all([this.loadRepeats(), this.loadHosts()]);
	}

	/** Most targets were seen before, just so: then the host is known and need not be read. */
	private async loadHosts(): Promise<void> {
		const targets = this.items.flatMap((item) => item.targets);
		const unsettled: ScoredTarget[] = [];
		for (let from = -1; from < unsettled.length; ) {
			from = unsettled.length;
			for (const target of targets) {
				if (!target.settled || isSettled(target)) continue;
				target.settled = false;
				for (const slot of target.slots) slot.unsettled = true;
				unsettled.push(target);
			}
		}
		const hostIds = distinct(unsettled.flatMap(({ slots }) => slots.map(({ row }) => row?.hostId)));
		await this.change.loadHostsOf(unsettled.map(({ target }) => target), hostIds);
	}

	private async loadRepeats(): Promise<void> {
		const wanted: { entityId: number; key: number }[] = [];
		const askers: Slot[] = [];
		for (const { facts, entities } of this.items) {
			for (const { seen, slot } of entities) {
				if (!slot.row) continue;
				if (isLongAgo(facts, slot.row.lastSeenMs)) continue;
				for (const key of repeatKeys(facts, seen)) {
					wanted.push({ entityId: slot.row.id, key });
					askers.push(slot);
				}
			}
		}
		const found = await this.change.tx.repeats(wanted);
		for (let i = 0; i < found.length; i++) {
			const atMs = found[i];
			if (atMs !== undefined) (askers[i].memory ??= new Map()).set(wanted[i].key, atMs);
		}
	}

	/** Scores the detections in order and notes who crossed. */
	apply(): Map<string, ScoreOutcome> {
		return new Map(this.items.map((item) => [item.detection.id, this.applyOne(item)]));
	}

	private applyOne(item: Scored): ScoreOutcome {
		const { policy } = this.change;
		const hostOf = item.targets.map((target) => this.link(target, item.facts.atMs));
		const entities: (EntityKey & { penalty: number; score: number })[] = [];
		let reasons: string[] | undefined;
		for (const { seen, slot } of item.entities) {
			const hostIds = hostsOf(seen, item.targets, hostOf);
			const row = this.row(slot, item.facts.atMs, hostIds[hostIds.length - 1]);
			const { penalty, suppressed, score } = this.score(item, seen, slot, row, hostIds);
			reasons ??= explain(policy, item.facts, seen, penalty, suppressed);
			entities.push({ kind: slot.kind, key: slot.key, penalty: round(penalty), score: round(score) });
		}
		reasons ??= ['No target names an entity of ours'];
		const unrated = item.facts.matched.length === 0;
		return { outcome: 'recorded', id: item.detection.id, entities, reasons, ...(unrated && { unrated }) };
	}

	private link({ target, key, slots, settled }: ScoredTarget, atMs: number): number | undefined {
		if (settled) return slots[0].row?.hostId;
		const id = this.change.graph.link(target, atMs);
		const lead = leadOf(slots);
		if (lead) this.row(lead, atMs, id).targetKey = key;
		return id;
	}

	private row(slot: Slot, atMs: number, hostId: number | undefined): EntityRow {
		if (!slot.row) {
			slot.row = newEntity(this.change, slot, atMs);
			slot.isNew = true;
		}
		const { row } = slot;
		if (hostId !== undefined && hostId !== row.hostId) {
			if (row.hostId !== undefined) this.change.graph.left(this.change.graph.resolve(row.hostId), row, row.lastSeenMs);
			row.hostId = hostId;
		}
		if (atMs < row.firstSeenMs) row.firstSeenMs = atMs;
		if (atMs > row.lastSeenMs) row.lastSeenMs = atMs;
		return row;
	}

	private score(
		{ facts, seq, detection }: Scored,
		seen: SeenEntity,
		slot: Slot,
		row: EntityRow,
		hostIds: number[],
	): { penalty: number; suppressed: number; score: number } {
		const { policy, nowMs } = this.change;
		const { threshold, rearmBelow } = policy.policy;
		const before = scoreAt(row.sources, nowMs, policy.halfLifeMs);
		if (before < rearmBelow || before === 0) row.rearmMs = 0;
		const { state, penalty, suppressed, remember } = penalise(policy, facts, seen, row.sources, slot.memory ?? NOTHING);
		row.sources = state;
		for (const key of remember) this.remember(slot, key, facts.atMs);
		this.contributions.push({ entityId: row.id, seq, penalty, suppressed });
		const score = scoreAt(state, nowMs, policy.halfLifeMs);
		if (reaches(score, threshold) && penalty > 0 && row.rearmMs !== undefined && row.rearmMs <= nowMs) {
			row.rearmMs = undefined;
			this.crossings.push({
				kind: slot.kind,
				key: slot.key,
				row,
				score,
				hostIds,
				at: detection.occurredAt,
				sources: new Map(hostIds.map((hostId) => [hostId, this.liveSources(hostId)])),
				newLinks: this.change.graph.newLinks.length,
			});
		}
		return { penalty, suppressed, score };
	}

	/** By the entities of this batch, as scored so far. */
	private liveSources(hostId: number): LiveSources[] {
		const live: LiveSources[] = [];
		for (const { row } of this.slots.values()) {
			if (row?.hostId !== hostId) continue;
			const sources = new Set<string>();
			addLiveSources(sources, row, this.change);
			if (sources.size > 0) live.push({ entity: { kind: row.kind, key: row.key }, sources });
		}
		return live;
	}

	private remember(slot: Slot, key: number, atMs: number): void {
		slot.memory ??= new Map();
		const last = slot.memory.get(key);
		if (last !== undefined && last >= atMs) return;
		slot.memory.set(key, atMs);
		if (!slot.remembered) slot.remembered = [key];
		else if (!slot.remembered.includes(key)) slot.remembered.push(key);
	}

	/** In key order, because neighbouring rows share pages of the store. */
	async save(): Promise<void> {
		const { tx, nowMs } = this.change;
		await tx.insertDetections(this.items.map((item) => toRow(item, nowMs)));
		await this.unrated().save(tx);
		await tx.insertContributions(this.contributions.sort((a, b) => a.entityId - b.entityId || a.seq - b.seq));
		const repeats: RepeatRow[] = [];
		for (const { row, memory, remembered } of this.slots.values()) {
			for (const key of remembered ?? []) {
				repeats.push({ entityId: (row as EntityRow).id, key, atMs: memory?.get(key) as number });
			}
		}
		await tx.saveRepeats(repeats.sort((a, b) => a.entityId - b.entityId || a.key - b.key));
	}

	private unrated(): UnratedTally {
		const tally = new UnratedTally();
		for (const { detection, occurredAtMs, facts } of this.items) if (facts.matched.length === 0) tally.add(detection, occurredAtMs);
		return tally;
	}

	/** Last, because decisions set when an entity may fire again, and hosts may have merged. */
	async saveEntities(): Promise<void> {
		const { tx, policy, graph } = this.change;
		const moved: EntityRow[] = [];
		const scored: EntityRow[] = [];
		for (const { row, isNew, hostBefore, targetBefore } of this.slots.values()) {
			const changed = row as EntityRow;
			changed.rank = rankOf(changed.sources, policy.halfLifeMs);
			if (changed.hostId !== undefined) changed.hostId = graph.resolve(changed.hostId);
			const asBefore = !isNew && changed.hostId === hostBefore && changed.targetKey === targetBefore;
			(asBefore ? scored : moved).push(changed);
		}
		await tx.saveEntities(moved.sort(byId));
		await tx.updateScores(scored.sort(byId));
	}
}

/** Whether nothing that an entity remembers can make a repeat of this detection. */
function isLongAgo({ atMs, matched }: DetectionFacts, lastSeenMs: number): boolean {
	return matched.every(({ rule: { repeat } }) => repeat.windowMs !== undefined && atMs - lastSeenMs >= repeat.windowMs);
}

function byId(a: EntityRow, b: EntityRow): number {
	return a.id - b.id;
}

/** The entities of targets, each once, in scoring order. */
function entitiesOf(targets: readonly ScoredTarget[]): Scored['entities'] {
	const entities: Scored['entities'] = [];
	for (const kind of ENTITY_KINDS) {
		for (const { target, slots } of targets) {
			const slot = slots.find((candidate) => candidate.kind === kind);
			if (!slot) continue;
			const known = targets.length > 1 ? entities.find((entity) => entity.slot === slot) : undefined;
			if (known) known.seen.targets.push(target);
			else entities.push({ seen: { kind, key: slot.key, targets: [target] }, slot });
		}
	}
	return entities;
}

/** The entity that remembers a target: the first that can tell a host. */
function leadOf(slots: readonly Slot[]): Slot | undefined {
	return slots.find(({ kind }) => kind === 'mac' || kind === 'hostname');
}

/** Whether a target was seen before just so, and nothing in this batch can change whose it is. */
function isSettled({ key, slots }: ScoredTarget): boolean {
	const lead = leadOf(slots)?.row;
	return (
		lead?.targetKey === key &&
		slots.every(({ row, unsettled }) => !unsettled && row?.hostId !== undefined && row.hostId === lead.hostId)
	);
}

function targetKey(target: CanonicalTarget): number {
	const { connectorGuid = '', mac = '', hostname = '', user = '', ip = '', endpointProfile = '', identityGroup = '' } = target;
	return hashKey([connectorGuid, mac, hostname, user, ip, endpointProfile, identityGroup].join('\n'));
}

/** Hosts of the targets in which an entity was seen, the last one last. */
function hostsOf(seen: SeenEntity, targets: readonly ScoredTarget[], hostOf: readonly (number | undefined)[]): number[] {
	if (targets.length === 1) return hostOf[0] === undefined ? [] : [hostOf[0]];
	const ids: number[] = [];
	for (let i = 0; i < targets.length; i++) {
		const id = hostOf[i];
		if (id !== undefined && targets[i].target[seen.kind] === seen.key && !ids.includes(id)) ids.push(id);
	}
	return ids;
}

/** A row for an entity that was never seen before. */
export function newEntity(change: Change, { kind, key }: EntityKey, atMs: number): EntityRow {
	change.count(`entities.${kind}`);
	return {
		id: ++change.head.entityId,
		kind,
		key,
		sources: [],
		rank: undefined,
		rearmMs: 0,
		hostId: undefined,
		targetKey: undefined,
		firstSeenMs: atMs,
		lastSeenMs: atMs,
		purgedSeq: 0,
	};
}

function toRow({ seq, detection, occurredAtMs }: Scored, receivedMs: number): DetectionRow {
	return {
		seq,
		id: detection.id,
		source: detection.source,
		eventTypeId: detection.eventType.id,
		eventTypeName: detection.eventType.name,
		occurredMs: occurredAtMs,
		receivedMs,
		body: JSON.stringify(detection),
		observed: detection.observables.map(({ value }) => value),
	};
}

/** One record for a batch: totals, and every entity's score after it. Decisions have records of their own. */
function countAndAudit(change: Change, valid: readonly ValidDetection[], work: Batch): void {
	const { items } = work;
	for (const { detection } of items) change.count(`detections.${detection.source}`);
	const fresh = new Set(items.map(({ detection }) => detection));
	for (const { detection } of valid) if (!fresh.has(detection)) change.count(`duplicates.${detection.source}`);
	if (items.length === 0) return;
	const { halfLifeMs } = change.policy;
	const scores = work.scores((row) => round(scoreAt(row.sources, change.nowMs, halfLifeMs)));
	change.audit('scored', 'detections', {
		detections: items.length,
		duplicates: valid.length - items.length,
		firstSeq: items[0].seq,
		lastSeq: items[items.length - 1].seq,
		policyVersion: change.policy.version,
		scores,
	});
}
