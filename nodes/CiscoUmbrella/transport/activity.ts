import { NodeOperationError } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import type { ActivityQuery } from '../activityPlan';
import { fieldsOf, type Fields, recordId, timeOf } from '../records';
import type { TimeWindow } from '../../shared/pollState';
import type { ReportsClient } from './client';
import { readReport } from './reports';

/** Records per call. The server allows 5000, but not every warehouse answers that in time. */
const PAGE_SIZE = 1_000;

/** The server refuses to go further into a report; the span is split in two instead. */
const MAX_OFFSET = 10_000;

/** Spans are not split below this; records carry whole seconds. */
const SMALLEST_WINDOW_MS = 2_000;

/**
 * Records of one report, each once, until the report ends or `wanted` are read.
 * A page that is not full is the last one.
 *
 * @param wanted `Infinity` for all
 * @throws NodeOperationError when more records fall into two seconds than the server pages through.
 */
export async function readActivity(
	context: ApiContext,
	reports: ReportsClient,
	query: ActivityQuery,
	window: TimeWindow,
	wanted: number,
	itemIndex?: number,
): Promise<Fields[]> {
	const found = new Map<string, Fields>();
	await readWindow({ context, reports, query, wanted, itemIndex, found }, window);
	return [...found.values()];
}

interface Reading {
	context: ApiContext;
	reports: ReportsClient;
	query: ActivityQuery;
	wanted: number;
	itemIndex?: number;
	found: Map<string, Fields>;
}

async function readWindow(reading: Reading, window: TimeWindow): Promise<void> {
	const limit = Math.min(PAGE_SIZE, reading.wanted);
	const ids = new Set<string>();
	for (let offset = 0; reading.found.size < reading.wanted; ) {
		const page = await readPage(reading, window, limit, offset);
		const before = ids.size;
		for (const record of page) {
			const id = recordId(record);
			ids.add(id);
			reading.found.set(id, record);
		}
		if (page.length < limit) return;
		const isNew = ids.size > before;
		offset += isNew ? page.length - recordsOfLastSecond(page) : page.length;
		if (offset > MAX_OFFSET) {
			if (isNew) await readHalves(reading, window);
			return;
		}
	}
}

/** Both halves again from the start: what was read already is recognised. The halves share the middle. */
async function readHalves(reading: Reading, { from, to }: TimeWindow): Promise<void> {
	if (to - from < SMALLEST_WINDOW_MS) {
		throw new NodeOperationError(
			reading.context.getNode(),
			`Cisco Umbrella has more than ${MAX_OFFSET} records within two seconds, and can't give them all`,
			{ description: 'Narrow the report with filters.', itemIndex: reading.itemIndex },
		);
	}
	const middle = Math.floor((from + to) / 2);
	await readWindow(reading, { from, to: middle + 1 });
	await readWindow(reading, { from: middle - 1, to });
}

async function readPage(
	{ context, reports, query, itemIndex }: Reading,
	{ from, to }: TimeWindow,
	limit: number,
	offset: number,
): Promise<Fields[]> {
	const span = { from: String(from), to: String(to) };
	const records = await readReport<unknown>(
		context,
		reports,
		query.path,
		{ ...span, limit, offset, ...query.query },
		{ headers: query.headers, itemIndex },
	);
	return records.map(fieldsOf);
}

/**
 * How many records at the end of the page are of the same second. Their order is not stable, so the next page
 * starts with them again. None when the whole page is of one second.
 */
function recordsOfLastSecond(page: readonly Fields[]): number {
	const second = (record: Fields) => Math.floor((timeOf(record) ?? 0) / 1_000);
	const last = second(page[page.length - 1]);
	const start = page.findLastIndex((record) => second(record) !== last) + 1;
	return start === 0 ? 0 : page.length - start;
}
