import type { Intent } from './api';
import type { Change } from './change';
import { LedgerError } from './errors';
import { iso } from './time';

const MAX_LEASE_SECONDS = 86_400;
/** More notices than processes ever carry out at the same time. */
const MAX_UNDER_WAY = 1_000;

/** Gives an intent to whoever makes this change; whoever had it before has lost it. */
export function lease(change: Change, intent: Intent, seconds: number): void {
	const holder = holderOf(change);
	intent.claimedBy = [...(intent.claimedBy ?? []).filter((one) => one !== holder), holder];
	intent.leaseSeconds = Math.min(MAX_LEASE_SECONDS, Math.max(1, seconds));
	renewLease(change, intent);
}

/** Work that reports progress is alive: its lease starts anew. */
export function renewLease(change: Change, intent: Intent): void {
	if (intent.state !== 'claimed' || intent.leaseSeconds === undefined) return;
	intent.leaseUntil = iso(change.nowMs + intent.leaseSeconds * 1000);
}

/**
 * Whether somebody else has claimed the intent since this execution did. An execution that never claimed it is none:
 * a sub-workflow may report for the one that called it.
 */
export function hasLostLease(change: Change, { claimedBy = [] }: Intent): boolean {
	const holder = holderOf(change);
	return claimedBy.includes(holder) && claimedBy[claimedBy.length - 1] !== holder;
}

/** @throws LedgerError `leaseLost`: whoever goes on would do what somebody else does, too. */
export function refuseLostLease(change: Change, intent: Intent): void {
	if (!hasLostLease(change, intent)) return;
	const { id, claimedBy = [] } = intent;
	throw new LedgerError('leaseLost', `The lease of intent ${id} has ended, and ${claimedBy[claimedBy.length - 1]} has claimed it since: nothing more may be done here`);
}

/** Episodes of which somebody tells people right now. */
export async function episodesBeingTold(change: Change): Promise<Set<string>> {
	const { rows } = await change.tx.findIntents({ kind: 'notify', state: 'claimed', limit: MAX_UNDER_WAY, offset: 0 });
	const held = rows.filter(({ intent }) => Date.parse(intent.leaseUntil as string) > change.nowMs);
	return new Set(held.map(({ intent }) => intent.episodeId));
}

function holderOf({ actor }: Change): string {
	return actor.execution ?? actor.name;
}
