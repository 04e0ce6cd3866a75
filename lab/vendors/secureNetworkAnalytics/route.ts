import type { LabRequest, LabResponse } from '../../machine/vendor';
import { isObject, jsonBody, mediaType } from '../shared/body';
import { misuse } from '../shared/refusal';
import type { Account } from './accounts';
import type { Manager } from './manager';

/** One call of a user who is signed in, on a known path. */
export interface Call {
	request: LabRequest;
	query: URLSearchParams;
	params: Record<string, string>;
	account: Account;
	manager: Manager;
	/** Epoch ms by the manager's clock. */
	now: number;
}

/** One operation of the API. */
export interface Route {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** Whole path, with `:tenant` where the tenant stands. */
	path: string;
	/** Changes the configuration: not for read-only users. Searches are no change. */
	changes?: boolean;
	/** Documented query parameters; any other name is refused. */
	query?: readonly string[];
	handle(call: Call): LabResponse;
}

/** An answer in the envelope that all parts of the API share. */
export function data(value: unknown, status = 200): LabResponse {
	return { status, headers: { 'content-type': 'application/json' }, body: { data: value } };
}

/** The JSON body of a call; refuses other content types with 415. */
export function requiredJson({ request }: Call): unknown {
	const body = jsonBody(request);
	if (body.kind === 'json') return body.value;
	if (body.kind === 'none') throw misuse(400, 'The request body is missing');
	throw misuse(mediaType(request) === 'application/json' ? 400 : 415, body.reason);
}

/** A JSON object that has none but the named fields. */
export function requiredFields(call: Call, names: readonly string[]): Record<string, unknown> {
	const body = requiredJson(call);
	if (!isObject(body)) throw misuse(400, 'The request body must be a JSON object');
	const stranger = Object.keys(body).find((name) => !names.includes(name));
	if (stranger !== undefined) throw misuse(400, `Unrecognized field "${stranger}"`);
	return body;
}

/** A span of time; both ends included. */
export interface Span {
	from: number;
	to: number;
}

/** Two times of a body, read by `parse`; refuses another format, and an end before the start. */
export function spanOf(
	body: Record<string, unknown>,
	[fromName, toName]: readonly [string, string],
	parse: (value: unknown) => number | undefined,
	format: string,
): Span {
	const [from, to] = [fromName, toName].map((name) => {
		const time = parse(body[name]);
		if (time === undefined) throw misuse(400, `${name} must be a time like ${format}`);
		return time;
	});
	if (to < from) throw misuse(400, `${toName} is before ${fromName}`);
	return { from, to };
}

/** A list of `includes` and `excludes` under `<end>.ipAddresses` of a filter. */
export interface AddressFilter {
	includes: string[];
	excludes: string[];
}

/** The addresses that a filter names for `subject` or `peer`; other criteria of an end are accepted and not played. */
export function addressFilter(body: Record<string, unknown>, end: 'subject' | 'peer'): AddressFilter {
	const filter = body[end] ?? {};
	if (!isObject(filter)) throw misuse(400, `${end} must be an object`);
	const addresses = filter.ipAddresses ?? {};
	if (!isObject(addresses)) throw misuse(400, `${end}.ipAddresses must be an object`);
	const list = (name: 'includes' | 'excludes') => {
		const values = addresses[name] ?? [];
		const fits = Array.isArray(values) && values.every((value) => typeof value === 'string');
		if (!fits) throw misuse(400, `${end}.ipAddresses.${name} must be a list of addresses`);
		return values as string[];
	};
	return { includes: list('includes'), excludes: list('excludes') };
}

/** A positive whole number of a body, or the fallback. */
export function countOf(body: Record<string, unknown>, name: string, fallback: number, max: number): number {
	const value = body[name] ?? fallback;
	if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
	throw misuse(400, `${name} must be a whole number from 1 to ${max}`);
}
