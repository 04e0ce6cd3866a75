import type { INode, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { ApiCall, ApiResponse } from './http';

const ADVICE: Record<number, string> = {
	400: 'Check the parameters of this operation.',
	401: 'Check the credential: the product does not accept it.',
	403: 'The account may not do this: grant it the right that the documentation of this operation names.',
	404: 'Nothing was found under this id.',
	429: 'The quota of this account is used up. Poll less often, or spread the work over time.',
};

/** A refusal by the product. Carries status and the vendor's text, never headers or credentials. */
export function responseError(
	node: INode,
	product: string,
	call: ApiCall,
	response: ApiResponse,
	vendorText?: string,
): NodeApiError {
	const text = vendorText?.trim() || ADVICE[response.status] || 'The product gave no reason.';
	const cause: JsonObject = { httpCode: String(response.status), message: text };
	const error = new NodeApiError(node, cause, {
		message: `${product} answered ${response.status} to ${call.method} ${pathOf(call)}`,
		description:
			ADVICE[response.status] && ADVICE[response.status] !== text
				? `${text} ${ADVICE[response.status]}`
				: text,
		httpCode: String(response.status),
		itemIndex: call.itemIndex,
	});
	return error;
}

/** No answer at all: connection refused, reset, timed out, certificate not trusted. */
export function networkError(
	node: INode,
	product: string,
	call: ApiCall,
	cause: Error & { code?: string },
): NodeApiError {
	return new NodeApiError(
		node,
		{ message: cause.message },
		{
			message: `${product} could not be reached: ${reasonInWords(cause)}`,
			description: [cause.code && `${cause.code}.`, adviceForCode(cause)].filter(Boolean).join(' '),
			itemIndex: call.itemIndex,
		},
	);
}

/** The known quota of the account is used up for longer than an execution may wait. */
export function quotaError(node: INode, product: string, call: ApiCall, waitMs: number): NodeApiError {
	return new NodeApiError(
		node,
		{ message: 'Quota used up' },
		{
			message: `The request quota of this ${product} account is used up for the next ${inWords(waitMs)}`,
			description: ADVICE[429],
			httpCode: '429',
			itemIndex: call.itemIndex,
			failure: { cause: 'quota-exhausted', retryAfterMs: waitMs },
		},
	);
}

/** A parameter that can't be used as it is. The message names the field and what to do. */
export function parameterError(
	node: INode,
	message: string,
	itemIndex: number,
	description?: string,
): NodeOperationError {
	return new NodeOperationError(node, message, { itemIndex, description });
}

/**
 * Whether the same call may succeed later: no answer, one that can't be read, a quota that fills up again, or trouble on
 * the product's side.
 * Errors that sum up several say so in `context.temporary`.
 */
export function isTemporary(error: Error): boolean {
	if (error instanceof NodeOperationError) return error.context.temporary === true;
	if (!(error instanceof NodeApiError)) return false;
	return error.httpCode === null || /^(429|[25]\d\d)$/.test(error.httpCode);
}

/** Only the path: query strings can hold keys and personal data. */
function pathOf(call: ApiCall): string {
	const path = URL.canParse(call.path) ? new URL(call.path).pathname : call.path;
	return path.split('?')[0];
}

/** Words for the codes that n8n would otherwise replace the whole message for. */
const REASONS: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ECONNRESET: 'the connection was closed',
	EPIPE: 'the connection was closed',
	ECONNABORTED: 'no answer in time',
	ETIMEDOUT: 'no answer in time',
	ENOTFOUND: 'the host name is not known',
	EAI_AGAIN: 'the host name could not be looked up',
	EHOSTUNREACH: 'no route to the host',
	ENETUNREACH: 'no route to the host',
	ERR_CANCELED: 'the execution was cancelled',
};

const isCertificateProblem = (code = '') =>
	/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ALTNAME/.test(code);

function reasonInWords({ code, message }: Error & { code?: string }): string {
	if (isCertificateProblem(code)) return 'its certificate is not trusted';
	return REASONS[code ?? ''] ?? code ?? message;
}

function adviceForCode({ code }: Error & { code?: string }): string {
	if (isCertificateProblem(code)) return 'Add the issuing CA to the credential.';
	if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return 'Try again later, or ask for less at a time.';
	return 'Check the host name in the credential and that n8n can reach it.';
}

function inWords(ms: number): string {
	return ms < 120_000 ? `${Math.ceil(ms / 1_000)} seconds` : `${Math.ceil(ms / 60_000)} minutes`;
}
