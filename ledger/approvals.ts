import type { Decision, Intent } from './api';
import type { Change } from './change';
import { LedgerError } from './errors';
import { closeEpisode, intentOrThrow, moveHost, refreshHost, settle, WORKFLOW } from './intents';
import type { IntentRow } from './store/store';

/** Closes approvals that nobody gave in time: nothing is contained, and the entities may ask again. */
export async function closeExpiredApprovals(change: Change): Promise<void> {
	const expired = await change.tx.expiredApprovals(change.nowMs);
	if (expired.length === 0) return;
	await change.loadHosts(expired.map(({ hostId }) => hostId));
	await change.loadEpisodes(expired.map(({ intent }) => intent.episodeId));
	for (const { intent } of expired) {
		const row = change.intentsOf(intent.episodeId).find((other) => other.intent.id === intent.id) as IntentRow;
		await expire(change, row);
	}
}

async function expire(change: Change, row: IntentRow): Promise<void> {
	settle(change, row, 'expired', { reason: 'Nobody approved in time' });
	await closeEpisode(change, change.episodeNow(row.intent.episodeId), 'refused', false);
}

/**
 * Counts a person's approval; the last one of the quorum lets the containment go ahead.
 *
 * @returns The intent, or the fact that it expired: that has to be kept, so it is not thrown in here.
 */
export async function approve(change: Change, intentId: string, reason: string): Promise<Intent | LedgerError> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	const problem = await notApprovable(change, row);
	if (problem) return problem;
	const { name } = change.actor;
	const given = intent.approvals ?? [];
	const quorum = intent.quorum ?? 1;
	if (intent.requestedBy !== WORKFLOW && isSamePerson(intent.requestedBy, name)) {
		throw new LedgerError('ownApproval', 'Whoever asked for a containment cannot approve it');
	}
	if (given.some(({ by }) => isSamePerson(by, name))) {
		throw new LedgerError('alreadyApproved', `${name} has approved already; ${quorum} different people have to`);
	}
	intent.approvals = [...given, { by: name, reason, at: change.now }];
	change.audit('intent.approved', `intent:${intentId}`, { reason, approvals: intent.approvals.length, quorum });
	if (intent.approvals.length < quorum) return intent;
	const approvers = intent.approvals.map(({ by }) => by).join(', ');
	dispatchByPerson(change, row, { guard: 'approval', verdict: 'contain', reason: `Approved by ${approvers}: ${reason}` });
	return intent;
}

/** Names are mail addresses or accounts: both without regard to case. */
function isSamePerson(one: string, other: string): boolean {
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}

export function dispatchByPerson(change: Change, row: IntentRow, decision: Decision): void {
	const { intent } = row;
	intent.state = 'pending';
	intent.decision = decision;
	intent.nextAttemptAt = change.now;
	delete intent.expiresAt;
	refreshHost(change, row);
	change.episodeNow(intent.episodeId).episode.state = 'containing';
	moveHost(change, change.graph.row(row.hostId), 'containing', intent.episodeId);
}

export async function deny(change: Change, intentId: string, reason: string): Promise<Intent | LedgerError> {
	const row = await intentOrThrow(change, intentId);
	const problem = await notApprovable(change, row);
	if (problem) return problem;
	settle(change, row, 'denied', { reason });
	row.intent.decision = { guard: 'approval', verdict: 'refuse', reason: `Denied by ${change.actor.name}: ${reason}` };
	await closeEpisode(change, change.episodeNow(row.intent.episodeId), 'refused', true);
	return row.intent;
}

async function notApprovable(change: Change, row: IntentRow): Promise<LedgerError | undefined> {
	const { intent } = row;
	if (intent.state === 'awaitingApproval' && Date.parse(intent.expiresAt as string) <= change.nowMs) {
		await expire(change, row);
	}
	if (intent.state === 'expired') return new LedgerError('expired', `The approval of intent ${intent.id} has expired; nothing was contained`);
	if (intent.state === 'awaitingApproval') return undefined;
	return new LedgerError('notAwaitingApproval', `Intent ${intent.id} does not wait for approval, it is ${intent.state}`);
}
