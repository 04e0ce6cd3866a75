import type {
	IDataObject,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type { Network } from '../../ledger/network';
import { listParameter } from '../shared/identity';
import type { ReadDetections, TimeWindow } from '../shared/pollState';
import { pollOptions, pollSettings } from '../shared/pollOptions';
import { detectionItems, pollBudgetMs, pollForDetections, type PollSettings } from '../shared/pollTrigger';
import { internalNetworksOption } from './actions/fields';
import { activityOf, toDetection, toDetections } from './detections';
import { ciscoRtcSecureNetworkAnalyticsApiTest } from './methods/credentialTest';
import * as loadOptions from './methods/loadOptions';
import { internalNetworks } from './parameters';
import { type EventFilter, readSecurityEvents } from './securityEvents';
import { connect, type NetworkAnalyticsClient } from './transport/client';
import { typeNames } from './typeNames';

const HOUR = 3_600_000;

/** An event that goes on is read again by every poll; the manager begins a new one each day. */
const REMEMBER_MS = 24 * HOUR;

const PREVIEW_ITEMS = 10;

/** Starts a workflow for new security events of Cisco Secure Network Analytics. */
export class CiscoSecureNetworkAnalyticsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Secure Network Analytics Trigger',
		name: 'ciscoSecureNetworkAnalyticsTrigger',
		icon: { light: 'file:secureNetworkAnalytics.svg', dark: 'file:secureNetworkAnalytics.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'Detections',
		description: 'Starts the workflow when Cisco Secure Network Analytics reports new security events',
		defaults: { name: 'Cisco Secure Network Analytics Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'ciscoRtcSecureNetworkAnalyticsApi',
				required: true,
				testedBy: 'ciscoRtcSecureNetworkAnalyticsApiTest',
			},
		],
		properties: [
			{
				displayName: 'Event Type Names or IDs',
				name: 'eventTypes',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getEventTypes' },
				default: [],
				description:
					'Only events of these types; empty for all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: pollOptions(
					{ source: 'the manager', reported: 'event', late: 'events that the manager reports late' },
					[
						{
							displayName: 'Include Event',
							name: 'includeEvent',
							type: 'boolean',
							default: false,
							description:
								'Whether each detection carries the event of Secure Network Analytics in its field raw',
						},
						internalNetworksOption,
					],
				),
			},
		],
	};

	methods = { credentialTest: { ciscoRtcSecureNetworkAnalyticsApiTest }, loadOptions };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const settings = readSettings(this);
		if (this.getMode() === 'manual') return await preview(this, settings);
		return await pollForDetections(this, settings, {
			product: 'Secure Network Analytics',
			silenceAdvice: 'Check that the flow collectors still receive flows',
			open: async () => {
				const client = await connect(this);
				return async (window) => await readWindow(this, client, settings, window);
			},
		});
	}
}

interface Settings extends PollSettings {
	filter: EventFilter;
	networks: Network[];
	keepRaw: boolean;
}

function readSettings(context: IPollFunctions): Settings {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	return {
		filter: { typeIds: listParameter(context.getNodeParameter('eventTypes', [])), hosts: [] },
		networks: chosenNetworks(context, options),
		keepRaw: options.includeEvent === true,
		...pollSettings(options),
		rememberMs: REMEMBER_MS,
	};
}

function chosenNetworks(context: IPollFunctions, options: IDataObject): Network[] {
	try {
		return internalNetworks(options);
	} catch (error) {
		throw new NodeOperationError(
			context.getNode(),
			`Internal Networks can't be used: ${(error as Error).message}`,
		);
	}
}

async function readWindow(
	context: IPollFunctions,
	client: NetworkAnalyticsClient,
	{ filter, networks, keepRaw }: Settings,
	window: TimeWindow,
): Promise<ReadDetections> {
	const waitMs = pollBudgetMs(context);
	const events = await readSecurityEvents(context, client, window, filter, { waitMs });
	const options = {
		typeNames: await typeNames(client, events),
		internalNetworks: networks,
		keepRaw,
	};
	const lastActive = events.flatMap((event): [string, number][] => {
		const { lastActiveMs } = activityOf(event);
		const detection = toDetection(event, options);
		return detection && lastActiveMs !== undefined ? [[detection.id, lastActiveMs]] : [];
	});
	return { detections: toDetections(events, options), lastActive: new Map(lastActive) };
}

/** For "Fetch Test Event": the newest events of the last day, without touching the state. */
async function preview(context: IPollFunctions, settings: Settings): Promise<INodeExecutionData[][] | null> {
	const now = Date.now();
	const client = await connect(context);
	const window = { from: now - 24 * HOUR, to: now };
	const { detections } = await readWindow(context, client, settings, window);
	return detections.length > 0 ? [detectionItems(detections.slice(-PREVIEW_ITEMS))] : null;
}
