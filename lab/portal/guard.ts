import type { IncomingMessage } from 'node:http';

/** Why a request is refused, and with which status. */
export interface GuardRefusal {
	status: 403 | 415;
	error: string;
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Keeps web pages of others away from the control port. The `Host` must be the control address itself, or a page
 * whose name was pointed at 127.0.0.1 (DNS rebinding) could read everything. Calls that change something must come
 * from the portal itself, as JSON, when a browser sends them; programs send no `Origin` and are let through.
 */
export function guardRefusal(request: IncomingMessage): GuardRefusal | undefined {
	const { host, origin } = request.headers;
	const port = request.socket.localPort;
	const addresses = LOOPBACK_NAMES.map((name) => `${name}:${port}`);
	if (host === undefined || !addresses.includes(host)) {
		return { status: 403, error: `The control port answers at http://${addresses[0]} only` };
	}
	if (request.method === 'GET') return undefined;
	const site = request.headers['sec-fetch-site'];
	const foreign =
		(origin !== undefined && origin !== `http://${host}`) ||
		(site !== undefined && site !== 'same-origin' && site !== 'none');
	if (foreign) return { status: 403, error: 'Only the portal itself may change the lab from a browser' };
	if (origin !== undefined && !isJson(request.headers['content-type'])) {
		return { status: 415, error: 'A call from a browser must have the content type application/json' };
	}
	return undefined;
}

function isJson(contentType = ''): boolean {
	return contentType.split(';')[0].trim().toLowerCase() === 'application/json';
}
