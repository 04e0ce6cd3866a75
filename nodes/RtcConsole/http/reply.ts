import { randomBytes } from 'node:crypto';

/** An answer to a request, before it is sent. */
export interface Reply {
	status: number;
	headers: Record<string, string>;
	body: string | AsyncIterable<string>;
	/** The request's body was not read to its end, so the connection can't be used again. */
	close?: boolean;
}

/** A value for `nonce` attributes of one page. */
export function newNonce(): string {
	return randomBytes(18).toString('base64url');
}

/**
 * The page shares its origin with the n8n editor, so it gets an origin of its own (`sandbox` without
 * `allow-same-origin`), and may do nothing that it does not need.
 */
export function contentSecurityPolicy(nonce?: string): string {
	return [
		"default-src 'none'",
		...(nonce ? [`style-src 'nonce-${nonce}'`, `script-src 'nonce-${nonce}'`] : []),
		'img-src data:',
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
		'sandbox allow-forms allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox',
	].join('; ');
}

/** Headers of every answer. */
export function securityHeaders(nonce?: string): Record<string, string> {
	return {
		'content-security-policy': contentSecurityPolicy(nonce),
		'x-content-type-options': 'nosniff',
		'x-frame-options': 'DENY',
		'referrer-policy': 'no-referrer',
		'cache-control': 'no-store',
		'cross-origin-opener-policy': 'same-origin',
		'cross-origin-resource-policy': 'same-origin',
		'permissions-policy': 'camera=(), geolocation=(), microphone=()',
		'x-robots-tag': 'noindex',
		vary: 'Authorization',
	};
}

export function pageReply(status: number, text: string, nonce: string, headers: Record<string, string> = {}): Reply {
	return { status, headers: { ...securityHeaders(nonce), 'content-type': 'text/html; charset=utf-8', ...headers }, body: text };
}

/** A file to save. Its name is made of letters, digits, dots and dashes only. */
export function fileReply(fileName: string, contentType: string, lines: AsyncIterable<string>): Reply {
	const safeName = fileName.replace(/[^A-Za-z0-9._-]/g, '-');
	return {
		status: 200,
		headers: { ...securityHeaders(), 'content-type': contentType, 'content-disposition': `attachment; filename="${safeName}"` },
		body: lines,
	};
}

/** Back to a page of the console by GET. `query` is encoded anew, so nothing of a request reaches the header as it came. */
export function seeOther(query: URLSearchParams): Reply {
	return { status: 303, headers: { ...securityHeaders(), location: `?${query}` }, body: '' };
}
