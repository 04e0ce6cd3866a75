import type { Decision, Intent } from './api';
import type { Change } from './change';
import { distinct } from './distinct';
import { LedgerError } from './errors';
import { approvalOf, closeEpisode, intentOrThrow, MAX_LISTED_APPROVALS, moveHost, openNotice, refreshHost, settle, WORKFLOW } from './intents';
import type { IntentRow } from './store/store';

const EXPIRED = 'Nobody approved in time: nothing was contained';

/** Closes approvals that nobody gave in time, and says so: nothing is contained, and the entities may ask again. */
export async function closeExpiredApprovals(change: Change): Promise<void> {
	const expired = await change.tx.expiredApprovals(change.nowMs);
	if (expired.length === 0) return;
	await change.loadHosts(expired.map(({ hostId }) => hostId));
	await change.loadEpisodes(expired.map(({ intent }) => intent.episodeId));
	await expire(change, expired.map(({ intent }) => change.intentsOf(intent.episodeId).find((other) => other.intent.id === intent.id) as IntentRow));
}

async function expire(change: Change, rows: readonly IntentRow[]): Promise<void> {
	for (const row of rows) {
		settle(change, row, 'expired', { reason: EXPIRED });
		await closeEpisode(change, change.episodeNow(row.intent.episodeId), 'refused', false);
	}
	await tellExpired(change, rows.map(({ intent }) => intent));
}

/** One notice for all that were asked for in one, and where that was: it has their message and their ticket. */
async function tellExpired(change: Change, expired: readonly Intent[]): Promise<void> {
	await change.loadIntents(distinct(expired.flatMap(({ askedIn }) => askedIn ?? [])));
	const byRequest = new Map<Intent, Intent[]>();
	for (const intent of expired) {
		const request = change.loadedIntent(intent.askedIn ?? '')?.intent ?? intent;
		byRequest.set(request, [...(byRequest.get(request) ?? []), intent]);
	}
	for (const [request, intents] of byRequest) {
		const approvals = intents.slice(0, MAX_LISTED_APPROVALS).map((intent) => approvalOf(change, intent));
		openNotice(change, request, { event: 'approvalExpired', approvals, approvalCount: intents.length, result: { error: EXPIRED } });
	}
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
		await expire(change, [row]);
	}
	if (intent.state === 'expired') return new LedgerError('expired', `The approval of intent ${intent.id} has expired; nothing was contained`);
	if (intent.state === 'awaitingApproval') return undefined;
	return new LedgerError('notAwaitingApproval', `Intent ${intent.id} does not wait for approval, it is ${intent.state}`);
}
