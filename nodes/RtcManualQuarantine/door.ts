import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { LedgerService } from '../../ledger/service';
import { accepted, refusal, refusedByLedger, type Answer } from './answers';
import { RateLimit } from '../shared/rateLimit';
import { isAnswer, readRequest, type ManualRequest, type RequestedAction } from './request';
import { callerOf, readTokens, type Caller } from './tokens';

const MINUTE_MS = 60_000;
const MAX_BODY_BYTES = 16 * 1024;
const FAILED_LOGINS_PER_MINUTE = 10;

const requests = new RateLimit(MINUTE_MS);
const failures = new RateLimit(MINUTE_MS);

export interface DoorSettings {
	/** Requests per token and minute. */
	perMinute: number;
	/** Epoch ms. */
	now: number;
	/** Lends the ledger. */
	withLedger: <T>(work: (ledger: LedgerService) => Promise<T>) => Promise<T>;
}

/**
 * Lets a request in, or answers it at once: who asks, how often, what. A request that is refused starts no
 * execution; one with a key that is known gets its earlier answer.
 */
export async function admit(context: IWebhookFunctions, settings: DoorSettings): Promise<IWebhookResponseData> {
	const outcome = await examine(context, settings);
	if (!isAnswer(outcome)) return { workflowData: [[{ json: outcome }]] };
	send(context, outcome);
	return { noWebhookResponse: true };
}

async function examine(context: IWebhookFunctions, settings: DoorSettings): Promise<ManualRequest | Answer> {
	const { perMinute, now, withLedger } = settings;
	const headers = context.getHeaderData() as IDataObject;
	const who = await identify(context, headers, now);
	if ('statusCode' in who) return who as Answer;
	const caller = who as Caller;
	const wait = requests.take(`${context.getNode().id} ${caller.name}`, perMinute, now);
	if (wait > 0) return tooMany(wait);
	const body = readBody(context, headers);
	if ('refused' in body) return body.refused;
	const request = readRequest(actionOf(context), caller, body.value, headers['idempotency-key']);
	if (isAnswer(request) || !request.request) return request;
	const { request: key } = request;
	try {
		const known = await withLedger(async (ledger) => await ledger.findRequest(key));
		return known ? accepted(known, true) : request;
	} catch (error) {
		return refusedByLedger(error, context.logger) ?? Promise.reject(error);
	}
}

async function identify(context: IWebhookFunctions, headers: IDataObject, now: number): Promise<Caller | Answer> {
	const { ip = '' } = context.getRequestObject() as { ip?: string };
	const wait = failures.wait(ip, FAILED_LOGINS_PER_MINUTE, now);
	if (wait > 0) return tooMany(wait);
	const { callers } = await context.getCredentials<{ callers: string }>('ciscoRtcManualQuarantineApi');
	const caller = callerOf(readTokens(callers), headers.authorization);
	if (caller) return caller;
	failures.take(ip, FAILED_LOGINS_PER_MINUTE, now);
	return refusal(401, 'unauthorized', 'Send "Authorization: Bearer …" with a token that is known here');
}

function tooMany(seconds: number): Answer {
	return { ...refusal(429, 'tooMany', `Too many requests; try again in ${seconds} s`), retryAfter: seconds };
}

function readBody(context: IWebhookFunctions, headers: IDataObject): { value: unknown } | { refused: Answer } {
	const { rawBody, body } = context.getRequestObject() as { rawBody?: Buffer; body?: unknown };
	if ((rawBody?.length ?? 0) > MAX_BODY_BYTES) {
		return { refused: refusal(413, 'tooLarge', `The body may have ${MAX_BODY_BYTES} bytes`) };
	}
	const type = String(headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
	if (type === 'application/json') return { value: body };
	return { refused: refusal(400, 'invalid', 'Content-Type must be application/json', 'Content-Type') };
}

function actionOf(context: IWebhookFunctions): RequestedAction {
	const { path = '' } = context.getRequestObject() as { path?: string };
	return path.replace(/\/+$/, '').endsWith('/release') ? 'release' : 'quarantine';
}

function send(context: IWebhookFunctions, { statusCode, retryAfter, body }: Answer): void {
	const response = context.getResponseObject();
	if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
	if (statusCode === 401) response.setHeader('WWW-Authenticate', 'Bearer');
	response.setHeader('Cache-Control', 'no-store');
	response.status(statusCode).json(body);
}
