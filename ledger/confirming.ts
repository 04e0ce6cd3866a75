import type { Intent } from './api';
import type { Change } from './change';
import type { Matchable } from './compiledPolicy';
import { distinct } from './distinct';
import { approvalOf, closeEpisode, intentOrThrow, moveHost, OPEN_STATES, openNotice, settle } from './intents';
import { canonicalIdentity, fail, giveUp, keepFindings } from './outcomes';
import type { Confirmed, Settled, TargetFindings } from './service';
import type { IntentRow } from './store/store';
import { onlyStrangers, strangersIn, subjectsOfOwners, withoutStrangers, type ContainmentTarget, type Stranger } from './strangers';
import { iso } from './time';

type Fact = 'endpointProfile' | 'identityGroup';

const NAMES: Record<Fact, string> = { endpointProfile: 'endpoint profile', identityGroup: 'identity group' };

/**
 * Holds what the products say of the host against the protected entries, before anything is done to it, and keeps what
 * will leave the network.
 *
 * @returns `confirmed: false` when the containment was refused, or when it is not known whether the host is protected:
 * then it is tried again later, and after the last try people are asked. A notice says so
 */
export async function confirmTarget(change: Change, intentId: string, findings: TargetFindings): Promise<Confirmed> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	const found = canonicalIdentity(change, findings.identity);
	const all = {
		macs: distinct([...intent.host.macs, ...(found.macs ?? [])]),
		connectorGuids: distinct([...intent.host.connectorGuids, ...(found.connectorGuids ?? [])]),
	};
	if (intent.state !== 'claimed') return { confirmed: false, intent, ...all };
	const strangers = strangersIn(change, row.hostId, all);
	const target = withoutStrangers(change, intentId, all, strangers);
	const objection = await objectionTo(change, row, { findings, target, strangers });
	if (objection) return { confirmed: false, ...target, ...objection };
	// Before anything is applied: whoever does it may die, and a release must undo all of it.
	await keepFindings(change, row, { identity: target });
	intent.host = { ...intent.host, ...target };
	const { endpointProfiles, identityGroups } = findings;
	// Nobody says which of the profiles is the stranger's.
	if (strangers.length === 0) change.graph.reprofile(row.hostId, endpointProfiles ?? [], change.nowMs);
	if (endpointProfiles && identityGroups) row.factsRead = true;
	return { confirmed: true, intent, ...target };
}

interface Found {
	findings: TargetFindings;
	target: ContainmentTarget;
	strangers: readonly Stranger[];
}

/** Why a host must not be contained, or not yet: it is protected, another one, or nobody knows whether it is protected. */
async function objectionTo(change: Change, row: IntentRow, { findings, target, strangers }: Found): Promise<Settled | undefined> {
	const { intent } = row;
	const protectedBy = row.protectionOverridden ? undefined : change.protectedBy(subjectsIn(change, row.hostId, findings, target));
	if (protectedBy) {
		const error = `Protected by ${protectedBy.type} ${protectedBy.value}: ${protectedBy.reason}`;
		await refuse(change, intent.id, error);
		const notice = openNotice(change, intent, { event: 'failed', result: { kind: intent.kind, error } });
		return { intent, notice: notice.intent };
	}
	if (strangers.length > 0 && target.macs.length + target.connectorGuids.length === 0) {
		const notice = giveUp(change, row, onlyStrangers(strangers));
		return { intent, ...(notice && { notice: notice.intent }) };
	}
	const unread = mayLackFacts(row) ? [] : unreadFacts(change, findings);
	return unread.length > 0 ? await holdUp(change, row, unread) : undefined;
}

/** Everything that a protected entry can be about: what is known of the host and of the owners of the target, and what was found. */
function subjectsIn(change: Change, hostId: number, { identity, endpointProfiles, identityGroups }: TargetFindings, target: ContainmentTarget): Matchable[] {
	const found = canonicalIdentity(change, identity);
	return [
		...change.subjectsOf(hostId),
		...subjectsOfOwners(change, target),
		...matchables('mac', target.macs),
		...matchables('ip', found.ips),
		...matchables('hostname', found.hostnames),
		...matchables('user', found.users),
		...matchables('endpointProfile', endpointProfiles),
		...matchables('identityGroup', identityGroups),
	];
}

/** What could not be read of the host although a protected entry is about it. */
function unreadFacts(change: Change, { endpointProfiles, identityGroups }: TargetFindings): Fact[] {
	return [
		...(endpointProfiles === undefined && change.hasProtected('endpointProfile') ? ['endpointProfile' as const] : []),
		...(identityGroups === undefined && change.hasProtected('identityGroup') ? ['identityGroup' as const] : []),
	];
}

/**
 * Whether a containment may go on without facts: a person takes the responsibility, or they were read in an earlier
 * try, which may have contained the host in part already.
 */
function mayLackFacts({ intent, protectionOverridden, askedWithoutFacts, factsRead }: IntentRow): boolean {
	const decidedByPerson = ['approval', 'manual'].includes(intent.decision.guard);
	return protectionOverridden === true || factsRead === true || (askedWithoutFacts === true && decidedByPerson);
}

async function holdUp(change: Change, row: IntentRow, unread: readonly Fact[]): Promise<Settled> {
	const facts = unread.map((fact) => NAMES[fact]).join(' and ');
	const error = `It is not known whether the host is protected: its ${facts} could not be read from ISE`;
	if (row.intent.attempts < change.policy.policy.retry.attempts) return await fail(change, row.intent.id, { error });
	return askPeople(change, row, error);
}

/** Makes a containment that was under way an approval that waits. */
function askPeople(change: Change, row: IntentRow, reason: string): Settled {
	const { intent } = row;
	const { approval } = change.policy.policy;
	Object.assign(intent, {
		state: 'awaitingApproval',
		decision: { guard: 'protected', verdict: 'approve', reason },
		expiresAt: iso(change.nowMs + change.policy.ms.approvalExpiry),
		quorum: approval.quorum ?? 1,
		approvals: [],
		attempts: 0,
		lastError: reason,
	} satisfies Partial<Intent>);
	delete intent.leaseUntil;
	row.askedWithoutFacts = true;
	row.automatic = false;
	change.episodeNow(intent.episodeId).episode.state = 'awaitingApproval';
	moveHost(change, change.graph.row(row.hostId), 'awaitingApproval', intent.episodeId);
	change.audit('approvalRequested', `intent:${intent.id}`, { episode: intent.episodeId, decision: intent.decision, was: 'claimed' });
	const notice = openNotice(change, intent, { event: 'approvalRequested', approvals: [approvalOf(change, intent)], approvalCount: 1 });
	intent.askedIn = notice.intent.id;
	return { intent, notice: notice.intent };
}

function matchables(kind: Matchable['kind'], keys: readonly string[] = []): Matchable[] {
	return keys.filter((key) => key !== '').map((key) => ({ kind, key }));
}

/** A containment that must not go on, e.g. because ISE says that the endpoint's profile is protected. */
export async function refuse(change: Change, intentId: string, reason: string): Promise<Intent> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	if (intent.kind !== 'contain' || !OPEN_STATES.includes(intent.state)) return intent;
	intent.decision = { guard: 'protected', verdict: 'refuse', reason };
	row.automatic = false;
	settle(change, row, 'cancelled', { reason });
	await closeEpisode(change, change.episodeNow(intent.episodeId), 'refused', false, change.nowMs + change.policy.ms.grace);
	return intent;
}
