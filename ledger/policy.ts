import type { EntityKind, ProtectedEntry } from './api';
import type { Severity } from './detection';
import { parseDuration } from './duration';
import { PolicyError, type PolicyProblem } from './errors';
import { canonicalMac } from './entity';
import { parseNetwork } from './network';
import { canonicalPattern } from './patterns';

export { PolicyError } from './errors';

/** Which part of a detection makes two of them the same for the repeat memory; the source always does. */
export type RepeatScope = 'eventType' | 'observable' | 'target';

/** How often the same thing adds penalty to the same entity. */
export interface RepeatPolicy {
	mode: 'once' | 'oncePer' | 'every';
	/** For `oncePer`: ISO 8601 duration, counted from the last time that it added penalty. */
	window?: string;
	/**
	 * Default: event type and (first or matching) observable. With `target` the whole target counts, and a field
	 * that a later detection leaves empty matches anything, as in the oldest system.
	 */
	scope?: RepeatScope[];
}

/** Adds penalty when every field given matches; within a field any value does. Text is compared without case. */
export interface Rule {
	/** Source name, or `*`. */
	source: string;
	/** Event type id or name, or several. */
	eventType?: string | string[];
	category?: string | string[];
	severity?: Severity | Severity[];
	observableType?: string | string[];
	/** Points, 0 to 1000. */
	penalty: number;
	/** What this means, in words for people. */
	reason: string;
	/** Default: the policy's. */
	repeat?: RepeatPolicy;
}

/** Multiplies penalties (and the cap) of the entities that match. The first entry that matches counts. */
export interface Weight {
	/** As in protected entries: exact key or `*` pattern, CIDR for IPs, OUI for MACs. */
	type: 'mac' | 'ip' | 'user' | 'hostname' | 'cidr' | 'oui';
	value: string;
	weight: number;
	reason?: string;
}

export type CrossingAction = 'contain' | 'approve' | 'none';
export type PolicyMode = 'enforce' | 'observe' | 'approval';

export interface Breaker {
	/** Automatic containments allowed per window. */
	limit: number;
	window: string;
	/** Share (0 to 1) of known hosts that may be off the network at a time; not applied up to `shareFloor` hosts. */
	maxShare: number;
	shareFloor: number;
}

export interface Policy {
	name: string;
	/** `observe`: score only. `approval`: every containment asks a person. */
	mode: PolicyMode;
	/** Points at which an entity is to be contained. */
	threshold: number;
	/** Points below which a crossing may fire again. */
	rearmBelow: number;
	/** Lowest score of each band; below yellow is white, from `threshold` on it is `contain`. */
	bands: { yellow: number; orange: number; red: number };
	/** ISO 8601 duration in which a score halves, or `null`: never. */
	halfLife: string | null;
	repeat: RepeatPolicy;
	/** A source's points on one entity never exceed `factor` × its largest penalty (`null`: no cap), or what `perSource` says. */
	sourceCap: { factor: number | null; perSource?: Record<string, number> };
	rules: Rule[];
	weights: Weight[];
	/** What crossing the threshold means for each kind. */
	crossing: Record<EntityKind, CrossingAction>;
	guards: {
		/** Distinct sources needed for automatic containment; with fewer, a person is asked. */
		minimumSources: number;
		breaker: Breaker | null;
		/** How long a host is left alone after a person released it or denied its containment. */
		grace: string;
	};
	containment: {
		/** ISE ANC policy to apply. */
		ancPolicy: string;
		isolateConnector: boolean;
		/** First containment ends by itself after this; `null`: only a person ends it. */
		releaseAfter: string | null;
		/** Each earlier episode of the host multiplies it by this. */
		releaseFactor: number;
		releaseMax: string;
		/** Share by which the release time varies, so that hosts do not all come back at once. */
		releaseJitter: number;
	};
	approval: {
		expiry: string;
		/** How many people have to approve, each another one. Default 1. */
		quorum?: number;
	};
	retry: {
		/** Tries in total. */
		attempts: number;
		/** Wait after the first failure; doubles each time. */
		backoff: string;
		maxBackoff: string;
	};
	protected: { type: ProtectedEntry['type']; value: string; reason: string }[];
	identity: {
		/** Ours, in CIDR form. Addresses outside are never entities. */
		internalNetworks: string[];
		/** Words that stand for "not known". */
		placeholders: string[];
		userDomain: 'strip' | 'keep';
		hostnameDomain: 'strip' | 'keep';
		/** How long after it was last seen there an endpoint counts as a user's current one. */
		currentWindow: string;
	};
}

/** Policy fields that scores depend on. When one of them changes, every score is computed anew. */
export const SCORING_FIELDS = ['halfLife', 'repeat', 'sourceCap', 'rules', 'weights', 'identity'] as const;

const KINDS: EntityKind[] = ['mac', 'user', 'ip', 'hostname'];
const SEVERITIES = ['Low', 'Medium', 'High', 'Critical', 'Unknown'];
const SCOPES = ['eventType', 'observable', 'target'];
const WEIGHT_TYPES = ['mac', 'ip', 'user', 'hostname', 'cidr', 'oui'];
const PROTECTED_TYPES = [...WEIGHT_TYPES, 'endpointProfile', 'identityGroup'];
const MAX_RULES = 5_000;

type Json = Record<string, unknown>;

/**
 * Checks an untrusted policy document.
 * @returns The policy, detached from what was given.
 * @throws PolicyError listing every problem with its JSON path.
 */
export function validatePolicy(value: unknown): Policy {
	const problems = policyProblems(value);
	if (problems.length > 0) throw new PolicyError(problems);
	return JSON.parse(JSON.stringify(value)) as Policy;
}

/** Everything that is wrong with an untrusted policy document, each with its JSON path; empty when it can be used. */
export function policyProblems(value: unknown): PolicyProblem[] {
	const check = new Checker();
	check.policy(value);
	return check.problems;
}

/** Problem with a protected (or weight) entry's value, if any. */
export function matcherProblem(
	{ type, value }: { type: unknown; value: string },
	domains: Parameters<typeof canonicalPattern>[2],
): string | undefined {
	if (type === 'cidr' && !parseNetwork(value)) return 'must be a network such as 10.0.0.0/8';
	if (type === 'oui' && !/^[0-9a-f]{2}([:-]?)[0-9a-f]{2}\1[0-9a-f]{2}$/i.test(value)) return 'must be an OUI such as 00:1B:54';
	if (type === 'mac' && !value.includes('*') && canonicalMac(value) === undefined) return 'must be a MAC address or a pattern with *';
	if (!value.includes('*') || canonicalPattern(String(type), value, domains) !== undefined) return undefined;
	return type === 'mac' ? 'must be a MAC address or a pattern with *' : 'names only a domain, and the policy strips domains: it would match everything';
}

function domainsOf(identity: unknown): Parameters<typeof canonicalPattern>[2] {
	const { userDomain, hostnameDomain } = (identity ?? {}) as Partial<Policy['identity']>;
	return { keepUserDomain: userDomain === 'keep', keepHostnameDomain: hostnameDomain === 'keep' };
}

class Checker {
	readonly problems: PolicyProblem[] = [];
	private domains = { keepUserDomain: false, keepHostnameDomain: false };

	policy(value: unknown): void {
		const policy = this.object(value, '', [
			'name', 'mode', 'threshold', 'rearmBelow', 'bands', 'halfLife', 'repeat', 'sourceCap', 'rules', 'weights',
			'crossing', 'guards', 'containment', 'approval', 'retry', 'protected', 'identity',
		]);
		if (!policy) return;
		this.domains = domainsOf(policy.identity);
		this.text(policy.name, 'name');
		this.oneOf(policy.mode, 'mode', ['enforce', 'observe', 'approval']);
		this.number(policy.threshold, 'threshold', 0.001, 1_000_000);
		this.number(policy.rearmBelow, 'rearmBelow', 0, 1_000_000);
		this.inOrder(policy.rearmBelow, policy.threshold, 'rearmBelow', 'must not be above threshold');
		this.bands(policy.bands);
		if (policy.halfLife !== null) this.duration(policy.halfLife, 'halfLife', 1_000);
		this.repeat(policy.repeat, 'repeat');
		this.sourceCap(policy.sourceCap);
		this.list(policy.rules, 'rules', MAX_RULES, (rule, path) => this.rule(rule, path));
		this.list(policy.weights, 'weights', MAX_RULES, (weight, path) => this.weight(weight, path));
		const crossing = this.object(policy.crossing, 'crossing', KINDS);
		if (crossing) for (const kind of KINDS) this.oneOf(crossing[kind], `crossing.${kind}`, ['contain', 'approve', 'none']);
		this.guards(policy.guards);
		this.containment(policy.containment);
		const approval = this.object(policy.approval, 'approval', ['expiry', 'quorum']);
		if (approval) this.duration(approval.expiry, 'approval.expiry', 1_000);
		if (approval?.quorum !== undefined) this.integer(approval.quorum, 'approval.quorum', 1, 20);
		this.retry(policy.retry);
		this.list(policy.protected, 'protected', MAX_RULES, (entry, path) => this.protected(entry, path));
		this.identity(policy.identity);
	}

	private bands(value: unknown): void {
		const bands = this.object(value, 'bands', ['yellow', 'orange', 'red']);
		if (!bands) return;
		for (const band of ['yellow', 'orange', 'red']) this.number(bands[band], `bands.${band}`, 0, 1_000_000);
		this.inOrder(bands.yellow, bands.orange, 'bands.orange', 'must not be below yellow');
		this.inOrder(bands.orange, bands.red, 'bands.red', 'must not be below orange');
	}

	private repeat(value: unknown, path: string): void {
		const repeat = this.object(value, path, ['mode', 'window', 'scope']);
		if (!repeat) return;
		this.oneOf(repeat.mode, `${path}.mode`, ['once', 'oncePer', 'every']);
		if (repeat.mode === 'oncePer') this.duration(repeat.window, `${path}.window`, 1);
		if (repeat.scope !== undefined) {
			this.list(repeat.scope, `${path}.scope`, 3, (item, itemPath) => this.oneOf(item, itemPath, SCOPES));
		}
	}

	private sourceCap(value: unknown): void {
		const cap = this.object(value, 'sourceCap', ['factor', 'perSource']);
		if (!cap) return;
		if (cap.factor !== null) this.number(cap.factor, 'sourceCap.factor', 0.001, 1_000_000);
		if (cap.perSource === undefined) return;
		const perSource = this.object(cap.perSource, 'sourceCap.perSource');
		for (const [source, points] of Object.entries(perSource ?? {})) {
			this.number(points, `sourceCap.perSource.${source}`, 0, 1_000_000);
		}
	}

	private rule(value: unknown, path: string): void {
		const rule = this.object(value, path, [
			'source', 'eventType', 'category', 'severity', 'observableType', 'penalty', 'reason', 'repeat',
		]);
		if (!rule) return;
		this.text(rule.source, `${path}.source`);
		for (const field of ['eventType', 'category', 'observableType']) this.texts(rule[field], `${path}.${field}`);
		this.texts(rule.severity, `${path}.severity`, SEVERITIES);
		this.number(rule.penalty, `${path}.penalty`, 0, 1_000);
		this.text(rule.reason, `${path}.reason`);
		if (rule.repeat !== undefined) this.repeat(rule.repeat, `${path}.repeat`);
	}

	private weight(value: unknown, path: string): void {
		const weight = this.object(value, path, ['type', 'value', 'weight', 'reason']);
		if (!weight) return;
		this.matcher(weight, path, WEIGHT_TYPES);
		this.number(weight.weight, `${path}.weight`, 0, 100);
	}

	private protected(value: unknown, path: string): void {
		const entry = this.object(value, path, ['type', 'value', 'reason']);
		if (!entry) return;
		this.matcher(entry, path, PROTECTED_TYPES);
		this.text(entry.reason, `${path}.reason`);
	}

	private matcher(entry: Json, path: string, types: string[]): void {
		this.oneOf(entry.type, `${path}.type`, types);
		this.text(entry.value, `${path}.value`);
		if (typeof entry.value !== 'string') return;
		const problem = matcherProblem({ type: entry.type, value: entry.value }, this.domains);
		if (problem) this.add(`${path}.value`, problem);
	}

	private guards(value: unknown): void {
		const guards = this.object(value, 'guards', ['minimumSources', 'breaker', 'grace']);
		if (!guards) return;
		this.integer(guards.minimumSources, 'guards.minimumSources', 0, 100);
		this.duration(guards.grace, 'guards.grace');
		if (guards.breaker === null) return;
		const breaker = this.object(guards.breaker, 'guards.breaker', ['limit', 'window', 'maxShare', 'shareFloor']);
		if (!breaker) return;
		this.integer(breaker.limit, 'guards.breaker.limit', 0, 1_000_000);
		this.duration(breaker.window, 'guards.breaker.window', 1_000);
		this.number(breaker.maxShare, 'guards.breaker.maxShare', 0, 1);
		this.integer(breaker.shareFloor, 'guards.breaker.shareFloor', 0, 1_000_000);
	}

	private containment(value: unknown): void {
		const containment = this.object(value, 'containment', [
			'ancPolicy', 'isolateConnector', 'releaseAfter', 'releaseFactor', 'releaseMax', 'releaseJitter',
		]);
		if (!containment) return;
		this.text(containment.ancPolicy, 'containment.ancPolicy');
		if (typeof containment.isolateConnector !== 'boolean') this.add('containment.isolateConnector', 'must be true or false');
		if (containment.releaseAfter !== null) this.duration(containment.releaseAfter, 'containment.releaseAfter', 1_000);
		this.number(containment.releaseFactor, 'containment.releaseFactor', 1, 100);
		this.duration(containment.releaseMax, 'containment.releaseMax', 1_000);
		this.number(containment.releaseJitter, 'containment.releaseJitter', 0, 0.9);
	}

	private retry(value: unknown): void {
		const retry = this.object(value, 'retry', ['attempts', 'backoff', 'maxBackoff']);
		if (!retry) return;
		this.integer(retry.attempts, 'retry.attempts', 1, 1_000);
		this.duration(retry.backoff, 'retry.backoff');
		this.duration(retry.maxBackoff, 'retry.maxBackoff');
	}

	private identity(value: unknown): void {
		const identity = this.object(value, 'identity', [
			'internalNetworks', 'placeholders', 'userDomain', 'hostnameDomain', 'currentWindow',
		]);
		if (!identity) return;
		this.list(identity.internalNetworks, 'identity.internalNetworks', 10_000, (item, path) => {
			if (typeof item !== 'string' || !parseNetwork(item)) this.add(path, 'must be a network such as 10.0.0.0/8');
		});
		this.list(identity.placeholders, 'identity.placeholders', 1_000, (item, path) => this.text(item, path));
		this.oneOf(identity.userDomain, 'identity.userDomain', ['strip', 'keep']);
		this.oneOf(identity.hostnameDomain, 'identity.hostnameDomain', ['strip', 'keep']);
		this.duration(identity.currentWindow, 'identity.currentWindow', 1_000);
	}

	private add(path: string, problem: string): void {
		this.problems.push({ path, problem });
	}

	/** A typo in an optional field would otherwise go unnoticed, so unknown fields are problems. */
	private object(value: unknown, path: string, fields?: readonly string[]): Json | undefined {
		if (value === null || typeof value !== 'object' || Array.isArray(value)) {
			this.add(path, value === undefined ? 'is missing' : 'must be an object');
			return undefined;
		}
		const prefix = path === '' ? '' : `${path}.`;
		if (fields) {
			for (const key of Object.keys(value)) if (!fields.includes(key)) this.add(`${prefix}${key}`, 'is not a known field');
		}
		return value as Json;
	}

	private list(value: unknown, path: string, max: number, item: (value: unknown, path: string) => void): void {
		if (!Array.isArray(value)) return this.add(path, value === undefined ? 'is missing' : 'must be a list');
		if (value.length > max) return this.add(path, `must not have more than ${max} elements`);
		value.forEach((element, i) => item(element, `${path}[${i}]`));
	}

	private text(value: unknown, path: string): void {
		if (typeof value !== 'string') return this.add(path, value === undefined ? 'is missing' : 'must be text');
		if (value.trim() === '') this.add(path, 'must not be empty');
		if (value.length > 1_000) this.add(path, 'must not be longer than 1000 characters');
	}

	private texts(value: unknown, path: string, allowed?: string[]): void {
		if (value === undefined) return;
		const one = (item: unknown, itemPath: string) => (allowed ? this.oneOf(item, itemPath, allowed) : this.text(item, itemPath));
		if (!Array.isArray(value)) return one(value, path);
		if (value.length === 0) return this.add(path, 'must not be an empty list; leave it out to match anything');
		this.list(value, path, 1_000, one);
	}

	private oneOf(value: unknown, path: string, allowed: readonly string[]): void {
		if (!allowed.includes(value as string)) {
			this.add(path, `${value === undefined ? 'is missing; it ' : ''}must be one of ${allowed.join(', ')}`);
		}
	}

	private number(value: unknown, path: string, min: number, max: number): void {
		if (typeof value !== 'number' || !Number.isFinite(value)) {
			return this.add(path, value === undefined ? 'is missing' : 'must be a number');
		}
		if (value < min || value > max) this.add(path, `must be from ${min} to ${max}`);
	}

	private inOrder(low: unknown, high: unknown, path: string, problem: string): void {
		if (typeof low === 'number' && typeof high === 'number' && low > high) this.add(path, problem);
	}

	private integer(value: unknown, path: string, min: number, max: number): void {
		this.number(value, path, min, max);
		if (typeof value === 'number' && !Number.isInteger(value)) this.add(path, 'must be a whole number');
	}

	private duration(value: unknown, path: string, minMs = 0): void {
		const ms = typeof value === 'string' ? parseDuration(value) : undefined;
		if (ms === undefined) this.add(path, 'must be an ISO 8601 duration such as PT30M, without years or months');
		else if (ms < minMs) this.add(path, 'is too short');
		else if (ms > 3_650 * 86_400_000) this.add(path, 'must not be longer than ten years');
	}
}
