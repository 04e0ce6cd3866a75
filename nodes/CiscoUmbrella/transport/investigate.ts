import type { ApiCall, ApiClient, ApiContext } from '../../shared/http';
import { readJson, send } from '../../shared/http';

/** Where Investigate answers: below `/investigate/v2` of the current API, at the root of the legacy host. */
export interface InvestigateClient extends ApiClient {
	basePath: string;
}

/** What the look-ups need of an account, be it current or legacy. */
export interface InvestigateAccount {
	investigate: InvestigateClient;
}

/**
 * One look-up of the Investigate API. `path` is below the client's base path.
 *
 * @returns `undefined` when Investigate knows nothing of the name (404).
 */
export async function lookUp<T>(
	context: ApiContext,
	client: InvestigateClient,
	path: string,
	itemIndex: number,
	query?: ApiCall['query'],
): Promise<T | undefined> {
	const call: ApiCall = { method: 'GET', path: client.basePath + path, query, accept: [404], itemIndex };
	const response = await send(context, client, call);
	if (response.status === 404) return undefined;
	return readJson<T | undefined>(context, client, call, response);
}

/** Status and categories of a domain. `status`: -1 malicious, 1 benign, 0 not classified. */
export interface Categorization {
	status?: number;
	security_categories?: string[];
	content_categories?: string[];
}

const BULK_SIZE = 1_000;
const BULK_BYTES = 100_000;

/**
 * Status and category names of domains, keyed by domain. Several domains go into bulk calls of at most 1000
 * domains and 100 KB; licenses without bulk look-ups (403) are served one domain at a time.
 */
export async function categorize(
	context: ApiContext,
	client: InvestigateClient,
	domains: readonly string[],
	itemIndex: number,
): Promise<Map<string, Categorization>> {
	const found = new Map<string, Categorization>();
	for (const batch of bulkBatches(domains)) {
		const answer = batch.length > 1 ? await categorizeBulk(context, client, batch, itemIndex) : undefined;
		if (answer) note(found, answer);
		else for (const domain of batch) note(found, await categorizeOne(context, client, domain, itemIndex));
	}
	return found;
}

async function categorizeOne(
	context: ApiContext,
	client: InvestigateClient,
	domain: string,
	itemIndex: number,
) {
	const path = `/domains/categorization/${encodeURIComponent(domain)}?showLabels`;
	return await lookUp<unknown>(context, client, path, itemIndex);
}

async function categorizeBulk(
	context: ApiContext,
	client: InvestigateClient,
	domains: readonly string[],
	itemIndex: number,
): Promise<unknown> {
	const path = `${client.basePath}/domains/categorization?showLabels`;
	const call: ApiCall = { method: 'POST', path, body: domains, idempotent: true, accept: [403], itemIndex };
	const response = await send(context, client, call);
	return response.status === 403 ? undefined : readJson<unknown>(context, client, call, response);
}

/** The answer is an object keyed by domain; the documentation shows a list of such objects. */
function note(found: Map<string, Categorization>, answer: unknown): void {
	for (const part of Array.isArray(answer) ? (answer as unknown[]) : [answer]) {
		if (typeof part !== 'object' || part === null) continue;
		for (const [domain, categorization] of Object.entries(part)) {
			if (typeof categorization === 'object' && categorization !== null)
				found.set(domain, categorization as Categorization);
		}
	}
}

function bulkBatches(domains: readonly string[]): string[][] {
	const batches: string[][] = [];
	let bytes = 0;
	for (const domain of domains) {
		const size = Buffer.byteLength(JSON.stringify(domain)) + 1;
		const last = batches[batches.length - 1];
		if (last && last.length < BULK_SIZE && bytes + size < BULK_BYTES) last.push(domain);
		else batches.push([domain]);
		bytes = batches[batches.length - 1].length === 1 ? size : bytes + size;
	}
	return batches;
}

/** Pages of a look-up that takes `limit` and `offset`. `rowsOf` finds the rows in an answer. */
export async function lookUpAll<T>(
	context: ApiContext,
	client: InvestigateClient,
	path: string,
	wanted: number,
	itemIndex: number,
	rowsOf: (answer: unknown) => T[],
): Promise<T[] | undefined> {
	const rows: T[] = [];
	while (rows.length < wanted) {
		const limit = Math.min(PAGE_SIZE, wanted - rows.length);
		const query = { limit, offset: rows.length };
		const answer = await lookUp<unknown>(context, client, path, itemIndex, query);
		if (answer === undefined) return rows.length > 0 ? rows : undefined;
		const found = rowsOf(answer);
		rows.push(...found);
		if (found.length < limit) break;
	}
	return rows.slice(0, wanted);
}

const PAGE_SIZE = 100;
