import type { LabRequest, LabResponse } from '../../machine/vendor';
import type { PathParameters } from '../shared/router';
import { INTERNAL_HOST } from './model';

/** An ERS call that passed the gate. */
export interface ErsCall {
	request: LabRequest;
	params: PathParameters;
	/** Parsed JSON body; undefined when there is none, or when the body is XML. */
	body: unknown;
}

const JSON_HEADERS = { 'Content-Type': 'application/json;charset=utf-8' };

/** Absolute link as ISE writes it: with the node's own name, whatever name the caller used. */
export function hrefOf(path: string): string {
	return `https://${INTERNAL_HOST}/ers/config/${path}`;
}

export function selfLink(path: string) {
	return { rel: 'self', href: hrefOf(path), type: 'application/json' };
}

export function ersJson(body: unknown, status = 200): LabResponse {
	return { status, headers: { ...JSON_HEADERS }, body };
}

export function noContent(): LabResponse {
	return { status: 204 };
}

export function created(path: string): LabResponse {
	return { status: 201, headers: { ...JSON_HEADERS, Location: hrefOf(path) } };
}

/** Code of what is not there. */
export const GONE = 'CRUD operation exception';

/**
 * Refusal in ISE's envelope.
 * @param operation `METHOD-operation-resource`, e.g. `PUT-apply-ancendpoint`
 */
export function ersError(
	call: { request: LabRequest },
	status: number,
	operation: string,
	title: string,
	violation?: string,
	code = status === 404 ? GONE : 'Application resource validation exception',
): LabResponse {
	const path = call.request.url.pathname.replace(/^\/ers\/config\//, '');
	return {
		...ersJson(
			{
				ERSResponse: {
					operation,
					messages: [{ title, type: 'ERROR', code }],
					link: { rel: 'related', href: hrefOf(path), type: 'application/xml' },
				},
			},
			status,
		),
		...(violation && { violation }),
	};
}

/** Tomcat's page, which ISE sends where no ERS code runs: 401, 403, unknown paths. */
export function htmlPage(status: number, reason: string, violation: string): LabResponse {
	return {
		status,
		headers: { 'Content-Type': 'text/html;charset=utf-8' },
		body:
			`<!doctype html><html lang="en"><head><title>HTTP Status ${status} – ${reason}</title></head>` +
			`<body><h1>HTTP Status ${status} – ${reason}</h1></body></html>`,
		violation,
	};
}
