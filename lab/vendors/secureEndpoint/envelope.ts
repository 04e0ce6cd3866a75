import type { LabResponse } from '../../machine/vendor';
import { serialise } from './serialise';

const VERSION = 'v1.2.0';

const TITLES: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	415: 'Unsupported Media Type',
	429: 'Too Many Requests',
};

/** Position of a page among all results. */
export interface PageInfo {
	offset: number;
	limit: number;
	total: number;
}

function json(status: number, body: unknown): LabResponse {
	return { status, headers: { 'content-type': 'application/json' }, body: serialise(body) };
}

/** The vendor's envelope around one object. */
export function single(url: URL, data: unknown, status = 200): LabResponse {
	return json(status, { version: VERSION, metadata: { links: { self: url.href } }, data });
}

function linkTo(url: URL, offset: number, limit: number): string {
	const link = new URL(url.href);
	link.searchParams.set('limit', String(limit));
	link.searchParams.set('offset', String(offset));
	return link.href;
}

/** The vendor's envelope around one page: absolute links to its neighbours and the place of the page. */
export function paged(
	url: URL,
	data: unknown,
	items: number,
	{ offset, limit, total }: PageInfo,
): LabResponse {
	const links: Record<string, string> = { self: url.href };
	if (offset > 0) links.prev = linkTo(url, Math.max(0, offset - limit), limit);
	if (offset + limit < total) links.next = linkTo(url, offset + limit, limit);
	const results = { total, current_item_count: items, index: offset, items_per_page: limit };
	return json(200, { version: VERSION, metadata: { links, results }, data });
}

/** The vendor's error body. An unauthorised answer says less than the others, like the vendor's. */
export function problem(status: number, detail: string, violation?: string): LabResponse {
	const errors = [{ error_code: status, description: TITLES[status] ?? 'Error', details: [detail] }];
	const version = status === 401 ? 'v1.0.0' : VERSION;
	return { ...json(status, { version, data: {}, errors }), ...(violation ? { violation } : {}) };
}
