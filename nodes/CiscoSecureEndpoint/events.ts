import type { IDataObject } from 'n8n-workflow';
import type { ApiCall, ApiContext, QueryValue } from '../shared/http';
import { eventTimeMs } from './detections';
import type { SecureEndpointClient } from './transport/client';
import { getMany, MAX_RESULTS, pages, rowsOf, tooManyResults } from './transport/pages';

/** Up to so many events are read whole, at 500 a call, even when only some of them are wanted. */
const READ_WHOLE = 5_000;

/** What to read. Several values of one criterion widen the search, several criteria narrow it. */
export interface EventFilter {
	/** Epoch ms, inclusive; the API counts in whole seconds. */
	afterMs?: number;
	/** Epoch ms, inclusive. The API has no such filter: it is applied to the answer. */
	untilMs?: number;
	eventTypes?: string[];
	groupGuids?: string[];
	connectorGuids?: string[];
	detectionSha256?: string;
	applicationSha256?: string;
}

export type VendorEvent = IDataObject;

/** An event that was read: what orders it and tells it from others, and what the caller makes of it. */
interface ReadEvent<T> {
	atMs: number;
	id: string;
	/** The same for the same event on two pages. */
	key: string;
	value: T;
}

/** {@link readEventsAs} they are. */
export async function readEvents(
	context: ApiContext,
	client: SecureEndpointClient,
	filter: EventFilter,
	wanted: number,
	itemIndex?: number,
): Promise<VendorEvent[]> {
	return await readEventsAs(context, client, filter, wanted, (event) => event, itemIndex);
}

/**
 * Events, oldest first, each once. Of every page only what `convert` makes is kept in memory.
 *
 * @param wanted with a start time the oldest so many since then, so that a later call can go on from there;
 *   without one the newest so many
 */
export async function readEventsAs<T>(
	context: ApiContext,
	client: SecureEndpointClient,
	filter: EventFilter,
	wanted: number,
	convert: (event: VendorEvent) => T,
	itemIndex?: number,
): Promise<T[]> {
	const call: ApiCall = { method: 'GET', path: '/v1/events', query: eventQuery(filter), itemIndex };
	const inTime = (event: VendorEvent) => (eventTimeMs(event) ?? 0) <= (filter.untilMs ?? Infinity);
	const take = (events: VendorEvent[]) => events.map((event) => asRead(event, convert));
	if (filter.afterMs === undefined) {
		const keep = filter.untilMs === undefined ? undefined : inTime;
		const newest = await getMany(context, client, call, wanted, keep);
		return oldestFirst(take(newest));
	}
	const limits = { wanted, untilMs: filter.untilMs };
	const found = await readSince(context, client, call, limits, (events) => take(events.filter(inTime)));
	return oldestFirst(found).slice(0, wanted);
}

function asRead<T>(event: VendorEvent, convert: (event: VendorEvent) => T): ReadEvent<T> {
	return {
		atMs: eventTimeMs(event) ?? 0,
		id: String(event.id),
		key: JSON.stringify(event.id ?? event),
		value: convert(event),
	};
}

/** Query of `GET /v1/events`. Times have an explicit offset, as the API writes them. */
export function eventQuery(filter: EventFilter): Record<string, QueryValue> {
	return {
		start_date: filter.afterMs === undefined ? undefined : apiTime(filter.afterMs),
		'event_type[]': filter.eventTypes,
		'group_guid[]': filter.groupGuids,
		'connector_guid[]': filter.connectorGuids,
		detection_sha256: filter.detectionSha256,
		application_sha256: filter.applicationSha256,
	};
}

/** `2026-01-31T12:00:00+00:00`. */
export function apiTime(ms: number): string {
	return new Date(ms).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}

/**
 * The events that a start time leaves, in any order, the oldest `wanted` among them. The API gives the newest first,
 * so the oldest of very many are on the last pages. The documentation does not promise that order, and late events
 * break it: hence the look at the first page, and no short cut where all can be read.
 */
async function readSince<T>(
	context: ApiContext,
	client: SecureEndpointClient,
	call: ApiCall,
	{ wanted, untilMs }: { wanted: number; untilMs?: number },
	take: (events: VendorEvent[]) => T[],
): Promise<T[]> {
	const found: T[] = [];
	let isFirst = true;
	for await (const { data, metadata } of pages<VendorEvent[]>(context, client, call)) {
		const total = metadata?.results?.total ?? 0;
		if (isFirst && total > Math.max(wanted, READ_WHOLE)) {
			if (!isNewestFirst(rowsOf(data))) return take(await getMany(context, client, call, wanted));
			const lastPages = { ...call, query: { ...call.query, offset: total - wanted } };
			return take(await getMany(context, client, lastPages, Infinity));
		}
		if (isFirst && total > MAX_RESULTS && untilMs !== undefined && isNewestFirst(rowsOf(data)))
			return await readUntil(context, client, call, untilMs, total, take);
		isFirst = false;
		found.push(...take(rowsOf(data)));
	}
	return found;
}

/**
 * The events up to a time, of more than can be read. They are on the last pages: single events tell from which on.
 * Events that come meanwhile move them on, hence the pages are read to the very end.
 */
async function readUntil<T>(
	context: ApiContext,
	client: SecureEndpointClient,
	call: ApiCall,
	untilMs: number,
	total: number,
	take: (events: VendorEvent[]) => T[],
): Promise<T[]> {
	const last = (count: number): ApiCall => ({ ...call, query: { ...call.query, offset: total - count } });
	const newestMs = async (count: number) => eventTimeMs((await getMany(context, client, last(count), 1))[0]) ?? 0;
	let count = READ_WHOLE;
	while ((await newestMs(count)) <= untilMs) {
		if (count === MAX_RESULTS) throw tooManyResults(context, call);
		count = Math.min(2 * count, MAX_RESULTS);
	}
	const found: T[] = [];
	for await (const { data } of pages<VendorEvent[]>(context, client, last(count))) found.push(...take(rowsOf(data)));
	return found;
}

/** By most neighbours, so that single late events do not decide. */
function isNewestFirst(events: VendorEvent[]): boolean {
	const times = events.map((event) => eventTimeMs(event) ?? 0);
	const steps = times.slice(1).map((time, i) => Math.sign(times[i] - time));
	return steps.reduce((sum, step) => sum + step, 0) >= 0;
}

/** By time, then by id; events that moved to another page while pages were read come out once. */
function oldestFirst<T>(events: ReadEvent<T>[]): T[] {
	const once = new Map(events.map((event) => [event.key, event]));
	return [...once.values()].sort((a, b) => a.atMs - b.atMs || a.id.localeCompare(b.id)).map(({ value }) => value);
}
