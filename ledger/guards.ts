import type { Decision, EntityKind } from './api';
import type { CrossingAction, Policy } from './policy';

/** All that a decision about one crossing depends on. */
export interface GuardInput {
	policy: Policy;
	kind: EntityKind;
	score: number;
	/** Sources that still count on this host, distinct. */
	sources: readonly string[];
	/** The entry that protects the host, if any. */
	protectedBy?: { type: string; value: string; reason: string };
	/** Set when other hosts have this entity, too; and whether this host has one of its own that can contain it. */
	shared?: { hasOwn: boolean };
	/** Until when the host is left alone, ISO 8601, if that is still to come. */
	graceUntil?: string;
	/** Automatic containments within the breaker's window, so far. */
	recentContainments: number;
	/** Hosts with an open containment, and hosts known. */
	openHosts: number;
	knownHosts: number;
}

type Guard = (input: GuardInput) => Decision | undefined;

/**
 * Decides what becomes of a crossing. The guards are asked in this order and the first with an opinion wins, so
 * that a reason is always one reason.
 */
export function decide(input: GuardInput): Decision {
	for (const guard of GUARDS) {
		const decision = guard(input);
		if (decision) return decision;
	}
	return {
		guard: 'dispatch',
		verdict: 'contain',
		reason: `Score ${points(input.score)} reached the threshold of ${input.policy.threshold} with ${count(input.sources.length, 'source')}`,
	};
}

const observe: Guard = ({ policy }) =>
	policy.mode === 'observe'
		? { guard: 'observe', verdict: 'refuse', reason: 'The policy only observes: nothing is contained' }
		: undefined;

const kindContainsNothing: Guard = ({ policy, kind }) =>
	actionOf(policy, kind) === 'none'
		? {
				guard: 'kind',
				verdict: 'refuse',
				reason:
					kind === 'ip'
						? 'An IP address is a weak identity and never contains an endpoint by itself'
						: `The policy contains nothing when a ${kind} crosses the threshold`,
			}
		: undefined;

const protectedEntity: Guard = ({ protectedBy }) =>
	protectedBy && {
		guard: 'protected',
		verdict: 'refuse',
		reason: `Protected by ${protectedBy.type} ${protectedBy.value}: ${protectedBy.reason}`,
	};

const grace: Guard = ({ graceUntil }) =>
	graceUntil === undefined
		? undefined
		: { guard: 'grace', verdict: 'refuse', reason: `A person let this host go; it is left alone until ${graceUntil}` };

const sharedEntity: Guard = ({ kind, shared }) => {
	if (!shared) return undefined;
	const reason = `Several hosts have this ${kind}, and its points may be those of others`;
	return shared.hasOwn
		? { guard: 'shared', verdict: 'refuse', reason: `${reason}: what is this host's own decides` }
		: { guard: 'shared', verdict: 'approve', reason: `${reason}: a person decides whether this host is meant` };
};

const diversity: Guard = ({ policy, sources }) =>
	sources.length < policy.guards.minimumSources
		? {
				guard: 'diversity',
				verdict: 'approve',
				reason: `Only ${count(sources.length, 'source')} (${sources.join(', ') || 'none'}) of the ${policy.guards.minimumSources} needed for automatic containment`,
			}
		: undefined;

const breaker: Guard = ({ policy, recentContainments, openHosts, knownHosts }) => {
	const limits = policy.guards.breaker;
	if (!limits) return undefined;
	if (recentContainments >= limits.limit) {
		return {
			guard: 'breaker',
			verdict: 'approve',
			reason: `Circuit breaker: ${recentContainments} automatic containments within ${limits.window}, ${limits.limit} allowed`,
		};
	}
	if (openHosts >= Math.max(limits.shareFloor, Math.floor(limits.maxShare * knownHosts))) {
		return {
			guard: 'breaker',
			verdict: 'approve',
			reason: `Circuit breaker: ${openHosts} of ${knownHosts} known hosts are contained already`,
		};
	}
	return undefined;
};

const approval: Guard = ({ policy, kind }) => {
	if (policy.mode === 'approval') {
		return { guard: 'approval', verdict: 'approve', reason: 'The policy asks a person before every containment' };
	}
	if (actionOf(policy, kind) === 'approve') {
		return { guard: 'kind', verdict: 'approve', reason: `A person decides when a ${kind} crosses the threshold` };
	}
	return undefined;
};

const GUARDS: readonly Guard[] = [observe, kindContainsNothing, protectedEntity, grace, sharedEntity, diversity, breaker, approval];

function actionOf(policy: Policy, kind: EntityKind): CrossingAction {
	return policy.crossing[kind];
}

function points(score: number): string {
	return String(Math.round(score * 10) / 10);
}

function count(n: number, word: string): string {
	return `${n} ${word}${n === 1 ? '' : 's'}`;
}
