import { NodeOperationError } from 'n8n-workflow';
import { type ApiCall, type ApiContext, sendJson } from '../../../shared/http';
import type { TimeWindow } from '../../../shared/pollState';
import { legacyRecordId, legacyTime } from '../../legacyDetections';
import { type Fields, fieldsOf, listOf } from '../../records';
import type { LegacyReportingClient } from './client';

/** The server gives no more in one answer. */
const PAGE_SIZE = 500;
const SECOND = 1_000;

/**
 * Security activity of the span, each row once, until the report ends or `wanted` are read. The server answers newest
 * first and in whole seconds; the next page ends in the second in which the last one began.
 *
 * @param wanted `Infinity` for all
 * @throws NodeOperationError when more rows fall into one second than the server gives.
 */
export async function readSecurityActivity(
	context: ApiContext,
	reporting: LegacyReportingClient,
	{ from, to }: TimeWindow,
	wanted: number,
	itemIndex: number,
): Promise<Fields[]> {
	const found = new Map<string, Fields>();
	const start = Math.floor(from / SECOND);
	let stop = Math.ceil(to / SECOND);
	while (found.size < wanted) {
		const query = { start, stop, limit: PAGE_SIZE };
		const rows = await readRows(context, reporting, '/security-activity', 'requests', itemIndex, query);
		addNew(found, rows);
		if (rows.length < PAGE_SIZE) break;
		const next = oldestSecond(rows) + 1;
		if (next >= stop) throw tooManyRows(context, itemIndex);
		stop = next;
	}
	return [...found.values()];
}

/** Whether any was new. */
function addNew(found: Map<string, Fields>, rows: readonly Fields[]): boolean {
	const before = found.size;
	for (const row of rows) found.set(legacyRecordId(row), row);
	return found.size > before;
}

const oldestSecond = (rows: readonly Fields[]): number =>
	Math.floor(Math.min(...rows.map((row) => legacyTime(row) ?? Infinity)) / SECOND);

function tooManyRows(context: ApiContext, itemIndex: number): NodeOperationError {
	return new NodeOperationError(
		context.getNode(),
		`Cisco Umbrella has ${PAGE_SIZE} rows or more within one second, and its legacy API can't give them all`,
		{ description: 'Use the current API.', itemIndex },
	);
}

/** The ten identities that asked most for a domain: `{originId, originType, originLabel, numberOfRequests}`. */
export async function readDestinationIdentities(
	context: ApiContext,
	reporting: LegacyReportingClient,
	domain: string,
	itemIndex: number,
): Promise<Fields[]> {
	const path = `/destinations/${encodeURIComponent(domain)}/identities`;
	return await readRows(context, reporting, path, 'identities', itemIndex);
}

const DESTINATION_PAGE_SIZE = 100;

/** Requests for a domain, newest first, in the form of security activity, harmless ones included. */
export async function readDestinationActivity(
	context: ApiContext,
	reporting: LegacyReportingClient,
	domain: string,
	wanted: number,
	itemIndex: number,
): Promise<Fields[]> {
	const path = `/destinations/${encodeURIComponent(domain)}/activity`;
	const found = new Map<string, Fields>();
	for (let offset = 0; found.size < wanted; ) {
		const limit = Math.min(DESTINATION_PAGE_SIZE, wanted - found.size);
		const rows = await readRows(context, reporting, path, 'requests', itemIndex, { limit, offset });
		if (!addNew(found, rows) || rows.length < limit) break;
		offset += rows.length;
	}
	return [...found.values()];
}

async function readRows(
	context: ApiContext,
	reporting: LegacyReportingClient,
	path: string,
	field: string,
	itemIndex: number,
	query?: ApiCall['query'],
): Promise<Fields[]> {
	const organization = `/v1/organizations/${encodeURIComponent(reporting.organizationId)}`;
	const call: ApiCall = { method: 'GET', path: organization + path, query, itemIndex };
	const answer = await sendJson<unknown>(context, reporting, call);
	return listOf(fieldsOf(answer)[field]);
}
