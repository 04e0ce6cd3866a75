import type { IDataObject } from 'n8n-workflow';
import type { ApiContext } from '../shared/http';
import { objectsIn } from '../shared/json';
import type { TimeWindow } from '../shared/pollState';
import { activityOf } from './detections';
import { searchTime, upToSecond } from './times';
import type { NetworkAnalyticsClient } from './transport/client';
import { type JobOptions, runJob, SECURITY_EVENTS } from './transport/jobs';

/** Hosts are looked for on one side of an event each. */
export interface HostFilter {
	ipAddress: string;
	type: 'source' | 'target';
}

/** What to look for; empty lists stand for everything. */
export interface EventFilter {
	typeIds: readonly string[];
	hosts: readonly HostFilter[];
}

/**
 * Security events that were active within a span of time, oldest first, by when they began. An event that began
 * before the span or goes on after it is among them; one that is over before or begins after is not, whatever the
 * manager answers.
 */
export async function readSecurityEvents(
	context: ApiContext,
	client: NetworkAnalyticsClient,
	window: TimeWindow,
	filter: EventFilter,
	options: JobOptions,
): Promise<IDataObject[]> {
	const found = await runJob(context, client, SECURITY_EVENTS, eventQuery(window, filter), options);
	return objectsIn(found.results).filter((event) => wasActiveIn(event, window)).sort(byStart);
}

/** Body of POST …/security-events/queries. Only the time is mandatory; ids are numbers there. */
export function eventQuery(window: TimeWindow, { typeIds, hosts }: EventFilter): object {
	return {
		timeRange: { from: searchTime(window.from), to: searchTime(upToSecond(window.to)) },
		...(typeIds.length > 0 && { securityEventTypeIds: typeIds.map(Number) }),
		...(hosts.length > 0 && { hosts }),
	};
}

/** Whether an event's activity touches the span. Times that are missing exclude nothing. */
function wasActiveIn(event: unknown, { from, to }: TimeWindow): boolean {
	const { firstActiveMs, lastActiveMs = firstActiveMs } = activityOf(event);
	return (firstActiveMs ?? to) <= to && (lastActiveMs ?? from) >= wholeSecond(from);
}

/** Events carry whole seconds. */
const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

function byStart(a: IDataObject, b: IDataObject): number {
	return (activityOf(a).firstActiveMs ?? 0) - (activityOf(b).firstActiveMs ?? 0);
}
