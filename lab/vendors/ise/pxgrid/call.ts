import type { LabRequest, LabResponse } from '../../../machine/vendor';
import { isObject, jsonBody } from '../../shared/body';
import { misuse, Refusal } from '../../shared/refusal';

/**
 * What every pxGrid call must be: POST with a JSON object, and both `Content-Type` and `Accept` naming
 * `application/json`. Answers the body; throws a refusal.
 */
export function readCall(request: LabRequest): Record<string, unknown> {
	if (request.method !== 'POST') throw misuse(405, `pxGrid calls are POST, not ${request.method}`);
	const accepted = (request.headers.accept ?? '').split(',').map((part) => part.split(';')[0].trim());
	if (!accepted.includes('application/json')) throw misuse(406, 'Accept must name application/json');
	const body = jsonBody(request);
	if (body.kind === 'invalid' && body.reason.startsWith('Content-Type')) throw misuse(415, body.reason);
	if (body.kind !== 'json' || !isObject(body.value)) throw misuse(400, 'the body must be a JSON object');
	return body.value;
}

/** A text that the call must have; throws a refusal that names it. */
export function requiredText(body: Record<string, unknown>, name: string): string {
	const value = body[name];
	if (typeof value !== 'string' || value === '') throw misuse(400, `${name} must be given, as text`);
	return value;
}

/** A text that the call may have. */
export function optionalText(body: Record<string, unknown>, name: string): string | undefined {
	return body[name] === undefined ? undefined : requiredText(body, name);
}

/** Refuses fields that the call does not know. */
export function knownFieldsOnly(body: Record<string, unknown>, names: readonly string[]): void {
	const unknown = Object.keys(body).find((name) => !names.includes(name));
	if (unknown === undefined) return;
	throw misuse(400, `unknown field ${unknown}; the call knows ${names.join(', ') || 'none'}`);
}

export function ok(body: unknown): LabResponse {
	return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
}

/** pxGrid's answer when there is nothing to tell. */
export function nothing(): LabResponse {
	return { status: 204 };
}

/** Turns a thrown refusal into pxGrid's answer; 401 has no body. */
export function refusalAnswer(error: unknown): LabResponse {
	if (!(error instanceof Refusal)) throw error;
	const { status, detail, violation } = error;
	return {
		status,
		...(status === 401
			? { headers: { 'WWW-Authenticate': 'Basic realm="pxGrid"' } }
			: { headers: { 'Content-Type': 'application/json' }, body: { message: detail } }),
		...(violation && { violation }),
	};
}
