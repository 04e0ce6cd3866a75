/** How often and how long a call is tried again. Times in milliseconds. */
export interface RetryPolicy {
	/** Calls in all, the first included. */
	attempts: number;
	/** Wait before the second call; doubles with each further one. */
	baseDelayMs: number;
	/** Upper end of a wait, whatever the server asks for: past it the call fails with the server's answer. */
	maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 4, baseDelayMs: 1_000, maxDelayMs: 60_000 };

/** Statuses after which the same request may succeed. 423 is Webex's "temporarily unavailable". */
const RETRYABLE_STATUSES = new Set([423, 429, 502, 503, 504]);

const RETRYABLE_CODES = new Set([
	'ECONNRESET',
	'ECONNREFUSED',
	'ECONNABORTED',
	'ETIMEDOUT',
	'EPIPE',
	'EAI_AGAIN',
	'ENETUNREACH',
	'EHOSTUNREACH',
	'ERR_NETWORK',
	'ERR_SOCKET_CONNECTION_TIMEOUT',
]);

/** Codes of connections that never came about: the server has not seen the request. */
const NEVER_SENT_CODES = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

export const isRetryableStatus = (status: number): boolean => RETRYABLE_STATUSES.has(status);

export const isRetryableCode = (code: string | undefined): boolean =>
	code !== undefined && RETRYABLE_CODES.has(code);

export const wasNeverSent = (code: string | undefined): boolean =>
	code !== undefined && NEVER_SENT_CODES.has(code);

/**
 * Wait that a `Retry-After` header asks for, in milliseconds.
 * Takes seconds (`"5"`), seconds with unit as Cisco XDR sends them (`"3172s"`) and HTTP dates.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
	if (!header) return undefined;
	const seconds = /^\s*(\d+(?:\.\d+)?)\s*s?\s*$/i.exec(header);
	if (seconds) return Number(seconds[1]) * 1_000;
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Exponential backoff with full jitter on its upper half, so that callers who failed together
 * don't come back together.
 *
 * @param attempt number of calls made so far, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(policy: RetryPolicy, attempt: number, random: number): number {
	const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
	return ceiling / 2 + (ceiling / 2) * random;
}
