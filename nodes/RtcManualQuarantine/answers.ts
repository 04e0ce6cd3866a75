import type { IDataObject, Logger } from 'n8n-workflow';
import type { Intent } from '../../ledger/api';
import { LedgerError, type LedgerErrorCode } from '../../ledger/errors';

const RETRY_SECONDS = 30;

/** An HTTP answer. */
export interface Answer extends IDataObject {
	statusCode: number;
	/** Seconds, for `Retry-After`. */
	retryAfter?: number;
	body: IDataObject;
}

/** @param field the wrong field, for 400 */
export function refusal(statusCode: number, code: string, message: string, field?: string): Answer {
	return { statusCode, body: { error: { code, message, ...(field !== undefined && { field }) } } };
}

/** 409: the request fits several hosts, and names none of them. */
export function ambiguous(problem: string, candidates: string[]): Answer {
	const message = `${problem}: ${candidates.join(', ')}. Nothing was changed; name one host by its MAC address.`;
	return { statusCode: 409, body: { error: { code: 'ambiguous', message, candidates } } };
}

/** 503: the same may succeed later. */
export function unavailable(message: string): Answer {
	return { ...refusal(503, 'unavailable', message), retryAfter: RETRY_SECONDS };
}

/** 202: it is taken, and will be carried out. */
export function accepted(intent: Intent, repeated: boolean): Answer {
	const { id, kind, state, episodeId, expiresAt } = intent;
	return {
		statusCode: 202,
		body: { intentId: id, kind, state, episodeId, repeated, ...(expiresAt && { expiresAt }) },
	};
}

const STATUS: Partial<Record<LedgerErrorCode, number>> = {
	notFound: 404,
	notContained: 404,
	invalidTarget: 400,
	invalidValue: 400,
	protected: 409,
	releaseUnderWay: 409,
	keyReused: 422,
	busy: 503,
};

/** Their messages name servers and users: they are for whoever runs n8n. */
const OUT_OF_REACH: readonly LedgerErrorCode[] = ['unavailable', 'refused', 'closed'];
/** The connection may break after the ledger has kept a request, so that this can't say that nothing was changed. */
const LEDGER_OUT_OF_REACH = 'The ledger could not be asked; try again, with the same Idempotency-Key';

/**
 * What the ledger's refusal means for the caller; anything else is a defect and goes on.
 *
 * @param logger learns why the ledger is out of reach
 */
export function refusedByLedger(error: unknown, logger: Pick<Logger, 'error'>): Answer | undefined {
	if (!(error instanceof LedgerError)) return undefined;
	if (OUT_OF_REACH.includes(error.code)) {
		logger.error('Manual quarantine could not ask the ledger', { error: error.message });
		return unavailable(LEDGER_OUT_OF_REACH);
	}
	const statusCode = STATUS[error.code];
	if (statusCode === undefined) return undefined;
	const field = { invalidTarget: 'mac', invalidValue: 'duration' }[error.code as string];
	return { ...refusal(statusCode, error.code, error.message, field), ...(statusCode === 503 && { retryAfter: 5 }) };
}
