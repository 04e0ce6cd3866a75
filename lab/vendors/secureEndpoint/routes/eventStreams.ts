import { misuse, Refusal } from '../../shared/refusal';
import { sha256Of } from '../../shared/values';
import { single } from '../envelope';
import type { EventStream } from '../estate';
import { eventTypeById } from '../eventTypes';
import { answerPage, bodyFields, type Call, PAGING, requiredText, type Route, textField } from '../route';

/** Streams that one organisation may have. */
const MAXIMUM = 5;

const FIELDS = ['name', 'event_type', 'group_guid'];

function streamView({ estate }: Call, stream: EventStream, password?: string): Record<string, unknown> {
	return {
		id: stream.id,
		name: stream.name,
		event_types: stream.eventTypes,
		group_guids: stream.groupGuids,
		amqp_credentials: {
			user_name: stream.userName,
			queue_name: stream.queueName,
			...(password ? { password } : {}),
			host: `export-streaming.${new URL(estate.origin).hostname.replace(/^api\./, '')}`,
			port: 443,
			proto: 'https',
		},
	};
}

function streamOf({ estate, params }: Call): EventStream {
	const stream = estate.eventStreams.find(({ id }) => String(id) === params.id);
	if (!stream) throw new Refusal(404, `Event stream not found: ${params.id}`);
	return stream;
}

function eventTypesField(fields: Record<string, unknown>): number[] | undefined {
	const value = fields.event_type;
	if (value === undefined) return undefined;
	const valid = Array.isArray(value) && value.every((id) => typeof id === 'number' && eventTypeById(id));
	if (!valid) throw misuse(400, 'Invalid parameter: event_type must be an array of event type ids');
	return value as number[];
}

function groupsField(call: Call, fields: Record<string, unknown>): string[] | undefined {
	const value = fields.group_guid;
	if (value === undefined) return undefined;
	const known = new Set<unknown>(call.estate.groups.map(({ guid }) => guid));
	if (!Array.isArray(value) || !value.every((guid) => known.has(guid))) {
		throw misuse(400, 'Invalid parameter: group_guid must be an array of group GUIDs');
	}
	return value as string[];
}

const listStreams: Route = {
	method: 'GET',
	path: '/event_streams',
	query: PAGING,
	handle: (call) => answerPage(call, call.estate.eventStreams, (stream) => streamView(call, stream)),
};

const createStream: Route = {
	method: 'POST',
	path: '/event_streams',
	writes: true,
	handle(call) {
		const fields = bodyFields(call, FIELDS, { jsonOnly: true });
		const name = requiredText(fields, 'name');
		const eventTypes = eventTypesField(fields) ?? [];
		const groupGuids = groupsField(call, fields) ?? [];
		const { eventStreams } = call.estate;
		if (eventStreams.length >= MAXIMUM)
			throw new Refusal(409, `At most ${MAXIMUM} event streams are allowed`);
		if (eventStreams.some((stream) => stream.name === name)) {
			throw new Refusal(409, `Event stream name is already taken: ${name}`);
		}
		const id = 1 + Math.max(1000, ...eventStreams.map((stream) => stream.id));
		const userName = `${id}-${sha256Of(`stream user ${id}`).slice(0, 20)}`;
		const stream = { id, name, eventTypes, groupGuids, userName, queueName: `event_stream_${id}` };
		eventStreams.push(stream);
		return single(call.url, streamView(call, stream, sha256Of(`stream password ${id}`).slice(0, 40)), 201);
	},
};

const getStream: Route = {
	method: 'GET',
	path: '/event_streams/:id',
	handle: (call) => single(call.url, streamView(call, streamOf(call))),
};

const updateStream: Route = {
	method: 'PATCH',
	path: '/event_streams/:id',
	writes: true,
	handle(call) {
		const stream = streamOf(call);
		const fields = bodyFields(call, FIELDS, { jsonOnly: true });
		stream.name = textField(fields, 'name') ?? stream.name;
		stream.eventTypes = eventTypesField(fields) ?? stream.eventTypes;
		stream.groupGuids = groupsField(call, fields) ?? stream.groupGuids;
		return single(call.url, streamView(call, stream));
	},
};

const deleteStream: Route = {
	method: 'DELETE',
	path: '/event_streams/:id',
	writes: true,
	handle(call) {
		const { eventStreams } = call.estate;
		eventStreams.splice(eventStreams.indexOf(streamOf(call)), 1);
		return single(call.url, {});
	},
};

export const eventStreamRoutes: Route[] = [listStreams, createStream, getStream, updateStream, deleteStream];
