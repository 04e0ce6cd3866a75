import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Lab } from '../machine/lab';
import { portalPage } from './page';

/** Everything from the lab itself, nothing inline, nobody may frame it, and no text can become a script. */
const CONTENT_SECURITY_POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data:",
	"connect-src 'self'",
	"form-action 'self'",
	"frame-ancestors 'none'",
	"base-uri 'none'",
	"require-trusted-types-for 'script'",
].join('; ');

/** Sent with every answer of the control port. */
export const SECURITY_HEADERS = {
	'content-security-policy': CONTENT_SECURITY_POLICY,
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'cross-origin-resource-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'cache-control': 'no-store',
};

const TYPES = { css: 'text/css', mjs: 'text/javascript', svg: 'image/svg+xml' } as const;
type Extension = keyof typeof TYPES;

const ASSETS = [
	'portal.css',
	'icon.svg',
	'portal.mjs',
	'dom.mjs',
	'network.mjs',
	'timeline.mjs',
	'cards.mjs',
	'vendors.mjs',
	'icons.mjs',
];

/** The portal's paths, each with what answers it. */
export function portalRoutes(lab: Lab): [path: string, handler: (response: ServerResponse) => void][] {
	const page = (response: ServerResponse) => send(response, 'text/html', portalPage(lab));
	return [
		['/', page],
		['/portal', page],
		...ASSETS.map((name): [string, (response: ServerResponse) => void] => [
			`/portal/${name}`,
			(response) =>
				send(response, TYPES[name.split('.')[1] as Extension], readFileSync(join(__dirname, 'assets', name))),
		]),
	];
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
	response.writeHead(200, {
		'content-type': `${type}; charset=utf-8`,
		'content-length': Buffer.byteLength(body),
	});
	response.end(body);
}
