import type { ProtectedEntry } from './api';
import type { Change } from './change';
import { openEpisodeOf, releaseProtected } from './containment';
import { LedgerError } from './errors';

/** Keeps a protected entry, and releases what it stands for. The value is checked already. */
export async function protectEntry(
	change: Change,
	{ type, value, reason }: Pick<ProtectedEntry, 'type' | 'value' | 'reason'>,
): Promise<ProtectedEntry> {
	const entry = { type, value, reason, addedBy: change.actor.name, addedAt: change.now };
	await change.tx.saveProtected(entry);
	change.audit('protected', `${entry.type}:${entry.value}`, { reason: entry.reason });
	await releaseProtected(change, entry);
	return entry;
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
	const entries: ProtectedEntry[] = [];
	for (const value of values) entries.push(await protectEntry(change, { type, value, reason }));
	return entries;
}
