import type {
	IDataObject,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { listParameter } from '../shared/identity';
import { eventTypesField, groupsField } from './actions/fields';
import { toDetections } from './detections';
import { readEvents, type EventFilter, type VendorEvent } from './events';
import { ciscoRtcSecureEndpointApiTest } from './methods/credentialTest';
import * as loadOptions from './methods/loadOptions';
import { isOverdue, takeNew, wholeSecond, type PollState } from './polling';
import { connect, type SecureEndpointClient } from './transport/client';

/** Events of one poll at most; what is left comes with the next polls, oldest first. */
const EVENTS_PER_POLL = 5_000;
const SAMPLE_SIZE = 10;
const MINUTE_MS = 60_000;

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
				options: [
					{
						displayName: 'Alarm After Minutes Without Events',
						name: 'alarmWithoutEvents',
						type: 'number',
						typeOptions: { minValue: 0 },
						default: 0,
						description:
							'Fail one execution when no event came for so long, and again after the same time. 0 never does.',
					},
					{
						displayName: 'Alarm After Minutes Without Success',
						name: 'alarmWithoutSuccess',
						type: 'number',
						typeOptions: { minValue: 0 },
						default: 0,
						description:
							'How long polls may fail before an execution fails for it. 0 fails one at every poll that fails.',
					},
					{
						displayName: 'Include Event',
						name: 'includeEvent',
						type: 'boolean',
						default: false,
						description: 'Whether each detection carries the event of Secure Endpoint in its field raw',
					},
					{
						displayName: 'Overlap (Minutes)',
						name: 'overlapMinutes',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 1440 },
						default: 10,
						description:
							'How far each poll looks back behind the newest event, for events that arrive late. Events that were emitted are not emitted again.',
					},
				],
			},
		],
	};

	methods = { credentialTest: { ciscoRtcSecureEndpointApiTest }, loadOptions };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const client = await connect(this);
		if (this.getMode() === 'manual') return await sample(this, client);
		const state = this.getWorkflowStaticData('node') as PollState;
		const now = Date.now();
		try {
			const items = await pollOnce(this, client, state, now);
			state.lastSuccessAt = now;
			if (items.length > 0) state.lastSignAt = now;
			raiseIfSilent(this, state, now);
			return items.length > 0 ? [items] : null;
		} catch (error) {
			if (isTolerated(this, state, now, error as Error)) return null;
			throw asNodeError(this, error as Error);
		}
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

async function pollOnce(
	context: IPollFunctions,
	client: SecureEndpointClient,
	state: PollState,
	now: number,
): Promise<INodeExecutionData[]> {
	if (state.position === undefined) {
		await readEvents(context, client, filterOf(context), 1);
		Object.assign(state, { startedAt: now, position: now, seen: {}, lastSignAt: now });
		return [];
	}
	const seen = state.seen ?? {};
	const overlapMs = (context.getNodeParameter('options.overlapMinutes', 10) as number) * MINUTE_MS;
	const afterMs = wholeSecond(Math.max(state.startedAt ?? 0, state.position - overlapMs));
	const filter = { ...filterOf(context), afterMs };
	const events = await readEvents(context, client, filter, EVENTS_PER_POLL + Object.keys(seen).length);
	const taken = takeNew({ position: state.position, seen }, events, eventKey, overlapMs, now);
	const items = toItems(context, client, taken.fresh);
	Object.assign(state, { position: taken.position, seen: taken.seen });
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

function raiseIfSilent(context: IPollFunctions, state: PollState, now: number): void {
	const minutes = context.getNodeParameter('options.alarmWithoutEvents', 0) as number;
	if (!isOverdue(state.lastSignAt ?? now, now, minutes)) return;
	state.lastSignAt = now;
	throw new NodeOperationError(
		context.getNode(),
		`Secure Endpoint has reported no event for ${minutes} minutes`,
		{
			description:
				'Check that connectors are online and that the filters of this trigger are not too narrow.',
		},
	);
}

/** Silence is never tolerated, and neither is a first poll that fails: the workflow must not look active then. */
function isTolerated(context: IPollFunctions, state: PollState, now: number, error: Error): boolean {
	if (state.lastSuccessAt === undefined || state.lastSuccessAt === now) return false;
	const minutes = context.getNodeParameter('options.alarmWithoutSuccess', 0) as number;
	const tolerated = minutes > 0 && !isOverdue(state.lastSuccessAt, now, minutes);
	if (tolerated) context.logger.warn(`Secure Endpoint could not be polled: ${error.message}`);
	return tolerated;
}

function asNodeError(context: IPollFunctions, error: Error): Error {
	return 'node' in error ? error : new NodeOperationError(context.getNode(), error);
}
