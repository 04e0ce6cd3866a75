import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { sameOriginPath, sendJson, type ApiCall, type ApiContext } from '../../shared/http';
import { objectsIn } from '../../shared/json';
import type { SecureEndpointClient } from './client';

/** Cisco's envelope: https://api-docs.amp.cisco.com/api_resources */
export interface Envelope<T> {
	data: T;
	metadata?: {
		links?: { self?: string; prev?: string; next?: string };
		results?: { total?: number; current_item_count?: number; index?: number; items_per_page?: number };
	};
}

/** Largest page that the API gives. */
export const PAGE_SIZE = 500;

/** Where an endless chain of pages ends. */
const MAX_PAGES = 200;

/** What one call can read, page by page. */
export const MAX_RESULTS = MAX_PAGES * PAGE_SIZE;

/** Sends one call and gives the `data` of the answer. */
export async function getData<T = IDataObject>(
	context: ApiContext,
	client: SecureEndpointClient,
	call: ApiCall,
): Promise<T> {
	const envelope = await sendJson<Envelope<T> | undefined>(context, client, call);
	return envelope?.data as T;
}

/**
 * All pages of a list, following `metadata.links.next` on the same server.
 *
 * @throws NodeOperationError when a link leads to another server, or the pages do not end.
 */
export async function* pages<T>(
	context: ApiContext,
	client: SecureEndpointClient,
	call: ApiCall,
	pageSize = PAGE_SIZE,
): AsyncGenerator<Envelope<T>> {
	let next: ApiCall | undefined = { ...call, query: { limit: pageSize, ...call.query } };
	for (let page = 0; next !== undefined; page++) {
		if (page === MAX_PAGES) throw tooManyResults(context, call);
		const envelope: Envelope<T> = await sendJson(context, client, next);
		yield envelope;
		next = nextCall(context, client, next, envelope);
	}
}

function nextCall<T>(
	context: ApiContext,
	client: SecureEndpointClient,
	call: ApiCall,
	envelope: Envelope<T>,
): ApiCall | undefined {
	const link = envelope?.metadata?.links?.next;
	if (!link) return undefined;
	const path = sameOriginPath(client, link);
	if (path === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			'The next page is on another server than the credential names',
			{
				description:
					'It was not read, so that the API key stays where it belongs. Check the region or Base URL.',
				itemIndex: call.itemIndex,
			},
		);
	}
	return path === call.path ? undefined : { ...call, path, query: undefined };
}

export function tooManyResults(context: ApiContext, call: ApiCall): NodeOperationError {
	return new NodeOperationError(context.getNode(), `There are more than ${MAX_RESULTS} results`, {
		description: 'Narrow the filters, or turn off Return All.',
		itemIndex: call.itemIndex,
	});
}

/** The objects of a page: one row that is none must not stop the others. */
export const rowsOf = <T>(data: T[]): T[] => (Array.isArray(data) ? (objectsIn(data) as T[]) : []);

/** Up to `wanted` elements of a list, in the order of the API. */
export async function getMany<T = IDataObject>(
	context: ApiContext,
	client: SecureEndpointClient,
	call: ApiCall,
	wanted: number,
	keep?: (element: T) => boolean,
): Promise<T[]> {
	const found: T[] = [];
	const pageSize = keep ? PAGE_SIZE : Math.min(wanted, PAGE_SIZE);
	for await (const { data } of pages<T[]>(context, client, call, pageSize)) {
		found.push(...rowsOf(data).filter(keep ?? (() => true)));
		if (found.length >= wanted) break;
	}
	return found.slice(0, wanted);
}
