import type { LabRequest } from '../../machine/vendor';

/** What a body turned out to be: a value, nothing at all, or something that can't be read. */
export type Body = { kind: 'json'; value: unknown } | { kind: 'none' } | { kind: 'invalid'; reason: string };

/** Media type of the request without parameters, lower-case; empty when the header is missing. */
export function mediaType(request: LabRequest): string {
	return (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
}

/**
 * Reads a JSON body. `invalid` names what is wrong: another content type than `application/json` (or `+json`),
 * or text that is no JSON.
 */
export function jsonBody(request: LabRequest): Body {
	if (request.body.length === 0) return { kind: 'none' };
	const type = mediaType(request);
	if (type !== 'application/json' && !type.endsWith('+json')) {
		return { kind: 'invalid', reason: `Content-Type must be application/json, not ${type || 'missing'}` };
	}
	try {
		return { kind: 'json', value: JSON.parse(request.body.toString('utf8')) as unknown };
	} catch {
		return { kind: 'invalid', reason: 'the body is not valid JSON' };
	}
}

/** Reads an `application/x-www-form-urlencoded` body; undefined when the content type is another one. */
export function formBody(request: LabRequest): URLSearchParams | undefined {
	if (mediaType(request) !== 'application/x-www-form-urlencoded') return undefined;
	return new URLSearchParams(request.body.toString('utf8'));
}

/** Narrows to a JSON object (no array, no null). */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
