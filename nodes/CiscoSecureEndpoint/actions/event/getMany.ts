import type { IDataObject } from 'n8n-workflow';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { listParameter } from '../../../shared/identity';
import { toDetections } from '../../detections';
import { readEvents, readEventsAs, type EventFilter, type VendorEvent } from '../../events';
import { optionalTime, sha256Of } from '../../parameters';
import { eventTypesField, groupsField, type Execute, type SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const filters = this.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const hash = (value: unknown) => (value ? sha256Of(this, value, itemIndex) : undefined);
	const filter: EventFilter = {
		afterMs: optionalTime(this, filters.receivedAfter, 'Received After', itemIndex),
		untilMs: optionalTime(this, filters.until, 'Until', itemIndex),
		eventTypes: listParameter(filters.eventTypes),
		groupGuids: listParameter(filters.groups),
		connectorGuids: listParameter(filters.connectorGuids),
		detectionSha256: hash(filters.detectionSha256),
		applicationSha256: hash(filters.applicationSha256),
	};
	const wanted = wantedCount(this, itemIndex);
	if (this.getNodeParameter('output', itemIndex) === 'events') {
		return await readEvents(this, client, filter, wanted, itemIndex);
	}
	const keepRaw = this.getNodeParameter('options.includeEvent', itemIndex, false) as boolean;
	const convert = (event: VendorEvent) => toDetections(event, { consoleUrl: client.consoleUrl, keepRaw });
	const detections = await readEventsAs(this, client, filter, wanted, convert, itemIndex);
	return detections.flat() as unknown as IDataObject[];
};

/** GET /v1/events */
export const getMany: SecureEndpointOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many events, oldest first, as detections for the Penalty Ledger or as they are',
		action: 'Get many events',
	},
	fields: [
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			options: [
				{
					name: 'Detections',
					value: 'detections',
					description: 'One form for all products, as the Penalty Ledger takes it',
				},
				{ name: 'Events', value: 'events', description: 'As Secure Endpoint sends them' },
			],
			default: 'detections',
			description: 'What each item holds',
		},
		...returnAllFields('event', ['getMany']),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Application SHA-256',
					name: 'applicationSha256',
					type: 'string',
					default: '',
					description: 'Only events in which a program with this hash took part',
				},
				{
					displayName: 'Connector GUID',
					name: 'connectorGuids',
					type: 'string',
					default: '',
					description: 'Only events of these computers: one GUID, several with commas between, or an array',
				},
				{
					displayName: 'Detection SHA-256',
					name: 'detectionSha256',
					type: 'string',
					default: '',
					description: 'Only events in which a file with this hash was detected',
				},
				eventTypesField,
				groupsField,
				{
					displayName: 'Received After',
					name: 'receivedAfter',
					type: 'dateTime',
					default: '',
					description:
						'Only events at or after this time. With a limit, the oldest ones since then are returned.',
				},
				{
					displayName: 'Until',
					name: 'until',
					type: 'dateTime',
					default: '',
					description: 'Only events up to this time',
				},
			],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			displayOptions: { show: { output: ['detections'] } },
			options: [
				{
					displayName: 'Include Event',
					name: 'includeEvent',
					type: 'boolean',
					default: false,
					description: 'Whether each detection carries the event of Secure Endpoint in its field raw',
				},
			],
		},
	],
	execute,
};
