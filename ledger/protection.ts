import type { ProtectedEntry } from './api';
import type { Change } from './change';
import { openEpisodeOf, releaseProtected } from './containment';
import { LedgerError } from './errors';

type Given = Pick<ProtectedEntry, 'type' | 'value' | 'reason'>;

/** Keeps protected entries, and releases what they stand for. The values are checked already. */
export async function protectAll(change: Change, given: readonly Given[]): Promise<ProtectedEntry[]> {
	const entries = given.map(({ type, value, reason }) => ({ type, value, reason, addedBy: change.actor.name, addedAt: change.now }));
	for (const entry of entries) {
		await change.tx.saveProtected(entry);
		change.audit('protected', `${entry.type}:${entry.value}`, { reason: entry.reason });
	}
	await releaseProtected(change, entries);
	return entries;
}

/** Protects the host of an open episode by its hostnames, or by its MACs where it has none. */
export async function protectEpisode(change: Change, episodeId: string, reason: string): Promise<ProtectedEntry[]> {
	const { hostId } = await openEpisodeOf(change, { episodeId });
	const { hostnames, macs } = change.graph.identity(hostId, change.nowMs - change.policy.ms.currentWindow);
	const type = hostnames.length > 0 ? 'hostname' : 'mac';
	const values = hostnames.length > 0 ? hostnames : macs;
	if (values.length === 0) {
		throw new LedgerError('invalidTarget', 'The host has neither a hostname nor a MAC address that could be protected');
	}
	return await protectAll(change, values.map((value) => ({ type, value, reason })));
}
