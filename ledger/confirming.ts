import type { Intent } from './api';
import type { Change } from './change';
import type { Matchable } from './compiledPolicy';
import { distinct } from './distinct';
import { closeEpisode, intentOrThrow, OPEN_STATES, openNotice, settle } from './intents';
import { canonicalIdentity, keepFindings } from './outcomes';
import type { Confirmed, TargetFindings } from './service';

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
	const target = {
		macs: distinct([...intent.host.macs, ...(found.macs ?? [])]),
		connectorGuids: distinct([...intent.host.connectorGuids, ...(found.connectorGuids ?? [])]),
	};
	if (intent.state !== 'claimed') return { confirmed: false, intent, ...target };
	const protectedBy = row.protectionOverridden ? undefined : change.protectedBy([
		...change.subjectsOf(row.hostId),
		...matchables('mac', found.macs),
		...matchables('ip', found.ips),
		...matchables('hostname', found.hostnames),
		...matchables('user', found.users),
		...matchables('endpointProfile', endpointProfiles),
		...matchables('identityGroup', identityGroups),
	]);
	if (!protectedBy) {
		// Before anything is applied: whoever does it may die, and a release must undo all of it.
		await keepFindings(change, row, { identity: target });
		change.graph.reprofile(row.hostId, endpointProfiles, change.nowMs);
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
