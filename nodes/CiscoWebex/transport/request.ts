import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import {
	readJson,
	sameOriginPath,
	send,
	sendJson,
	type ApiCall,
	type ApiContext,
	type ApiResponse,
	type QueryValue,
} from '../../shared/http';
import type { WebexClient } from './client';

/** Entries per page; Webex takes up to 1,000, but large pages are slow. */
const PAGE_SIZE = 100;
const MAX_PAGES = 1_000;

/** Sends a call to a path below the base URL and reads the JSON answer. */
export async function webexJson<T = IDataObject>(
	context: ApiContext,
	client: WebexClient,
	call: ApiCall,
): Promise<T> {
	return await sendJson<T>(context, client.api, { ...call, path: client.basePath + call.path });
}

/** As {@link webexJson}, for callers who look at the status. */
export async function webexSend(
	context: ApiContext,
	client: WebexClient,
	call: ApiCall,
): Promise<ApiResponse> {
	return await send(context, client.api, { ...call, path: client.basePath + call.path });
}

export interface ListOptions {
	query?: Record<string, QueryValue>;
	/** How many entries are wanted; `Infinity` for all. */
	limit: number;
	/** Entries to keep, for what Webex can't filter itself. */
	keep?: (entry: IDataObject) => boolean;
	itemIndex?: number;
}

/** Entries of a list, page by page along the `Link` headers (RFC 5988), up to the limit. */
export async function webexList(
	context: ApiContext,
	client: WebexClient,
	path: string,
	{ query, limit, keep, itemIndex }: ListOptions,
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	let page = firstPage(client, path, query, keep ? Infinity : limit);
	for (let pages = 1; pages <= MAX_PAGES; pages++) {
		const { items, next } = await readPage(context, client, page, itemIndex);
		found.push(...(keep ? items.filter(keep) : items));
		if (found.length >= limit || next === undefined || next === page) return found.slice(0, limit);
		page = next;
	}
	throw new NodeOperationError(context.getNode(), 'Cisco Webex has more than 1,000 pages for this list', {
		itemIndex,
		description: 'Set a limit, or narrow the list with a filter.',
	});
}

/** Path and query of the first page of a list. */
export function firstPage(
	client: WebexClient,
	path: string,
	query: Record<string, QueryValue> = {},
	limit = Infinity,
): string {
	const url = new URL(client.basePath + path, client.api.baseUrl);
	for (const [name, value] of Object.entries(query)) {
		if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
	}
	url.searchParams.set('max', String(Math.min(PAGE_SIZE, limit)));
	return url.pathname + url.search;
}

/**
 * One page of a list.
 *
 * @param page path and query, from {@link firstPage} or an earlier page
 * @throws NodeOperationError when the link to the next page leaves the server of the credential.
 */
export async function readPage(
	context: ApiContext,
	client: WebexClient,
	page: string,
	itemIndex?: number,
): Promise<{ items: IDataObject[]; next?: string }> {
	const call: ApiCall = { method: 'GET', path: page, itemIndex };
	const response = await send(context, client.api, call);
	const { items = [] } =
		readJson<{ items?: IDataObject[] } | undefined>(context, client.api, call, response) ?? {};
	const link = nextLink(response.headers.link);
	if (link === undefined) return { items };
	const next = sameOriginPath(client.api, link);
	if (next !== undefined) return { items, next: withPageSize(next) };
	throw new NodeOperationError(context.getNode(), 'Cisco Webex named another server for the next page', {
		itemIndex,
		description: 'Check the base URL in the credential: it must be the server that answers.',
	});
}

/** Address in a `Link` header with the relation "next". */
export function nextLink(header: string | undefined): string | undefined {
	const links = (header ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[\w-]+=(?:"[^"]*"|[^\s,;]*))*)/g);
	for (const [, address, parameters] of links) {
		if (/;\s*rel="?(?:[^"]*\s)?next(?:\s[^"]*)?"?(?:;|\s|$)/i.test(parameters)) return address;
	}
	return undefined;
}

/** Webex sometimes writes `max=null` into its links, and then refuses it. */
function withPageSize(page: string): string {
	const url = new URL(page, 'https://webex.invalid');
	if (url.searchParams.get('max') !== 'null') return page;
	url.searchParams.set('max', String(PAGE_SIZE));
	return url.pathname + url.search;
}

/** An id as exactly one segment of a path. @throws Error for text that no id can be. */
export function idSegment(id: unknown): string {
	const text = String(id ?? '').trim();
	if (['', '.', '..'].includes(text)) throw new Error(`"${text}" is not an ID of Cisco Webex`);
	return encodeURIComponent(text);
}
