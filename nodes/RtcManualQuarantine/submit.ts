import type { LedgerService } from '../../ledger/service';
import type { EntityKey, EntityKind, Intent } from '../../ledger/api';
import { LedgerError } from '../../ledger/errors';
import { accepted, refusal, refusedByLedger, type Answer } from './answers';
import type { ManualRequest } from './request';

/** What the products know of the host that a request names. */
export interface Findings {
	macs: string[];
	connectorGuids: string[];
}

/** The answer for the caller, and the intent that is to be carried out now, if there is one. */
export interface Submission {
	answer: Answer;
	intent?: Intent;
}

const RELEASE_ORDER: EntityKind[] = ['mac', 'hostname', 'ip', 'user'];

/**
 * Hands a request to the ledger. Quarantining needs a host that is there: somebody who mistypes an address should
 * learn it now.
 *
 * @param execution for the audit trail
 * @throws everything that is not an answer to the caller
 */
export async function submit(
	ledger: LedgerService,
	request: ManualRequest,
	findings: Findings,
	execution: string,
): Promise<Submission> {
	const isThere = findings.macs.length > 0 || findings.connectorGuids.length > 0;
	if (request.action === 'quarantine' && !isThere) {
		return { answer: refusal(404, 'noSession', 'No session and no connector was found for this host') };
	}
	const actor = { name: request.requester, execution: `${execution}, token ${request.caller}` };
	try {
		const intent =
			request.action === 'quarantine'
				? await quarantine(ledger, request, findings, actor)
				: await release(ledger, request, actor);
		return { answer: accepted(intent, false), intent };
	} catch (error) {
		const answer = refusedByLedger(error);
		if (!answer) return await Promise.reject(error);
		return { answer };
	}
}

async function quarantine(
	ledger: LedgerService,
	{ host, reason, duration, overrideProtection, needsApproval, request }: ManualRequest,
	{ macs, connectorGuids }: Findings,
	actor: { name: string; execution: string },
): Promise<Intent> {
	const target = { ...host, mac: host.mac ?? macs[0], connectorGuid: connectorGuids[0] };
	return await ledger.containManually(
		Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined)),
		{ actor, reason, duration, overrideProtection, needsApproval, request },
	);
}

/** By whatever names a host with an open episode. */
async function release(
	ledger: LedgerService,
	{ host, reason, request }: ManualRequest,
	actor: { name: string; execution: string },
): Promise<Intent> {
	const entities = RELEASE_ORDER.flatMap((kind): EntityKey[] => (host[kind] ? [{ kind, key: host[kind] }] : []));
	for (const entity of entities) {
		const intent = await ledger.release(entity, actor, reason, request).catch(unlessNotContained);
		if (intent) return intent;
	}
	return await Promise.reject(new LedgerError('notContained', 'The host has no open containment'));
}

function unlessNotContained(error: unknown): undefined | Promise<never> {
	return error instanceof LedgerError && error.code === 'notContained' ? undefined : Promise.reject(error);
}
