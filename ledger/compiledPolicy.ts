import type { EntityKey, ProtectedEntry } from './api';
import type { Detection } from './detection';
import { parseDuration } from './duration';
import { accountOf, canonicalKey, canonicalMac, type IdentityRules } from './entity';
import { canonicalPattern } from './patterns';
import { inNetworks, parseNetwork, type Network } from './network';
import type { Policy, RepeatPolicy, Rule } from './policy';

export interface CompiledRepeat {
	mode: RepeatPolicy['mode'];
	/** For `oncePer`. */
	windowMs?: number;
	byEventType: boolean;
	byObservable: boolean;
	byTarget: boolean;
	/** Rules share their repeat memory when they repeat in the same way. */
	tag: string;
	/** How a repeat is explained. */
	text: string;
}

export interface CompiledRule {
	penalty: number;
	reason: string;
	repeat: CompiledRepeat;
	observableTypes?: ReadonlySet<string>;
	matches(detection: Detection): boolean;
}

/** Who a protected or weight entry is about: entities, or facts of the endpoint. */
export interface Matchable {
	kind: EntityKey['kind'] | 'endpointProfile' | 'identityGroup' | 'connectorGuid';
	key: string;
}

export type Matcher = (subject: Matchable) => boolean;

/** A policy made ready for use: durations in milliseconds, networks parsed, rules by source. */
export interface CompiledPolicy {
	version: number;
	policy: Policy;
	identity: IdentityRules;
	halfLifeMs: number | undefined;
	matching(detection: Detection): CompiledRule[];
	/** Most points that a source can add to an entity of weight 1. */
	capOf(source: string): number;
	weightOf(entity: EntityKey): number;
	/** The policy's own protected entry that matches, if any. */
	protectedBy(subject: Matchable): Policy['protected'][number] | undefined;
	ms: {
		breakerWindow: number;
		grace: number;
		releaseAfter: number | undefined;
		releaseMax: number;
		approvalExpiry: number;
		backoff: number;
		maxBackoff: number;
		currentWindow: number;
	};
}

/** Makes a valid policy ready for use. */
export function compilePolicy(policy: Policy, version: number): CompiledPolicy {
	const identity = compileIdentity(policy);
	const rules = policy.rules.map((rule) => ({ source: rule.source, compiled: compileRule(rule, policy.repeat) }));
	const bySource = new Map<string, CompiledRule[]>();
	const rulesOf = memo(bySource, (source: string) =>
		rules.filter((rule) => rule.source === source || rule.source === '*').map(({ compiled }) => compiled),
	);
	const caps = memo(new Map<string, number>(), (source: string) => capOf(policy, source, rulesOf(source)));
	const weights = policy.weights.map(({ weight, ...entry }) => ({ weight, matches: compileMatcher(entry, identity) }));
	const shielded = policy.protected.map((entry) => ({ entry, matches: compileMatcher(entry, identity) }));
	return {
		version,
		policy,
		identity,
		halfLifeMs: policy.halfLife === null ? undefined : durationMs(policy.halfLife),
		matching: matchOnce((detection) => rulesOf(detection.source).filter((rule) => rule.matches(detection))),
		capOf: caps,
		weightOf: (entity) => (weights.length === 0 ? 1 : (weights.find(({ matches }) => matches(entity))?.weight ?? 1)),
		protectedBy: (subject) => shielded.find(({ matches }) => matches(subject))?.entry,
		ms: {
			breakerWindow: policy.guards.breaker ? durationMs(policy.guards.breaker.window) : 0,
			grace: durationMs(policy.guards.grace),
			releaseAfter: policy.containment.releaseAfter === null ? undefined : durationMs(policy.containment.releaseAfter),
			releaseMax: durationMs(policy.containment.releaseMax),
			approvalExpiry: durationMs(policy.approval.expiry),
			backoff: durationMs(policy.retry.backoff),
			maxBackoff: durationMs(policy.retry.maxBackoff),
			currentWindow: durationMs(policy.identity.currentWindow),
		},
	};
}

const MATCHES_KEPT = 10_000;

/** Few kinds of detections make up the many, and all of a kind match the same rules. */
function matchOnce(match: (detection: Detection) => CompiledRule[]): (detection: Detection) => CompiledRule[] {
	const known = new Map<string, CompiledRule[]>();
	return (detection) => {
		const { source, eventType, severity, categories, observables } = detection;
		let kind = `${source}\n${eventType.id}\n${eventType.name}\n${severity}`;
		for (const category of categories) kind += `\n${category}`;
		kind += '\n';
		for (const { type } of observables) kind += `\n${type}`;
		let rules = known.get(kind);
		if (!rules) {
			rules = match(detection);
			if (known.size >= MATCHES_KEPT) known.clear();
			known.set(kind, rules);
		}
		return rules;
	};
}

/** How a policy reads identities, without making the rest of it ready. */
export function compileIdentity({ identity }: Policy): IdentityRules {
	return {
		internalNetworks: identity.internalNetworks.map((text) => parseNetwork(text) as Network),
		placeholders: new Set(identity.placeholders.map((word) => word.toLowerCase())),
		keepUserDomain: identity.userDomain === 'keep',
		keepHostnameDomain: identity.hostnameDomain === 'keep',
	};
}

function compileRule(rule: Rule, fallback: RepeatPolicy): CompiledRule {
	const eventTypes = lowerSet(rule.eventType);
	const categories = lowerSet(rule.category);
	const severities = lowerSet(rule.severity);
	const observableTypes = lowerSet(rule.observableType);
	return {
		penalty: rule.penalty,
		reason: rule.reason,
		repeat: compileRepeat(rule.repeat ?? fallback),
		...(observableTypes && { observableTypes }),
		matches: ({ eventType, categories: given, severity, observables }) =>
			(!eventTypes || eventTypes.has(eventType.id.toLowerCase()) || eventTypes.has(eventType.name.toLowerCase())) &&
			(!categories || given.some((category) => categories.has(category.toLowerCase()))) &&
			(!severities || severities.has(severity.toLowerCase())) &&
			(!observableTypes || observables.some(({ type }) => observableTypes.has(type.toLowerCase()))),
	};
}

function compileRepeat(repeat: RepeatPolicy): CompiledRepeat {
	const scope = [...(repeat.scope ?? ['eventType', 'observable'])].sort();
	return {
		mode: repeat.mode,
		...(repeat.mode === 'oncePer' && { windowMs: durationMs(repeat.window as string) }),
		byEventType: scope.includes('eventType'),
		byObservable: scope.includes('observable'),
		byTarget: scope.includes('target'),
		tag: `${repeat.mode} ${repeat.mode === 'oncePer' ? repeat.window : ''} ${scope.join('+')}`,
		text: repeat.mode === 'oncePer' ? `counted already within ${repeat.window}` : 'counted already, and counts once',
	};
}

function capOf({ sourceCap }: Policy, source: string, rules: CompiledRule[]): number {
	const own = sourceCap.perSource && Object.hasOwn(sourceCap.perSource, source) ? sourceCap.perSource[source] : undefined;
	if (own !== undefined) return own;
	return sourceCap.factor === null ? Infinity : sourceCap.factor * Math.max(0, ...rules.map(({ penalty }) => penalty));
}

/** Tells whether an entry of a protected or weight list is about a subject. */
export function compileMatcher(entry: Pick<ProtectedEntry, 'type' | 'value'>, identity: IdentityRules): Matcher {
	if (entry.type === 'cidr') {
		const network = parseNetwork(entry.value);
		return ({ kind, key }) => kind === 'ip' && network !== undefined && inNetworks(key, [network]);
	}
	if (entry.type === 'oui') {
		const oui = entry.value.replace(/[:-]/g, '').toUpperCase();
		return ({ kind, key }) => kind === 'mac' && key.slice(0, 8).replace(/:/g, '') === oui;
	}
	if (entry.value.includes('*')) {
		const pattern = wildcard(canonicalPattern(entry.type, entry.value, identity) ?? entry.value);
		return ofType(entry.type, (key) => pattern.test(key));
	}
	const exact = exactValue(entry, identity).toLowerCase();
	return ofType(entry.type, (key) => key.toLowerCase() === exact);
}

/** An entry about `administrator` is about the administrator of every host. */
function ofType(type: ProtectedEntry['type'], matches: (key: string) => boolean): Matcher {
	return ({ kind, key }) => kind === type && (matches(key) || (kind === 'user' && matches(accountOf(key))));
}

/** The entry that protects one of some subjects, from the policy or from the list that people keep. */
export type Protection = (subjects: readonly Matchable[]) => ProtectingEntry | undefined;

export type ProtectingEntry = Pick<ProtectedEntry, 'type' | 'value' | 'reason'>;

/** Entries are made ready when they are first asked for: most changes ask for none. */
export function compileProtection(policy: CompiledPolicy, listed: readonly ProtectedEntry[]): Protection {
	let matchers: { entry: ProtectedEntry; matches: Matcher }[] | undefined;
	const listedFor = (subject: Matchable) => {
		matchers ??= listed.map((entry) => ({ entry, matches: compileMatcher(entry, policy.identity) }));
		return matchers.find(({ matches }) => matches(subject))?.entry;
	};
	return (subjects) => {
		for (const subject of subjects) {
			const entry = policy.protectedBy(subject) ?? listedFor(subject);
			if (entry) return entry;
		}
		return undefined;
	};
}

/** A protected address need not be internal; hence the plain value as a fallback. */
function exactValue({ type, value }: Pick<ProtectedEntry, 'type' | 'value'>, identity: IdentityRules): string {
	if (type === 'mac') return canonicalMac(value.trim()) ?? value.trim();
	if (type === 'ip' || type === 'user' || type === 'hostname') return canonicalKey(type, value, identity) ?? value.trim();
	return value.trim();
}

function wildcard(value: string): RegExp {
	const source = value.trim().split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
	return new RegExp(`^${source.join('.*')}$`, 'i');
}

function lowerSet(value: string | string[] | undefined): Set<string> | undefined {
	return value === undefined ? undefined : new Set([value].flat().map((item) => item.toLowerCase()));
}

function durationMs(text: string): number {
	return parseDuration(text) as number;
}

function memo<K, V>(known: Map<K, V>, work: (key: K) => V): (key: K) => V {
	return (key) => {
		const old = known.get(key);
		if (old !== undefined) return old;
		const value = work(key);
		known.set(key, value);
		return value;
	};
}
