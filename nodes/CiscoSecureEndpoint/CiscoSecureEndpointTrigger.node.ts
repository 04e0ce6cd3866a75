import type {
	IDataObject,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { listParameter } from '../shared/identity';
import { pollOptions, pollSettings } from '../shared/pollOptions';
import type { PollState } from '../shared/pollState';
import { pollWithAlarms, type PolledProduct, type PollSettings } from '../shared/pollTrigger';
import { eventTypesField, groupsField } from './actions/fields';
import { toDetections } from './detections';
import { readEvents, type EventFilter, type VendorEvent } from './events';
import { ciscoRtcSecureEndpointApiTest } from './methods/credentialTest';
import * as loadOptions from './methods/loadOptions';
import { takeNew, wholeSecond } from './polling';
import { connect, type SecureEndpointClient } from './transport/client';

/** Events of one poll at most; what is left comes with the next polls, oldest first. */
const EVENTS_PER_POLL = 5_000;
const SAMPLE_SIZE = 10;

const PRODUCT: PolledProduct = {
	product: 'Secure Endpoint',
	silenceAdvice: 'Check that connectors are online and that the filters of this trigger are not too narrow',
};

/** Starts a workflow for new events of Cisco Secure Endpoint. */
export class CiscoSecureEndpointTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Secure Endpoint Trigger',
		name: 'ciscoSecureEndpointTrigger',
		icon: { light: 'file:secureEndpoint.svg', dark: 'file:secureEndpoint.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["output"] }}',
		description: 'Starts the workflow when Cisco Secure Endpoint reports new events',
		defaults: { name: 'Cisco Secure Endpoint Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'ciscoRtcSecureEndpointApi',
				required: true,
				testedBy: 'ciscoRtcSecureEndpointApiTest',
			},
		],
		properties: [
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
			eventTypesField,
			groupsField,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: pollOptions(
					{
						source: 'Secure Endpoint',
						reported: 'event',
						late: 'events that connectors report late. Those of a computer that was offline come with their own time: 1440 minutes find what is a day old',
					},
					[
						{
							displayName: 'Include Event',
							name: 'includeEvent',
							type: 'boolean',
							default: false,
							description: 'Whether each detection carries the event of Secure Endpoint in its field raw',
						},
					],
				),
			},
		],
	};

	methods = { credentialTest: { ciscoRtcSecureEndpointApiTest }, loadOptions };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		if (this.getMode() === 'manual') return await sample(this, await connect(this));
		const settings = pollSettings(this.getNodeParameter('options', {}) as IDataObject);
		return await pollWithAlarms(this, settings, PRODUCT, async (stored) => await readNew(this, settings, stored));
	}
}

/** The newest events there are, for building a workflow. Leaves the state alone. */
async function sample(
	context: IPollFunctions,
	client: SecureEndpointClient,
): Promise<INodeExecutionData[][]> {
	const events = await readEvents(context, client, filterOf(context), SAMPLE_SIZE);
	if (events.length > 0) return [toItems(context, client, events)];
	throw new NodeOperationError(context.getNode(), 'There are no events with these filters', {
		description: 'Take away a filter, or make Secure Endpoint report something.',
	});
}

/** What was not emitted before, oldest first. The API knows no end of a span, so the state follows the events. */
async function readNew(
	context: IPollFunctions,
	{ overlapMs, lookbackMs }: PollSettings,
	stored: PollState,
): Promise<INodeExecutionData[]> {
	const client = await connect(context);
	const now = Date.now();
	const floor = stored.floor ?? now - lookbackMs;
	const { position = floor, seen = {} } = stored;
	const filter = { ...filterOf(context), afterMs: wholeSecond(Math.max(floor, position - overlapMs)) };
	const events = await readEvents(context, client, filter, EVENTS_PER_POLL + Object.keys(seen).length);
	const { fresh, ...taken } = takeNew({ position, seen }, events, eventKey, overlapMs, now);
	const items = toItems(context, client, fresh);
	Object.assign(stored, { floor, ...taken });
	if (fresh.length > 0) Object.assign(stored, { lastDetectionAt: now, silenceAlarmed: false });
	else stored.lastDetectionAt ??= now;
	return items;
}

function filterOf(context: IPollFunctions): EventFilter {
	return {
		eventTypes: listParameter(context.getNodeParameter('eventTypes', [])),
		groupGuids: listParameter(context.getNodeParameter('groups', [])),
	};
}

function toItems(
	context: IPollFunctions,
	client: SecureEndpointClient,
	events: VendorEvent[],
): INodeExecutionData[] {
	if (context.getNodeParameter('output') === 'events') return events.map((json) => ({ json }));
	const keepRaw = context.getNodeParameter('options.includeEvent', false) as boolean;
	const detections = events.flatMap((event) =>
		toDetections(event, { consoleUrl: client.consoleUrl, keepRaw }),
	);
	return (detections as unknown as IDataObject[]).map((json) => ({ json }));
}

/** The detection's id, which is there for every event and the same at every poll. */
function eventKey(event: VendorEvent): string {
	return toDetections(event)[0]?.id ?? JSON.stringify(event);
}
