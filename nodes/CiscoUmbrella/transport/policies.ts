import type { ApiCall, ApiClient, ApiContext } from '../../shared/http';
import { sendJson } from '../../shared/http';

const BASE_PATH = '/policies/v2';

/** The server gives no more per page for destinations. */
const PAGE_SIZE = 100;

interface Envelope<T> {
	data: T;
	meta?: { total?: number };
}

/** `id` is a number here, but a string elsewhere; times are epoch seconds or ISO, by age of the API. */
export interface DestinationList {
	id: number;
	name: string;
	access: string;
	isGlobal: boolean;
	meta?: { destinationCount?: number };
	[field: string]: unknown;
}

/** `id` is a string in listings, though removing wants integers. */
export interface ListedDestination {
	id: string | number;
	destination: string;
	type?: string;
	comment?: string;
	createdAt?: string;
	[field: string]: unknown;
}

/** One call of the Policies API, unwrapped. `call.path` is below `/policies/v2`. */
export async function callPolicies<T>(context: ApiContext, client: ApiClient, call: ApiCall): Promise<T> {
	const answer = await sendJson<Envelope<T> | undefined>(context, client, {
		...call,
		path: BASE_PATH + call.path,
	});
	return answer?.data as T;
}

/** All pages of a listing, until `wanted` rows. */
export async function listAll<T>(
	context: ApiContext,
	client: ApiClient,
	path: string,
	wanted: number,
	itemIndex?: number,
): Promise<T[]> {
	const rows: T[] = [];
	for (let page = 1; rows.length < wanted; page++) {
		const query = { page, limit: PAGE_SIZE };
		const answer = await sendJson<Envelope<T[]> | undefined>(context, client, {
			method: 'GET',
			path: BASE_PATH + path,
			query,
			itemIndex,
		});
		const found = answer?.data ?? [];
		rows.push(...found);
		if (found.length < PAGE_SIZE || rows.length >= (answer?.meta?.total ?? Infinity)) break;
	}
	return rows.slice(0, wanted);
}

export const listPath = (listId: string): string => `/destinationlists/${encodeURIComponent(listId)}`;

export const destinationsPath = (listId: string): string => `${listPath(listId)}/destinations`;
