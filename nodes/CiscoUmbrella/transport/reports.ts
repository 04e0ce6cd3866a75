import { responseError } from '../../shared/errors';
import type { ApiCall, ApiClient, ApiContext, ApiResponse, QueryValue } from '../../shared/http';
import { pause, readJson, send } from '../../shared/http';
import type { ReportsClient } from './client';

/** Body of every answer of the Reporting API. */
export interface ReportPage<T> {
	data: T[];
}

const BASE_PATH = '/reports/v2';
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 3;
const SECOND_TRY_AFTER_MS = 1_000;

/**
 * One page of a report. Redirects to a warehouse are followed by hand, because HTTP clients drop the
 * Authorization header on the way to another host; the warehouse is remembered for the calls that follow.
 *
 * @param path below `/reports/v2`
 * @throws NodeApiError also when the redirect leads outside the product's domain.
 */
export async function readReport<T>(
	context: ApiContext,
	reports: ReportsClient,
	path: string,
	query: Record<string, QueryValue>,
	extra: Pick<ApiCall, 'headers' | 'itemIndex'> = {},
): Promise<T[]> {
	const call: ApiCall = { method: 'GET', path: BASE_PATH + path, query, ...extra };
	const answer = await followRedirects(context, reports, call);
	const page = await parseOrRepeat<T>(context, reports, call, answer);
	return Array.isArray(page?.data) ? page.data : [];
}

/** Pages through a report by `offset`, which every report has, until a short page or `wanted` rows. */
export async function readAllRows<T>(
	context: ApiContext,
	reports: ReportsClient,
	path: string,
	query: Record<string, QueryValue>,
	wanted: number,
	itemIndex?: number,
): Promise<T[]> {
	const rows: T[] = [];
	while (rows.length < wanted) {
		const limit = Math.min(ROWS_PER_PAGE, wanted - rows.length);
		const page = await readReport<T>(
			context,
			reports,
			path,
			{ ...query, limit, offset: rows.length },
			{ itemIndex },
		);
		rows.push(...page);
		if (page.length < limit) break;
	}
	return rows;
}

const ROWS_PER_PAGE = 500;

/** A body that is cut off is worth one more try. */
async function parseOrRepeat<T>(
	context: ApiContext,
	reports: ReportsClient,
	call: ApiCall,
	answer: ApiResponse,
): Promise<ReportPage<T> | undefined> {
	try {
		return readJson<ReportPage<T>>(context, reports.current, call, answer);
	} catch {
		await pause(context, SECOND_TRY_AFTER_MS);
		const repeated = await followRedirects(context, reports, call);
		return readJson<ReportPage<T>>(context, reports.current, call, repeated);
	}
}

async function followRedirects(
	context: ApiContext,
	reports: ReportsClient,
	call: ApiCall,
): Promise<ApiResponse> {
	let client = reports.current;
	let next = call;
	for (let hops = 0; ; hops++) {
		const response = await send(context, client, { ...next, accept: REDIRECTS });
		if (!REDIRECTS.includes(response.status)) {
			if (next.path.split('?')[0] === call.path) reports.current = client;
			return response;
		}
		const target = redirectTarget(client, reports.trustedDomains, response);
		if (!target || hops >= MAX_REDIRECTS) {
			throw responseError(context.getNode(), client.product, call, response, refusalText(target));
		}
		client = { ...client, baseUrl: target.origin };
		next = { ...call, path: target.pathname + target.search, query: undefined };
	}
}

/** The redirect's target, unless the token must not be sent there. */
function redirectTarget(
	client: ApiClient,
	trustedDomains: readonly string[],
	{ headers }: ApiResponse,
): URL | undefined {
	if (!headers.location || !URL.canParse(headers.location, client.baseUrl)) return undefined;
	const target = new URL(headers.location, client.baseUrl);
	const sameOrigin = target.origin === new URL(client.baseUrl).origin;
	return sameOrigin || isTrusted(target, trustedDomains) ? target : undefined;
}

function isTrusted({ protocol, hostname }: URL, domains: readonly string[]): boolean {
	return (
		protocol === 'https:' && domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))
	);
}

function refusalText(target: URL | undefined): string {
	return target
		? 'The report was redirected too often.'
		: 'The report was redirected to an address that is not part of this product. The token was not sent there.';
}
