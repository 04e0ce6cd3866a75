import type { IDataObject } from 'n8n-workflow';
import type { Intent } from '../../ledger/api';
import { LedgerError, type LedgerErrorCode } from '../../ledger/errors';

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

/** What the ledger's refusal means for the caller; anything else is a defect and goes on. */
export function refusedByLedger(error: unknown): Answer | undefined {
	if (!(error instanceof LedgerError)) return undefined;
	const statusCode = STATUS[error.code];
	if (statusCode === undefined) return undefined;
	const field = { invalidTarget: 'mac', invalidValue: 'duration' }[error.code as string];
	return { ...refusal(statusCode, error.code, error.message, field), ...(statusCode === 503 && { retryAfter: 5 }) };
}
