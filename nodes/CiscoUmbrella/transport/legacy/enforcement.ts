import { type ApiCall, type ApiContext, pause, send, sendJson } from '../../../shared/http';
import { inBatches } from '../../destinations';
import type { EnforcementClient } from './client';

/** A domain to block, in Cisco's generic event format. Times as `2013-02-08T09:30:26.0Z`. */
export interface EnforcementEvent {
	alertTime: string;
	deviceId: string;
	deviceVersion: string;
	dstDomain: string;
	dstUrl: string;
	eventTime: string;
	protocolVersion: string;
	providerName: string;
}

/** `lastSeenAt` in epoch seconds. */
export interface EnforcedDomain {
	id: number;
	name: string;
	lastSeenAt?: number;
}

/** Domains that may be sent in a minute, and rows that one page has at most. */
const BATCH_SIZE = 200;
const PAGE_SIZE = 200;

/**
 * Hands events over, at most 200 in one call and in one minute. To hand an event over again does no harm.
 *
 * @returns the ids under which Umbrella accepted them, one per call
 */
export async function sendEvents(
	context: ApiContext,
	enforcement: EnforcementClient,
	events: readonly EnforcementEvent[],
	itemIndex: number,
): Promise<string[]> {
	const ids: string[] = [];
	for (const batch of inBatches(events, BATCH_SIZE)) {
		const sent = await bookDomains(context, enforcement, batch.length);
		const call = keyed(enforcement, {
			method: 'POST',
			path: '/events',
			body: batch,
			idempotent: true,
			itemIndex,
		});
		const answer = await sendJson<{ id?: string } | undefined>(context, enforcement, call);
		sent();
		if (answer?.id !== undefined) ids.push(String(answer.id));
	}
	return ids;
}

/** Domains that the integration blocks, until `wanted`. Pages by number: the server's links carry the key. */
export async function listDomains(
	context: ApiContext,
	enforcement: EnforcementClient,
	wanted: number,
	itemIndex: number,
): Promise<EnforcedDomain[]> {
	const domains: EnforcedDomain[] = [];
	for (let page = 1; domains.length < wanted; page++) {
		const query = { page, limit: PAGE_SIZE };
		const call = keyed(enforcement, { method: 'GET', path: '/domains', query, itemIndex });
		const answer = await sendJson<DomainPage | undefined>(context, enforcement, call);
		domains.push(...(answer?.data ?? []));
		if (!answer?.meta?.next) break;
	}
	return domains.slice(0, wanted);
}

interface DomainPage {
	/** `next` is `false` on the last page, else a link. */
	meta?: { next?: string | boolean };
	data?: EnforcedDomain[];
}

/** @returns whether the domain was blocked until now */
export async function deleteDomain(
	context: ApiContext,
	enforcement: EnforcementClient,
	nameOrId: string,
	itemIndex: number,
): Promise<boolean> {
	const path = `/domains/${encodeURIComponent(nameOrId)}`;
	const call = keyed(enforcement, { method: 'DELETE', path, accept: [404], itemIndex });
	const response = await send(context, enforcement, call);
	return response.status !== 404;
}

function keyed(enforcement: EnforcementClient, call: ApiCall): ApiCall {
	const query = { ...call.query, customerKey: enforcement.customerKey };
	return { ...call, path: `/1.0${call.path}`, query };
}

/**
 * Books domains and waits until the last of them may go.
 *
 * @returns notes that they went just now, which is when they count
 */
async function bookDomains(
	context: ApiContext,
	{ domainQuota }: EnforcementClient,
	domains: number,
): Promise<() => void> {
	const now = Date.now();
	const booked = Array.from({ length: domains }, () => now + domainQuota.reserve(now));
	const wait = booked[domains - 1] - now;
	if (wait > 0) await pause(context, wait);
	return () => booked.forEach((time) => domainQuota.move(time, Date.now()));
}
