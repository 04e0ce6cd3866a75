import type { Logger } from 'n8n-workflow';
import type { LedgerService } from '../../ledger/service';
import type { EntityKey, EntityKind, Intent } from '../../ledger/api';
import { LedgerError } from '../../ledger/errors';
import { accepted, ambiguous, refusal, refusedByLedger, unavailable, type Answer } from './answers';
import type { ManualRequest } from './request';

/** What the products know of the host that a request names. */
export interface Findings {
	macs: string[];
	connectorGuids: string[];
	/** Connectors that all report the hostname asked for: none of them is taken to be the host. */
	ambiguousConnectors: string[];
	/** Which product could not be asked; empty when all could. */
	outOfReach: string;
}

/** The answer for the caller, and the intent that is to be carried out now, if there is one. */
export interface Submission {
	answer: Answer;
	intent?: Intent;
}

const RELEASE_ORDER: EntityKind[] = ['mac', 'hostname', 'ip', 'user'];

export interface SubmitSettings {
	/** Lends the ledger. */
	withLedger: <T>(work: (ledger: LedgerService) => Promise<T>) => Promise<T>;
	/** For the audit trail. */
	execution: string;
	logger: Pick<Logger, 'error'>;
}

/**
 * Hands a request to the ledger. Quarantining needs a host that is there: somebody who mistypes an address should
 * learn it now.
 *
 * @throws everything that is not an answer to the caller
 */
export async function submit(
	request: ManualRequest,
	findings: Findings,
	{ withLedger, execution, logger }: SubmitSettings,
): Promise<Submission> {
	const unclear = request.action === 'quarantine' ? (severalFound(request, findings) ?? nothingFound(findings)) : undefined;
	if (unclear) return { answer: unclear };
	const actor = { name: request.requester, execution: `${execution}, token ${request.caller}` };
	const carryOut = request.action === 'quarantine' ? quarantine : release;
	try {
		const intent = await withLedger(async (ledger) => await carryOut(ledger, request, actor, findings));
		return { answer: accepted(intent, false), intent };
	} catch (error) {
		const answer = refusedByLedger(error, logger);
		if (!answer) return await Promise.reject(error);
		return { answer };
	}
}

/** Which host is meant is for the caller to say. Several network cards are one host where a connector reports them. */
function severalFound({ host }: ManualRequest, findings: Findings): Answer | undefined {
	const { macs, connectorGuids, ambiguousConnectors } = findings;
	if (connectorGuids.length > 1) return ambiguous('Several connectors were found for this host', connectorGuids);
	if (connectorGuids.length === 1 || host.mac !== undefined) return undefined;
	if (macs.length > 1) return ambiguous('Several endpoints have a session', macs);
	if (macs.length === 1 || ambiguousConnectors.length === 0) return undefined;
	return ambiguous(`Several connectors report the hostname ${host.hostname}`, ambiguousConnectors);
}

/** A host is not known to be absent while a product that may know it has not answered. */
function nothingFound({ macs, connectorGuids, outOfReach }: Findings): Answer | undefined {
	if (macs.length > 0 || connectorGuids.length > 0) return undefined;
	if (outOfReach !== '') return unavailable(`${outOfReach} could not be asked. Nothing was changed; try again.`);
	return refusal(404, 'noSession', 'No session and no connector was found for this host');
}

async function quarantine(
	ledger: LedgerService,
	{ host, reason, duration, overrideProtection, needsApproval, request }: ManualRequest,
	actor: { name: string; execution: string },
	{ macs, connectorGuids }: Findings,
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
