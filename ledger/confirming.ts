import type { Intent } from './api';
import type { Change } from './change';
import type { Matchable } from './compiledPolicy';
import { distinct } from './distinct';
import { closeEpisode, intentOrThrow, OPEN_STATES, openNotice, settle } from './intents';
import { canonicalIdentity, giveUp, keepFindings } from './outcomes';
import type { Confirmed, TargetFindings } from './service';
import { onlyStrangers, strangersIn, subjectsOfOwners, withoutStrangers } from './strangers';

/**
 * Holds what the products say of the host against the protected entries, before anything is done to it, and keeps what
 * will leave the network.
 *
 * @returns `confirmed: false` when the containment was refused; then a notice says so
 */
export async function confirmTarget(
	change: Change,
	intentId: string,
	{ identity = {}, endpointProfiles = [], identityGroups = [] }: TargetFindings,
): Promise<Confirmed> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	const found = canonicalIdentity(change, identity);
	const all = {
		macs: distinct([...intent.host.macs, ...(found.macs ?? [])]),
		connectorGuids: distinct([...intent.host.connectorGuids, ...(found.connectorGuids ?? [])]),
	};
	if (intent.state !== 'claimed') return { confirmed: false, intent, ...all };
	const strangers = strangersIn(change, row.hostId, all);
	const target = withoutStrangers(change, intentId, all, strangers);
	const protectedBy = row.protectionOverridden ? undefined : change.protectedBy([
		...change.subjectsOf(row.hostId),
		...subjectsOfOwners(change, target),
		...matchables('mac', target.macs),
		...matchables('ip', found.ips),
		...matchables('hostname', found.hostnames),
		...matchables('user', found.users),
		...matchables('endpointProfile', endpointProfiles),
		...matchables('identityGroup', identityGroups),
	]);
	if (!protectedBy && strangers.length > 0 && target.macs.length + target.connectorGuids.length === 0) {
		const notice = giveUp(change, row, onlyStrangers(strangers));
		return { confirmed: false, intent, ...target, ...(notice && { notice: notice.intent }) };
	}
	if (!protectedBy) {
		// Before anything is applied: whoever does it may die, and a release must undo all of it.
		await keepFindings(change, row, { identity: target });
		intent.host = { ...intent.host, ...target };
		// Nobody says which of the profiles is the stranger's.
		if (strangers.length === 0) change.graph.reprofile(row.hostId, endpointProfiles, change.nowMs);
		return { confirmed: true, intent, ...target };
	}
	const error = `Protected by ${protectedBy.type} ${protectedBy.value}: ${protectedBy.reason}`;
	await refuse(change, intentId, error);
	const notice = openNotice(change, intent, { event: 'failed', result: { kind: intent.kind, error } });
	return { confirmed: false, intent, ...target, notice: notice.intent };
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
