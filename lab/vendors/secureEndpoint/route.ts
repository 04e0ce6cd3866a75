import type { LabRequest, LabResponse } from '../../machine/vendor';
import type { WorldHost } from '../../world/world';
import { formBody, isObject, jsonBody, mediaType } from '../shared/body';
import { faultyPage, type FeedFaults, noFeedFaults } from '../shared/faults';
import { integerParameter } from '../shared/query';
import { misuse, Refusal } from '../shared/refusal';
import type { Account } from './accounts';
import { paged } from './envelope';
import type { Estate } from './estate';

/** One authenticated call on a known path. */
export interface Call {
	request: LabRequest;
	url: URL;
	query: URLSearchParams;
	params: Record<string, string>;
	estate: Estate;
	account: Account;
	/** Epoch ms by the vendor's clock. */
	now: number;
	faults: FeedFaults;
}

/** One operation of the API. */
export interface Route {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
	/** Path below `/v1`. */
	path: string;
	/** Documented query parameters; any other name is refused. */
	query?: readonly string[];
	/** Whether a read-only API client is refused. */
	writes?: boolean;
	handle(call: Call): LabResponse;
}

export const PAGING = ['limit', 'offset'] as const;

/** `limit` and `offset` of the call. */
export function pageArguments({ query }: Call, maximum = 500): { limit: number; offset: number } {
	const limit = integerParameter(query, 'limit', { fallback: Math.min(500, maximum), min: 1, max: maximum });
	if (limit === undefined)
		throw misuse(400, `Invalid parameter: limit must be a number from 1 to ${maximum}`);
	const offset = integerParameter(query, 'offset', { fallback: 0 });
	if (offset === undefined) throw misuse(400, 'Invalid parameter: offset must be a number of 0 or more');
	return { limit, offset };
}

/** Answers one page of `items`; only what is on the page is rendered. */
export function answerPage<T>(
	call: Call,
	items: readonly T[],
	render: (item: T) => unknown,
	wrap: (rendered: unknown[]) => unknown = (rendered) => rendered,
	faults: FeedFaults = noFeedFaults(),
): LabResponse {
	const { limit, offset } = pageArguments(call);
	const { page, total } = faultyPage(items, offset, limit, faults);
	return paged(call.url, wrap(page.map(render)), page.length, { limit, offset, total });
}

/** Fields of a JSON or form body; unknown names are refused. An absent body has no fields. */
export function bodyFields(
	{ request }: Call,
	documented: readonly string[],
	{ jsonOnly = false } = {},
): Record<string, unknown> {
	const fields = readFields(request, jsonOnly);
	const unknown = Object.keys(fields).find((name) => !documented.includes(name));
	if (unknown !== undefined) throw misuse(400, `Unknown parameter: ${unknown}`);
	return fields;
}

function readFields(request: LabRequest, jsonOnly: boolean): Record<string, unknown> {
	const form = jsonOnly ? undefined : formBody(request);
	if (form) return Object.fromEntries(form);
	const body = jsonBody(request);
	if (body.kind === 'none') return {};
	if (body.kind === 'invalid') {
		const status = mediaType(request) === 'application/json' ? 400 : 415;
		throw misuse(status, body.reason);
	}
	if (!isObject(body.value)) throw misuse(400, 'The body must be a JSON object');
	return body.value;
}

/** A text field of a body; undefined when absent or null. */
export function textField(fields: Record<string, unknown>, name: string): string | undefined {
	const value = fields[name];
	if (value === undefined || value === null) return undefined;
	if (typeof value !== 'string') throw misuse(400, `Invalid parameter: ${name} must be a string`);
	return value;
}

/** A text field that must be there. */
export function requiredText(fields: Record<string, unknown>, name: string): string {
	const value = textField(fields, name);
	if (!value) throw misuse(400, `Missing parameter: ${name}`);
	return value;
}

/** The computer that the path names. */
export function computerOf({ estate, params }: Call): WorldHost {
	const host = estate.computer(params.guid);
	if (!host) throw new Refusal(404, `Connector not found: ${params.guid}`);
	return host;
}

/** A SHA-256 of the path or query, in lower case. */
export function sha256Argument(text: string, name: string): string {
	if (!/^[0-9a-f]{64}$/i.test(text)) throw misuse(400, `Invalid parameter: ${name} must be 64 hex digits`);
	return text.toLowerCase();
}

/** Epoch ms of an ISO 8601 time; refuses epoch numbers and an offset whose `+` was not percent-encoded. */
export function timeArgument(text: string, name: string): number {
	const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
	const zoned = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
	const at = iso.test(text) ? Date.parse(zoned) : Number.NaN;
	if (Number.isNaN(at)) throw misuse(400, `Invalid parameter: ${name} must be an ISO 8601 time`);
	return at;
}
