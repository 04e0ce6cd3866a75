import type { LabRequest, LabResponse } from '../../machine/vendor';
import type { PathParameters } from '../shared/router';
import { integerParameter, unknownParameters } from '../shared/query';
import { misuse, Refusal } from '../shared/refusal';
import { withViolation } from '../shared/violation';
import type { Person } from './model';

/** A call of a known token. */
export interface WebexCall {
	request: LabRequest;
	params: PathParameters;
	query: URLSearchParams;
	/** Fields of the JSON or multipart body; empty without body. */
	body: Record<string, unknown>;
	caller: Person;
}

export type WebexHandler = (call: WebexCall) => LabResponse;
export type WebexRoutes = (on: (method: string, path: string, handler: WebexHandler) => void) => void;

export const NOT_FOUND = 'The requested resource could not be found.';
export const FORBIDDEN =
	'The server understood the request, but refused to fulfill it because the access token is missing required ' +
	'scopes or the user is missing required roles or licenses.';

export const ok = (body: unknown): LabResponse => ({ status: 200, body });
export const noContent = (): LabResponse => ({ status: 204 });
export const notFound = () => new Refusal(404, NOT_FOUND);

/** Fields of a body that the documentation doesn't name. Webex ignores them; the lab notes them. */
export function checkFields(
	response: LabResponse,
	body: Record<string, unknown>,
	documented: string[],
): LabResponse {
	const unknown = Object.keys(body).filter((name) => !documented.includes(name));
	return withViolation(response, unknown.length > 0 ? `unknown field ${unknown.join(', ')}` : undefined);
}

/** A text field, or undefined; 400 when it has another type. */
export function textField(body: Record<string, unknown>, name: string): string | undefined {
	const value = body[name];
	if (value === undefined || value === null) return undefined;
	if (typeof value !== 'string') throw misuse(400, `${name} must be a string`);
	return value;
}

/** A text field that must be there and not be empty. */
export function requiredText(body: Record<string, unknown>, name: string): string {
	const value = textField(body, name);
	if (!value) throw misuse(400, `${name} cannot be null or empty`);
	return value;
}

/**
 * A list answer: `items`, and a `Link` header to the next page. The link has Webex's known defect: it says
 * `max=null`, which Webex itself refuses when it is followed as it is.
 */
export function listAnswer(
	{ query, request }: WebexCall,
	rows: unknown[],
	documented: string[],
	{ fallback, limit }: { fallback: number; limit: number } = { fallback: 100, limit: 1000 },
): LabResponse {
	const max = integerParameter(query, 'max', { fallback, min: 1, max: limit });
	if (max === undefined) throw misuse(400, `max must be a number from 1 to ${limit}`);
	const start = query.has('cursor')
		? Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString())
		: 0;
	if (!Number.isInteger(start) || start < 0) throw misuse(400, 'cursor is not valid');
	const end = start + max;
	const response: LabResponse = { status: 200, body: { items: rows.slice(start, end) } };
	if (end < rows.length) {
		const next = new URL(request.url);
		next.searchParams.set('max', 'null');
		next.searchParams.set('cursor', Buffer.from(String(end)).toString('base64url'));
		response.headers = { Link: `<${next.href}>; rel="next"` };
	}
	const unknown = unknownParameters(query, [...documented, 'max', 'cursor']);
	return withViolation(
		response,
		unknown.length > 0 ? `unknown query parameter ${unknown.join(', ')}` : undefined,
	);
}
