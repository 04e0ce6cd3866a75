import type { LabRequest, LabResponse } from '../../machine/vendor';
import { jsonBody, mediaType } from '../shared/body';
import { integerParameter } from '../shared/query';
import { misuse } from '../shared/refusal';
import type { Organisation } from './organisation';

/** Parts of the API, each with its own rate limit and error bodies. */
export type Api = 'reports' | 'policies' | 'investigate';

/** One authorised call on a known path. */
export interface Call {
	request: LabRequest;
	url: URL;
	query: URLSearchParams;
	params: Record<string, string>;
	organisation: Organisation;
	/** Epoch ms by the vendor's clock. */
	now: number;
}

/** One operation of the API. */
export interface Route {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	/** Path below `/<api>/v2`. */
	path: string;
	/** Scope that the API key must have. */
	scope: string;
	/** Documented query parameters; any other name is refused. */
	query?: readonly string[];
	handle(call: Call): LabResponse;
}

/** A JSON answer. */
export function json(body: unknown, status = 200): LabResponse {
	return { status, headers: { 'content-type': 'application/json' }, body };
}

/** A whole number of the query that must be there, or has a default. */
export function numberArgument(
	{ query }: Call,
	name: string,
	{ fallback, min = 0, max }: { fallback?: number; min?: number; max: number },
): number {
	if (fallback === undefined && !query.get(name)) throw misuse(400, `${name} is required`);
	const value = integerParameter(query, name, { fallback: fallback ?? 0, min, max });
	if (value === undefined) throw misuse(400, `${name} must be a number from ${min} to ${max}`);
	return value;
}

/** A JSON body of any form; refuses other content types with 415. */
export function requiredJson({ request }: Call): unknown {
	const body = jsonBody(request);
	if (body.kind === 'json') return body.value;
	if (body.kind === 'none') throw misuse(400, 'The request body is missing');
	throw misuse(mediaType(request) === 'application/json' ? 400 : 415, body.reason);
}
