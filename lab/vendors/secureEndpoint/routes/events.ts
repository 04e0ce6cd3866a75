import { listParameter } from '../../shared/query';
import { misuse } from '../../shared/refusal';
import { single } from '../envelope';
import { EVENT_TYPES } from '../eventTypes';
import type { StoredEvent } from '../events';
import { answerPage, type Call, PAGING, type Route, sha256Argument, timeArgument } from '../route';

type Criterion = (event: StoredEvent) => boolean;

function oneOf(values: readonly string[], pick: (event: StoredEvent) => string | undefined): Criterion[] {
	if (values.length === 0) return [];
	const wanted = new Set(values.map((value) => value.toLowerCase()));
	return [(event) => wanted.has(pick(event)?.toLowerCase() ?? '')];
}

function hashCriterion(
	call: Call,
	name: string,
	pick: (event: StoredEvent) => string | undefined,
): Criterion[] {
	const values = listParameter(call.query, name).map((text) => sha256Argument(text, name));
	return oneOf(values, pick);
}

function typeCriterion(call: Call): Criterion[] {
	const ids = listParameter(call.query, 'event_type');
	const bad = ids.find((id) => !/^\d+$/.test(id));
	if (bad !== undefined) throw misuse(400, 'Invalid parameter: event_type must be a number');
	return oneOf(ids, (event) => String(event.type.id));
}

function startCriterion({ query }: Call): Criterion[] {
	const text = query.get('start_date');
	if (text === null) return [];
	const start = timeArgument(text, 'start_date');
	return [(event) => event.at >= start];
}

/** Different criteria must all hold, repeated ones any. */
function criteria(call: Call): Criterion[] {
	return [
		...hashCriterion(call, 'detection_sha256', (event) => event.detectionSha256),
		...hashCriterion(call, 'application_sha256', (event) => event.applicationSha256),
		...oneOf(listParameter(call.query, 'connector_guid'), (event) => event.connectorGuid),
		...oneOf(listParameter(call.query, 'group_guid'), (event) => event.groupGuid),
		...typeCriterion(call),
		...startCriterion(call),
	];
}

const listEvents: Route = {
	method: 'GET',
	path: '/events',
	query: [
		'detection_sha256',
		'application_sha256',
		'connector_guid',
		'connector_guid[]',
		'group_guid',
		'group_guid[]',
		'event_type',
		'event_type[]',
		'start_date',
		...PAGING,
	],
	handle(call) {
		const all = criteria(call);
		const matches: StoredEvent[] = [];
		for (let index = call.estate.events.length - 1; index >= 0; index -= 1) {
			const event = call.estate.events[index];
			if (event.visibleAt <= call.now && all.every((holds) => holds(event))) matches.push(event);
		}
		return answerPage(call, matches, ({ wire }) => wire, undefined, call.faults);
	},
};

const listEventTypes: Route = {
	method: 'GET',
	path: '/event_types',
	query: PAGING,
	handle: (call) => answerPage(call, EVENT_TYPES, ({ id, name, description }) => ({ id, name, description })),
};

const getVersion: Route = {
	method: 'GET',
	path: '/version',
	handle: (call) => single(call.url, {}),
};

export const eventRoutes: Route[] = [listEvents, listEventTypes, getVersion];
