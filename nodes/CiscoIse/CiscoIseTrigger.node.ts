import type {
	IDataObject,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { usableMac } from '../shared/identity';
import { addressList } from './addresses';
import { ciscoRtcPxGridApiTest } from './methods/credentialTest';
import { requiredPxGrid, type PxGrid } from './pxgrid/client';
import { EventReader, type EventPosition, type PxGridEvent } from './pxgrid/events';
import { runFeed, type FeedParts } from './pxgrid/feed';
import { connectToPubsub, type EventKind } from './pxgrid/subscription';

/** What the user chose. */
interface Choice {
	kinds: EventKind[];
	macs: Set<string>;
	sessionStates: Set<string>;
	ancStatuses: Set<string>;
	simplify: boolean;
}

/** Starts a workflow when pxGrid of Cisco ISE publishes something. */
export class CiscoIseTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco ISE Trigger',
		name: 'ciscoIseTrigger',
		icon: { light: 'file:ise.svg', dark: 'file:ise.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["events"].join(", ")}}',
		description: 'Starts the workflow when Cisco ISE publishes a session or a quarantine over pxGrid',
		defaults: { name: 'Cisco ISE Trigger' },
		eventTriggerDescription: '',
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ciscoRtcPxGridApi', required: true, testedBy: 'ciscoRtcPxGridApiTest' }],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				options: [
					{
						name: 'ANC Status',
						value: 'ancStatus',
						description: 'An ANC policy was applied to an endpoint or cleared, by anybody',
					},
					{
						name: 'Session Change',
						value: 'session',
						description: 'An endpoint connected, changed or disconnected',
					},
				],
				required: true,
				default: ['session'],
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'ANC Statuses',
						name: 'ancStatuses',
						type: 'multiOptions',
						options: [
							{ name: 'Failure', value: 'FAILURE' },
							{ name: 'Running', value: 'RUNNING' },
							{ name: 'Success', value: 'SUCCESS' },
						],
						default: [],
						description: 'Only ANC events with one of these statuses. Leave empty for all.',
					},
					{
						displayName: 'MAC Addresses',
						name: 'macAddresses',
						type: 'string',
						default: '',
						placeholder: 'e.g. 00:50:56:8B:95:4A, 00:50:56:8B:95:4B',
						description: 'Only events of these endpoints, separated by commas. Leave empty for all.',
					},
					{
						displayName: 'Session States',
						name: 'sessionStates',
						type: 'multiOptions',
						options: [
							{ name: 'Authenticated', value: 'AUTHENTICATED' },
							{ name: 'Authenticating', value: 'AUTHENTICATING' },
							{ name: 'Disconnected', value: 'DISCONNECTED' },
							{ name: 'Postured', value: 'POSTURED' },
							{ name: 'Started', value: 'STARTED' },
						],
						default: [],
						description: 'Only session events with one of these states. Leave empty for all.',
					},
					{
						displayName: 'Simplify',
						name: 'simplify',
						type: 'boolean',
						default: true,
						description: 'Whether to return a simplified version of the response instead of the raw data',
					},
				],
			},
		],
	};

	methods = { credentialTest: { ciscoRtcPxGridApiTest } };

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const choice = readChoice(this);
		const pxGrid = await requiredPxGrid(this);
		const stop = new AbortController();
		const isManual = this.getMode() === 'manual';
		let running: Promise<void> = Promise.resolve();
		const start = async () => {
			const feed = startFeed(this, pxGrid, choice, isManual, stop);
			running = feed.ended;
			await feed.started;
		};
		if (!isManual) await start();
		return {
			closeFunction: async () => {
				stop.abort();
				await running;
			},
			...(isManual && { manualTriggerFunction: start }),
		};
	}
}

function readChoice(context: ITriggerFunctions): Choice {
	const kinds = context.getNodeParameter('events', []) as EventKind[];
	const options = context.getNodeParameter('options', {}) as IDataObject;
	if (kinds.length === 0) {
		throw new NodeOperationError(context.getNode(), 'The field "Events" is empty', {
			description: 'Choose at least one kind of event.',
		});
	}
	const macs = addressList(options.macAddresses).map((text) => {
		const mac = usableMac(text);
		if (mac !== undefined) return mac;
		throw new NodeOperationError(
			context.getNode(),
			`"${text}" in the option "MAC Addresses" is not the MAC address of an endpoint`,
		);
	});
	return {
		kinds,
		macs: new Set(macs),
		sessionStates: new Set(options.sessionStates as string[] | undefined),
		ancStatuses: new Set(options.ancStatuses as string[] | undefined),
		simplify: options.simplify !== false,
	};
}

/**
 * Runs the subscription in the background. `started` is rejected when the first connection fails, so that the
 * workflow does not become active without anybody listening; later `emitError` tells when it gives up.
 */
function startFeed(
	context: ITriggerFunctions,
	pxGrid: PxGrid,
	choice: Choice,
	isManual: boolean,
	stop: AbortController,
): { started: Promise<void>; ended: Promise<void> } {
	const kept = isManual ? {} : (context.getWorkflowStaticData('node') as EventPosition);
	const reader: EventReader = new EventReader(
		pxGrid,
		choice.kinds,
		kept,
		(events) => {
			Object.assign(kept, reader.position());
			const items = toItems(events, choice);
			if (items.length > 0) context.emit([items]);
		},
		Date.now,
	);
	let isStarted = false;
	let ended: Promise<void> = Promise.resolve();
	const started = new Promise<void>((resolve, reject) => {
		const onStarted = () => {
			isStarted = true;
			Object.assign(kept, reader.position());
			resolve();
		};
		const onGivenUp = (error: Error) => {
			const failure = asNodeError(context, error);
			if (isStarted) context.emitError(failure);
			else reject(failure);
		};
		const parts = feedParts(context, pxGrid, choice, reader, () => isStarted);
		ended = runFeed(parts, stop.signal, onStarted).then(resolve, onGivenUp);
	});
	return { started, ended };
}

function feedParts(
	context: ITriggerFunctions,
	pxGrid: PxGrid,
	choice: Choice,
	reader: EventReader,
	isStarted: () => boolean,
): FeedParts {
	return {
		connect: async (attempt, signal) => {
			reader.hold();
			const receive = (kind: EventKind, body: string) => reader.receive(kind, body);
			return await connectToPubsub(pxGrid, choice.kinds, receive, attempt, signal);
		},
		recover: async () => await reader.recover(),
		isFinal: (error) => !isStarted() || isAccountRefusal(error),
		onTrouble: (error, waitMs) =>
			context.logger.warn(
				`Cisco ISE Trigger: ${error.message}. Connecting again in ${Math.ceil(waitMs / 1_000)} s.`,
			),
		wait: waitUnlessAborted,
		now: Date.now,
		random: Math.random,
	};
}

function toItems(events: PxGridEvent[], choice: Choice): INodeExecutionData[] {
	return events.filter((event) => isWanted(event, choice)).map((event) => ({ json: toJson(event, choice) }));
}

function isWanted(event: PxGridEvent, { macs, sessionStates, ancStatuses }: Choice): boolean {
	const isIn = (wanted: Set<string>, value: string | null) =>
		wanted.size === 0 || (value !== null && wanted.has(value));
	return event.kind === 'session'
		? isIn(macs, event.record.session.macAddress) && isIn(sessionStates, event.record.session.state)
		: isIn(macs, event.status.macAddress) && isIn(ancStatuses, event.status.status);
}

function toJson(event: PxGridEvent, { simplify }: Choice): IDataObject {
	const { kind, recovered } = event;
	if (kind === 'session') {
		const { session, raw } = event.record;
		return { event: kind, recovered, ...(simplify ? { ...session } : raw) };
	}
	return { event: kind, recovered, ...(simplify ? { ...event.status } : (event.raw ?? { ...event.status })) };
}

function isAccountRefusal(error: Error): boolean {
	return error instanceof NodeApiError && ['401', '403'].includes(error.httpCode ?? '');
}

function asNodeError(context: ITriggerFunctions, error: Error): Error {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	return new NodeOperationError(context.getNode(), `pxGrid can't be reached: ${error.message}`, {
		description: 'Check the pxGrid nodes of the credential, and that n8n can reach them on port 8910.',
	});
}

async function waitUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((resolve) => {
		const wake = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', wake);
			resolve();
		};
		const timer = setTimeout(wake, ms);
		signal.addEventListener('abort', wake);
	});
}
