import { hash } from 'node:crypto';
import type { EntityKey } from './api';
import type { Detection } from './detection';
import type { SeenEntity, CanonicalTarget } from './entity';
import type { CompiledPolicy, CompiledRule } from './compiledPolicy';

/** What one source has added to one entity: points as they were at a moment, and how many detections ever. */
export interface SourceScore {
	source: string;
	points: number;
	atMs: number;
	detections: number;
}

/** An entity's score, by source in the order in which they first reported. */
export type ScoreState = readonly SourceScore[];

/** When a repeat key last added penalty to one entity, by key. */
export interface RepeatMemory {
	get(key: number): number | undefined;
}

/** A rule that matches a detection, with its repeat key when that does not depend on the target. */
interface MatchedRule {
	rule: CompiledRule;
	key?: number;
}

/** What scoring needs to know of a detection; the same for all its entities. */
export interface DetectionFacts {
	detection: Detection;
	/** When it counts: when it occurred, but not later than it was received. */
	atMs: number;
	matched: MatchedRule[];
}

/** One detection's effect on one entity. */
export interface Effect {
	state: ScoreState;
	/** Points added, after rules, repeats, weight and cap. */
	penalty: number;
	/** Bit i: the i-th matching rule added nothing because it is a repeat. */
	suppressed: number;
	/** Repeat keys to remember at the detection's time. */
	remember: readonly number[];
}

/** Rank keys count half-lives from here, so that they keep their precision. */
const RANK_EPOCH_MS = Date.UTC(2024, 0, 1);
/** Only so many matching rules fit the bit mask. */
const MAX_MATCHES = 31;

/** What is left of points after a time; negative times give what they would have been. */
export function decayed(points: number, elapsedMs: number, halfLifeMs: number | undefined): number {
	if (halfLifeMs === undefined || elapsedMs === 0) return points;
	return points * Math.pow(2, -elapsedMs / halfLifeMs);
}

/** Points of an entity at a moment. */
export function scoreAt(state: ScoreState, nowMs: number, halfLifeMs: number | undefined): number {
	let total = 0;
	for (const { points, atMs } of state) total += decayed(points, nowMs - atMs, halfLifeMs);
	return total;
}

/**
 * A number that orders entities by score at any moment: all scores fade at the same rate, so
 * `log2(score) + time / halfLife` never changes between detections. `undefined` for no points at all.
 */
export function rankOf(state: ScoreState, halfLifeMs: number | undefined): number | undefined {
	let atMs = 0;
	for (const source of state) if (source.atMs > atMs) atMs = source.atMs;
	const score = scoreAt(state, atMs, halfLifeMs);
	return score > 0 ? rankOfScore(score, atMs, halfLifeMs) : undefined;
}

/** The rank key of an entity that has this score at that moment. */
export function rankOfScore(score: number, atMs: number, halfLifeMs: number | undefined): number {
	return Math.log2(score) + (halfLifeMs === undefined ? 0 : (atMs - RANK_EPOCH_MS) / halfLifeMs);
}

/** Matches rules once for all entities of a detection. */
export function factsOf(policy: CompiledPolicy, detection: Detection, occurredAtMs: number, receivedAtMs: number): DetectionFacts {
	const rules = policy.matching(detection);
	const matched: MatchedRule[] = [];
	for (let i = 0; i < rules.length && i < MAX_MATCHES; i++) {
		const rule = rules[i];
		const fixed = rule.repeat.mode !== 'every' && !rule.repeat.byTarget;
		matched.push(fixed ? { rule, key: hashKey(keyParts(rule, detection)) } : { rule });
	}
	return { detection, atMs: Math.min(occurredAtMs, receivedAtMs), matched };
}

/** Keys to look up in an entity's repeat memory before its penalty can be worked out. */
export function repeatKeys(facts: DetectionFacts, entity: SeenEntity): number[] {
	const keys: number[] = [];
	for (const { rule, key } of facts.matched) {
		if (key !== undefined) keys.push(key);
		else if (rule.repeat.byTarget) for (const target of entity.targets) keys.push(exactKey(rule, facts.detection, target));
	}
	return keys;
}

/**
 * The heart of the ledger: what one detection does to one entity. Pure; the same inputs give the same bits.
 * Rules that match add up, repeats add nothing, the entity's weight multiplies, the source's cap limits.
 */
export function penalise(
	policy: CompiledPolicy,
	facts: DetectionFacts,
	entity: SeenEntity,
	state: ScoreState,
	memory: RepeatMemory,
): Effect {
	let points = 0;
	let suppressed = 0;
	let remember = NO_KEYS;
	for (let i = 0; i < facts.matched.length; i++) {
		const keys = newKeys(facts, facts.matched[i], entity, memory);
		if (keys === undefined) {
			suppressed |= 1 << i;
			continue;
		}
		points += facts.matched[i].rule.penalty;
		remember = remember.length === 0 ? keys : [...remember, ...keys];
	}
	const weight = policy.weightOf(entity);
	const { state: next, added } = addPoints(policy, facts, state, points * weight, weight);
	return { state: next, penalty: added, suppressed, remember };
}

const NO_KEYS: readonly number[] = [];

/** Keys to remember when a rule counts; `undefined` when this is a repeat, which adds nothing. */
function newKeys(
	{ detection, atMs }: DetectionFacts,
	{ rule, key }: MatchedRule,
	entity: SeenEntity,
	memory: RepeatMemory,
): readonly number[] | undefined {
	if (rule.repeat.mode === 'every') return NO_KEYS;
	if (key !== undefined) return isNew(rule, atMs, memory.get(key)) ? [key] : undefined;
	const fresh = entity.targets.filter((target) => isNew(rule, atMs, memory.get(exactKey(rule, detection, target))));
	return fresh.length > 0 ? fresh.flatMap((target) => projectedKeys(rule, detection, target)) : undefined;
}

/** @param lastMs When the repeat key last counted. */
function isNew({ repeat: { windowMs } }: CompiledRule, atMs: number, lastMs: number | undefined): boolean {
	return lastMs === undefined || (windowMs !== undefined && Math.abs(atMs - lastMs) >= windowMs);
}

/** Adds to the source's subtotal, in the subtotal's own time when the detection is late, and never past its cap. */
function addPoints(
	policy: CompiledPolicy,
	{ detection: { source }, atMs }: DetectionFacts,
	state: ScoreState,
	points: number,
	weight: number,
): { state: ScoreState; added: number } {
	let index = state.length - 1;
	while (index >= 0 && state[index].source !== source) index--;
	const old = index < 0 ? { source, points: 0, atMs, detections: 0 } : state[index];
	const at = Math.max(old.atMs, atMs);
	const before = decayed(old.points, at - old.atMs, policy.halfLifeMs);
	const gain = decayed(points, at - atMs, policy.halfLifeMs);
	const cap = policy.capOf(source) * weight;
	const limited = before + gain > cap;
	const after = limited ? Math.max(before, cap) : before + gain;
	const entry: SourceScore = { source, points: after, atMs: at, detections: old.detections + 1 };
	const next = state.slice();
	next[index < 0 ? state.length : index] = entry;
	const added = limited ? decayed(after - before, atMs - at, policy.halfLifeMs) : points;
	return { state: next, added };
}

/** Why a stored contribution is what it is, in words. */
export function explain(policy: CompiledPolicy, facts: DetectionFacts, entity: EntityKey, penalty: number, suppressed: number): string[] {
	if (facts.matched.length === 0) return ['No rule gives this event type a penalty'];
	const weight = policy.weightOf(entity);
	let points = 0;
	const reasons = facts.matched.map(({ rule }, i) => {
		if ((suppressed & (1 << i)) !== 0) return `${rule.reason}: ${rule.repeat.text}, adds nothing`;
		points += rule.penalty;
		return `${rule.reason}: ${rule.penalty} points`;
	});
	if (weight !== 1) reasons.push(`Weight of this ${entity.kind}: times ${weight}`);
	if (penalty < points * weight * (1 - 1e-9)) {
		reasons.push(`${facts.detection.source} is capped at ${policy.capOf(facts.detection.source) * weight} points: ${round(penalty)} added`);
	}
	return reasons;
}

/** Points as people see them: 3 decimals. */
export function round(points: number): number {
	return Math.round(points * 1000) / 1000;
}

function keyParts(rule: CompiledRule, detection: Detection): string {
	const eventType = rule.repeat.byEventType ? detection.eventType.id : '';
	const observable = rule.repeat.byObservable ? observableOf(rule, detection) : '';
	return `${rule.repeat.tag}\n${detection.source}\n${eventType}\n${observable}`;
}

/** The observable that counts: the one whose type the rule asks for, else the first. */
function observableOf(rule: CompiledRule, { observables }: Detection): string {
	const types = rule.observableTypes;
	const found = types ? observables.find(({ type }) => types.has(type.toLowerCase())) : observables[0];
	return found ? `${found.type}=${found.value.toLowerCase()}` : '';
}

function tupleOf(rule: CompiledRule, detection: Detection, target: CanonicalTarget): string[] {
	const observable = rule.repeat.byObservable ? observableOf(rule, detection) : '';
	return [target.mac ?? '', target.user ?? '', target.ip ?? '', target.hostname ?? '', observable];
}

function targetPrefix(rule: CompiledRule, detection: Detection): string {
	return `${rule.repeat.tag}\n${detection.source}\n${rule.repeat.byEventType ? detection.eventType.id : ''}`;
}

function exactKey(rule: CompiledRule, detection: Detection, target: CanonicalTarget): number {
	return hashKey(`${targetPrefix(rule, detection)}\n${tupleOf(rule, detection, target).join('\n')}`);
}

/** Keys of the tuple with every choice of its fields left empty: a later, emptier tuple then finds itself. */
function projectedKeys(rule: CompiledRule, detection: Detection, target: CanonicalTarget): number[] {
	const prefix = targetPrefix(rule, detection);
	let tuples: string[][] = [[]];
	for (const field of tupleOf(rule, detection, target)) {
		tuples = tuples.flatMap((tuple) => (field === '' ? [[...tuple, '']] : [[...tuple, field], [...tuple, '']]));
	}
	return tuples.map((tuple) => hashKey(`${prefix}\n${tuple.join('\n')}`));
}

/** 52 bits of SHA-256: small to store, exact as a number, and unlikely enough to collide within one entity. */
export function hashKey(text: string): number {
	return parseInt(hash('sha256', text, 'hex').slice(0, 13), 16);
}

/** What rounding hides: 79.99 points are 80 to everyone who reads them. */
const ROUNDING = 0.5;

/** A mark, e.g. the threshold, as the lowest score that reaches it. */
export function lowestReaching(mark: number): number {
	return mark > ROUNDING ? mark - ROUNDING : mark;
}

/**
 * Whether a score reaches a mark. Compared in whole points, as they are shown: what a detection lost to decay on its
 * way here must not decide.
 */
export function reaches(score: number, mark: number): boolean {
	return score >= lowestReaching(mark);
}
