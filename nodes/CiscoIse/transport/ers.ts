import type { IDataObject } from 'n8n-workflow';
import {
	readJson,
	send,
	sendForJson,
	sendJson,
	type ApiCall,
	type ApiClient,
	type ApiContext,
	type ApiResponse,
} from '../../shared/http';
import { responseError } from '../../shared/errors';
import { cookieHeader, cookieJar } from '../../shared/cookies';
import { usableText } from '../../shared/identity';
import { objectsIn, parseJson } from '../../shared/json';
import { NodeGroup } from './nodeGroup';

/** ERS answers at most this many resources per page. */
const PAGE_SIZE = 100;
const MAX_PAGES = 1_000;

/** ERS wants both headers, on GET too, before it answers JSON. */
const JSON_HEADERS = { Accept: 'application/json', 'Content-Type': 'application/json' };

const CHANGING_METHODS = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** A row of an ERS list. Lists of ANC endpoints have no name. */
export interface ErsResource extends IDataObject {
	id: string;
	name?: string;
}

/** ISE answers 404 for what is not there, and 500 when it went away while it was read. */
const GONE_STATUSES = [404, 500];
const GONE_CODE = /CRUD operation exception/i;

interface SearchResult {
	SearchResult?: { total?: number; resources?: ErsResource[]; nextPage?: IDataObject };
}

/**
 * The administration nodes and their External RESTful Services, as in the ISE "ERS API reference".
 * With the CSRF check on, changes carry the token and cookies that the same node gave out.
 */
export class ErsNodes {
	private readonly group: NodeGroup;

	private readonly csrf = new Map<ApiClient, Promise<Record<string, string>>>();

	constructor(
		nodes: readonly ApiClient[],
		private readonly csrfCheck: boolean,
	) {
		this.group = new NodeGroup(nodes);
	}

	/** @throws NodeApiError for every status outside 200–299 that `call.accept` does not list. */
	async send(context: ApiContext, call: ApiCall): Promise<ApiResponse> {
		const ersCall = asJson(call);
		return await this.group.run(context, ersCall, async (node) => await this.sendTo(context, node, ersCall));
	}

	/** As {@link send}, and tells whether another node than the first, which takes the changes, answered. */
	async sendChange(context: ApiContext, call: ApiCall): Promise<{ response: ApiResponse; byStandby: boolean }> {
		const ersCall = asJson(call);
		return await this.group.run(context, ersCall, async (node) => ({
			response: await this.sendTo(context, node, ersCall),
			byStandby: node !== this.group.nodes[0],
		}));
	}

	/** Reads JSON; `undefined` for an empty answer. */
	async getJson<T>(context: ApiContext, call: Omit<ApiCall, 'method'>): Promise<T> {
		const ersCall = asJson({ ...call, method: 'GET' });
		return await this.group.run(context, ersCall, async (node) => await sendJson<T>(context, node, ersCall));
	}

	/** Reads JSON of something that may have been deleted since it was listed: `undefined` then. */
	async getIfThere<T>(
		context: ApiContext,
		call: Omit<ApiCall, 'method' | 'accept'>,
	): Promise<T | undefined> {
		const ersCall = asJson({ ...call, method: 'GET', accept: GONE_STATUSES });
		return await this.group.run(context, ersCall, async (node) => {
			const response = await sendForJson(context, node, ersCall);
			if (isGone(response)) return undefined;
			if (response.status < 400) return readJson<T>(context, node, ersCall, response);
			throw responseError(context.getNode(), node.product, ersCall, response, describeErsError(response));
		});
	}

	/** Sends a change and reads its JSON answer. */
	async putJson<T>(context: ApiContext, call: Omit<ApiCall, 'method'>): Promise<T> {
		const ersCall = asJson({ ...call, method: 'PUT' });
		return readJson<T>(context, this.group.nodes[0], ersCall, await this.send(context, ersCall));
	}

	private async sendTo(context: ApiContext, node: ApiClient, call: ApiCall): Promise<ApiResponse> {
		return this.csrfCheck && CHANGING_METHODS.has(call.method)
			? await this.sendWithToken(context, node, call)
			: await send(context, node, call);
	}

	private async sendWithToken(context: ApiContext, node: ApiClient, call: ApiCall): Promise<ApiResponse> {
		const withToken = async () => ({
			...call,
			headers: { ...call.headers, ...(await this.tokenOf(context, node)) },
		});
		const response = await send(context, node, {
			...(await withToken()),
			accept: [...(call.accept ?? []), 403],
		});
		if (response.status !== 403 || call.accept?.includes(403)) return response;
		// The token ends with the node's session: ask once for a new one.
		this.csrf.delete(node);
		return await send(context, node, await withToken());
	}

	private async tokenOf(context: ApiContext, node: ApiClient): Promise<Record<string, string>> {
		const known = this.csrf.get(node);
		if (known) return await known;
		const fetched = fetchCsrfToken(context, node);
		this.csrf.set(node, fetched);
		fetched.catch(() => this.csrf.get(node) === fetched && this.csrf.delete(node));
		return await fetched;
	}
}

/**
 * All rows of a list, page by page, up to `limit`. The paging link in the answer names the node's internal
 * host, so pages are counted instead.
 *
 * @throws Error beyond 100,000 rows.
 */
export async function ersList(
	context: ApiContext,
	ers: ErsNodes,
	path: string,
	options: { limit?: number; filters?: string[]; filterType?: 'or'; itemIndex?: number } = {},
): Promise<ErsResource[]> {
	const { limit = Infinity, filters, filterType, itemIndex } = options;
	const size = Math.min(PAGE_SIZE, limit);
	const rows = new Map<string, ErsResource>();
	for (let page = 1; page <= MAX_PAGES; page++) {
		const query = { size, page, filter: filters, filterType };
		const answer = await ers.getJson<SearchResult>(context, { path, query, itemIndex });
		const { resources = [], total = 0, nextPage } = answer?.SearchResult ?? {};
		for (const row of resources) rows.set(row.id, row);
		const more = nextPage !== undefined || (resources.length === size && rows.size < total);
		if (rows.size >= limit || resources.length === 0 || !more) return [...rows.values()].slice(0, limit);
	}
	throw new Error('Cisco ISE has more than 100,000 entries for this list. Narrow it with a filter.');
}

function asJson(call: ApiCall): ApiCall {
	return { ...call, headers: { ...JSON_HEADERS, ...call.headers } };
}

/** A row as the user should see it: without the link, which names an internal host. */
export function withoutLink<T extends IDataObject>(row: T): Omit<T, 'link'> {
	const rest = { ...row };
	delete rest.link;
	return rest;
}

/**
 * A value as exactly one segment of a path; colons of MAC and IPv6 addresses stay readable.
 *
 * @throws Error for values that would change the path.
 */
export function pathSegment(value: string): string {
	const segment = value.trim();
	if (['', '.', '..'].includes(segment))
		throw new Error(`"${value}" is not an ID or name that Cisco ISE can have`);
	return encodeURIComponent(segment).replace(/%3A/g, ':').replace(/%40/g, '@');
}

const MAX_REASON = 1_000;

/** The titles in an `ERSResponse`, or the message of the gateway; `undefined` for log-in pages and the like. */
export function describeErsError(response: ApiResponse): string | undefined {
	const { messages, gateway } = reasonsIn(response);
	return joined([...(messages ?? []).map(({ title }) => title), gateway]);
}

/** Why a change was refused: what ERS says of it, else the status and what came with it. */
export function describeRefusal(response: ApiResponse): string {
	const { messages = [], gateway } = reasonsIn(response);
	const reason = joined([gateway]);
	return joined(messages.map(({ title }) => title)) ?? `Cisco ISE answered ${response.status}${reason ? `: ${reason}` : ' and gave no reason'}`;
}

function joined(texts: readonly unknown[]): string | undefined {
	return texts.flatMap((text) => usableText(text, MAX_REASON) ?? []).join('; ') || undefined;
}

/** A page of something in between may have these statuses too; it says nothing about what ISE has. */
function isGone(response: ApiResponse): boolean {
	const { messages } = reasonsIn(response);
	if (!messages) return false;
	return response.status === 404 || (response.status === 500 && messages.some(({ code }) => GONE_CODE.test(String(code))));
}

/** `messages` only of an `ERSResponse`, however many it has and in whatever form. */
function reasonsIn({ text }: ApiResponse): { messages?: IDataObject[]; gateway?: unknown } {
	const [answer = {}] = objectsIn(jsonOf(text));
	const [ers] = objectsIn(answer.ERSResponse);
	return { ...(ers?.messages !== undefined && { messages: objectsIn(ers.messages) }), gateway: answer.message };
}

function jsonOf(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}

async function fetchCsrfToken(context: ApiContext, node: ApiClient): Promise<Record<string, string>> {
	const response = await send(context, node, {
		method: 'GET',
		path: '/ers/config/ancpolicy',
		query: { size: 1, page: 1 },
		headers: { ...JSON_HEADERS, 'X-CSRF-TOKEN': 'fetch' },
	});
	const token = response.headers['x-csrf-token'];
	const cookies = cookieHeader(cookieJar(response.setCookies));
	return { ...(token && { 'X-CSRF-TOKEN': token }), ...(cookies && { Cookie: cookies }) };
}
