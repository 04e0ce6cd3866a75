import type {
	IDataObject,
	IExecuteFunctions,
	IExecutePaginationFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { countCall, remainingIn } from './apiUse';
import { setCookieHeaders } from './cookies';
import { networkError, quotaError, responseError } from './errors';
import type { Gate } from './gate';
import { parseJson } from './json';
import { accountKey, sharedQuota } from './processState';
import type { Quota } from './quota';
import {
	backoffMs,
	DEFAULT_RETRY,
	isRetryableCode,
	isRetryableStatus,
	retryAfterMs,
	wasNeverSent,
	type RetryPolicy,
} from './retry';

/** Any n8n context that can send requests. */
export type ApiContext =
	| IExecuteFunctions
	| IExecutePaginationFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IPollFunctions
	| ITriggerFunctions
	| IWebhookFunctions;

/** How a product's servers are reached; made once per execution by the product's transport. */
export interface ApiClient {
	/** Current product name, for error texts. */
	product: string;
	/** `https://host[:port]`, without a trailing slash. */
	baseUrl: string;
	/** Headers that prove who we are. `refused` is set when a new login is needed: the headers that the server did not take. */
	authorize(refused?: Record<string, string>): Promise<Record<string, string>>;
	/** Whether a 401 is worth one new login. */
	canRefresh: boolean;
	/** Whether such an answer is worth one, too: not every product answers 401 when a token has ended. */
	mayHaveEnded?(authorization: Record<string, string>, response: ApiResponse): boolean;
	/** The vendor's own text in an error response. */
	describeError(response: ApiResponse): string | undefined;
	/** Milliseconds until the vendor's quota is free again, from its headers. */
	quotaResetMs?(headers: Record<string, string>): number | undefined;
	/** Where the vendor publishes none, only the waits that it asks for are kept. */
	quota?: Quota;
	/** How many requests may be under way at once; default: as many as are sent. */
	gate?: Gate;
	retry?: RetryPolicy;
	/** Milliseconds; default 30 s. */
	timeoutMs?: number;
	/** Custom CA, client certificate, and the explicit opt-out of verification for appliances. */
	tls?: TlsOptions;
}

export interface TlsOptions {
	ca?: string;
	cert?: string;
	key?: string;
	passphrase?: string;
	skipVerification?: boolean;
}

export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined;

export interface ApiCall {
	method: IHttpRequestMethods;
	/** Path below the client's base URL, or an absolute URL on the same origin (paging links). */
	path: string;
	/** Arrays become repeated parameters; `undefined` is left out. */
	query?: Record<string, QueryValue>;
	headers?: Record<string, string>;
	/** Sent as JSON, unless `contentType` is set and it is a string. */
	body?: unknown;
	contentType?: string;
	/** Whether repeating the call is harmless. Default: by method (POST and PATCH are not). */
	idempotent?: boolean;
	/** Error statuses that the caller handles itself. */
	accept?: readonly number[];
	/** Item whose parameters led to this call, for error messages. */
	itemIndex?: number;
	/** For tidying up at the server: sent also when the execution has been cancelled. */
	evenWhenCancelled?: boolean;
}

export interface ApiResponse {
	status: number;
	/** Lower-case names; of headers that came more than once the values are joined with commas. */
	headers: Record<string, string>;
	/** The `Set-Cookie` headers, one each: joined they could not be told apart. Absent when there are none. */
	setCookies?: string[];
	text: string;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const IDEMPOTENT_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Sends one call under the shared request policy: budget, timeout, one new login when it is refused, and retries with
 * backoff and the server's own wait on 429, 423, 502, 503, 504 and connection errors. Calls that are not
 * idempotent are repeated only when nothing can have been done: after a 429, or without a connection.
 *
 * @throws NodeApiError for every status outside 200–299 that `call.accept` does not list, and when the account's
 *   quota is used up for longer than the retry policy waits.
 */
export async function send(context: ApiContext, client: ApiClient, call: ApiCall): Promise<ApiResponse> {
	const retry = client.retry ?? DEFAULT_RETRY;
	const quota = client.quota ?? waitsOf(context, client);
	let authorization = await client.authorize();
	let refreshed = false;
	for (let attempt = 1; ; attempt++) {
		const outcome = await throughGate(client, async () => {
			await waitForQuota(context, client, quota, call, retry);
			try {
				return await attemptCall(context, client, call, authorization);
			} finally {
				quota.answered(Date.now());
			}
		});
		countCall(client, 'response' in outcome ? outcome.response : undefined);
		if ('response' in outcome) {
			const { response } = outcome;
			noteQuota(client, quota, response);
			if (client.canRefresh && !refreshed && isLoginRefused(client, authorization, response)) {
				refreshed = true;
				authorization = await client.authorize(authorization);
				continue;
			}
			if (isSuccess(response.status) || call.accept?.includes(response.status)) return response;
		}
		const wait = waitBeforeRetry(client, call, outcome, retry, attempt);
		if (wait === undefined) throw failure(context, client, call, outcome);
		await pause(context, wait);
	}
}

function isLoginRefused(client: ApiClient, authorization: Record<string, string>, response: ApiResponse): boolean {
	return response.status === 401 || client.mayHaveEnded?.(authorization, response) === true;
}

async function throughGate<T>({ gate }: ApiClient, work: () => Promise<T>): Promise<T> {
	return await (gate ? gate(work) : work());
}

/**
 * Sends a call and reads a JSON answer. Integers beyond 2^53 arrive as strings. An empty body gives `undefined`.
 * A body that is cut off, or a page from something in between, is worth one more try of an idempotent call.
 */
export async function sendJson<T>(context: ApiContext, client: ApiClient, call: ApiCall): Promise<T> {
	const { response, answer } = await sendReadable(context, client, call);
	if ('value' in answer) return answer.value as T;
	throw notJson(context, client, call, response);
}

/** As {@link sendJson}, for callers who look at the status. Only what an error status says may be something else. */
export async function sendForJson(
	context: ApiContext,
	client: ApiClient,
	call: ApiCall,
): Promise<ApiResponse> {
	return (await sendReadable(context, client, call)).response;
}

/** An answer is parsed once: a page can have megabytes. */
async function sendReadable(context: ApiContext, client: ApiClient, call: ApiCall): Promise<Read> {
	const first = readable(await send(context, client, call));
	if (first.isReadable) return first;
	if (!isIdempotent(call)) throw notJson(context, client, call, first.response);
	await pause(context, backoffMs(client.retry ?? DEFAULT_RETRY, 1, Math.random()));
	const repeated = readable(await send(context, client, call));
	if (repeated.isReadable) return repeated;
	throw notJson(context, client, call, repeated.response);
}

interface Read {
	response: ApiResponse;
	answer: Parsed;
	isReadable: boolean;
}

function readable(response: ApiResponse): Read {
	const answer = parsed(response.text);
	return { response, answer, isReadable: !isSuccess(response.status) || 'value' in answer };
}

/** @throws NodeApiError when the server answered something that is not JSON (a log-in page, a cut-off body). */
export function readJson<T>(context: ApiContext, client: ApiClient, call: ApiCall, response: ApiResponse): T {
	const answer = parsed(response.text);
	if ('value' in answer) return answer.value as T;
	throw notJson(context, client, call, response);
}

/**
 * A paging link that the server sent, as a path on our own base URL.
 *
 * @returns `undefined` when the link leaves the origin that the credential names.
 */
export function sameOriginPath(client: Pick<ApiClient, 'baseUrl'>, link: string): string | undefined {
	if (!URL.canParse(link, client.baseUrl)) return undefined;
	const url = new URL(link, client.baseUrl);
	return url.origin === new URL(client.baseUrl).origin ? url.pathname + url.search : undefined;
}

type Parsed = { value: unknown } | Record<never, never>;

/** The value that a body holds: `undefined` for an empty one; no value when it is not JSON. */
function parsed(text: string): Parsed {
	if (!/\S/.test(text)) return { value: undefined };
	try {
		return { value: parseJson(text) };
	} catch {
		return {};
	}
}

function notJson(context: ApiContext, client: ApiClient, call: ApiCall, response: ApiResponse): Error {
	return responseError(
		context.getNode(),
		client.product,
		call,
		response,
		'The answer is not valid JSON: it was cut off, or something else answered. Try again later.',
	);
}

type Outcome = { response: ApiResponse } | { error: Error & { code?: string } };

const isIdempotent = (call: ApiCall): boolean => call.idempotent ?? IDEMPOTENT_METHODS.has(call.method);

const isSuccess = (status: number) => status >= 200 && status < 300;

async function attemptCall(
	context: ApiContext,
	client: ApiClient,
	call: ApiCall,
	authorization: Record<string, string>,
): Promise<Outcome> {
	try {
		const answer = await context.helpers.httpRequest(requestOptions(context, client, call, authorization));
		return { response: toResponse(answer) };
	} catch (error) {
		return { error: error as Error & { code?: string } };
	}
}

function requestOptions(
	context: ApiContext,
	client: ApiClient,
	call: ApiCall,
	authorization: Record<string, string>,
): IHttpRequestOptions {
	const { ca, cert, key, passphrase, skipVerification } = client.tls ?? {};
	const tls = Object.fromEntries(Object.entries({ ca, cert, key, passphrase }).filter(([, value]) => value));
	return {
		method: call.method,
		url: targetUrl(client, call),
		headers: { Accept: 'application/json', ...contentHeaders(call), ...call.headers, ...authorization },
		...(call.body !== undefined && {
			body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body),
		}),
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout: client.timeoutMs ?? DEFAULT_TIMEOUT_MS,
		...(skipVerification && { skipSslCertificateValidation: true }),
		...(Object.keys(tls).length > 0 && { agentOptions: tls }),
		...(!call.evenWhenCancelled && { abortSignal: cancelSignal(context) }),
	};
}

function targetUrl(client: ApiClient, call: ApiCall): string {
	const url = new URL(call.path.startsWith('http') ? call.path : client.baseUrl + call.path);
	if (url.origin !== new URL(client.baseUrl).origin) {
		throw new Error('Credentials are not sent to another server than the one that the credential names');
	}
	for (const [name, value] of Object.entries(call.query ?? {})) {
		const values = Array.isArray(value) ? value : [value];
		for (const single of values) if (single !== undefined) url.searchParams.append(name, String(single));
	}
	return url.toString();
}

function contentHeaders(call: ApiCall): Record<string, string> {
	return call.body === undefined ? {} : { 'Content-Type': call.contentType ?? 'application/json' };
}

function toResponse(answer: { statusCode: number; headers?: IDataObject; body?: unknown }): ApiResponse {
	const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		String(value),
	]);
	const text = typeof answer.body === 'string' ? answer.body : answer.body ? JSON.stringify(answer.body) : '';
	const setCookies = setCookieHeaders(answer.headers);
	return {
		status: answer.statusCode,
		headers: Object.fromEntries(headers) as Record<string, string>,
		...(setCookies.length > 0 && { setCookies }),
		text,
	};
}

function waitBeforeRetry(
	client: ApiClient,
	call: ApiCall,
	outcome: Outcome,
	retry: RetryPolicy,
	attempt: number,
): number | undefined {
	if (attempt >= retry.attempts) return undefined;
	const backoff = backoffMs(retry, attempt, Math.random());
	if ('error' in outcome) {
		const { code } = outcome.error;
		return isRetryableCode(code) && (isIdempotent(call) || wasNeverSent(code)) ? backoff : undefined;
	}
	const { status } = outcome.response;
	if (!isRetryableStatus(status) || (!isIdempotent(call) && status !== 429)) return undefined;
	const wait = Math.max(backoff, askedWaitMs(client, outcome.response) ?? 0);
	return wait <= retry.maxDelayMs ? wait : undefined;
}

/** How long the server asks callers to stay away, if it does. */
function askedWaitMs(client: ApiClient, { status, headers }: ApiResponse): number | undefined {
	const asked = retryAfterMs(headers['retry-after'], Date.now());
	return asked ?? (status === 429 ? client.quotaResetMs?.(headers) : undefined);
}

function failure(context: ApiContext, client: ApiClient, call: ApiCall, outcome: Outcome): Error {
	return 'error' in outcome
		? networkError(context.getNode(), client.product, call, outcome.error)
		: responseError(
				context.getNode(),
				client.product,
				call,
				outcome.response,
				client.describeError(outcome.response),
			);
}

/** The waits that this server asked the node's credential for. */
const waitsOf = (context: ApiContext, { baseUrl }: ApiClient): Quota =>
	sharedQuota(accountKey('waits', baseUrl, context.getNode().credentials ?? null), []);

/** Waits until the call may be sent; from then on it counts as sent. */
async function waitForQuota(
	context: ApiContext,
	client: ApiClient,
	quota: Quota,
	call: ApiCall,
	retry: RetryPolicy,
): Promise<void> {
	let now = Date.now();
	let wait = quota.reserve(now);
	for (;;) {
		const turn = now + wait;
		if (wait > retry.maxDelayMs) {
			quota.cancel(turn);
			throw quotaError(context.getNode(), client.product, call, wait);
		}
		if (wait > 0) await pause(context, wait);
		now = Date.now();
		wait = quota.start(turn, now);
		if (wait === 0) return;
	}
}

/** Lets the other callers of this account know that the vendor wants nobody to call for a while. */
function noteQuota(client: ApiClient, quota: Quota, response: ApiResponse): void {
	const remaining = remainingIn(response.headers);
	const wait =
		response.status === 429
			? askedWaitMs(client, response)
			: remaining === '0'
				? client.quotaResetMs?.(response.headers)
				: undefined;
	if (wait !== undefined) quota.block(Date.now() + wait);
}

function cancelSignal(context: ApiContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/** Waits, unless the execution is cancelled meanwhile. */
export async function pause(context: ApiContext, ms: number): Promise<void> {
	const signal = cancelSignal(context);
	signal?.throwIfAborted();
	await new Promise<void>((resolve) => {
		const wake = () => {
			signal?.removeEventListener('abort', wake);
			resolve();
		};
		signal?.addEventListener('abort', wake);
		void sleep(ms).then(wake);
	});
	signal?.throwIfAborted();
}
