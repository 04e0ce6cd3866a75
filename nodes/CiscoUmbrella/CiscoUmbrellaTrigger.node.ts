import type {
	IDataObject,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type { Detection } from '../../ledger/detection';
import type { TimeWindow } from '../shared/pollState';
import { pollOptions, pollSettings } from '../shared/pollOptions';
import { detectionItems, pollForDetections, type PollSettings } from '../shared/pollTrigger';
import { type ActivityQuery, planQueries } from './activityPlan';
import { toDetections } from './detections';
import { getCategories } from './methods/loadOptions';
import type { ActivityKind, Fields } from './records';
import { logSkipped } from './skipped';
import { readActivity } from './transport/activity';
import { connect, type UmbrellaClient } from './transport/client';

const HOUR = 3_600_000;

const PREVIEW_ITEMS = 10;

export class CiscoUmbrellaTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Cisco Umbrella Trigger',
		name: 'ciscoUmbrellaTrigger',
		icon: { light: 'file:umbrella.svg', dark: 'file:umbrella.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["kinds"].join(", ")}}',
		description: 'Starts the workflow when Cisco Umbrella or Secure Access detects something',
		defaults: { name: 'Cisco Umbrella Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ciscoRtcUmbrellaApi', required: true }],
		properties: [
			{
				displayName: 'Kinds',
				name: 'kinds',
				type: 'multiOptions',
				options: [
					{ name: 'AMP Retrospective', value: 'amp-retrospective' },
					{ name: 'DNS', value: 'dns' },
					{ name: 'Firewall', value: 'firewall' },
					{ name: 'Intrusion', value: 'intrusion' },
					{ name: 'IP (Deprecated)', value: 'ip' },
					{ name: 'Proxy', value: 'proxy' },
				],
				required: true,
				default: ['amp-retrospective', 'dns', 'firewall', 'intrusion', 'proxy'],
				description: 'Activity to watch. DNS, firewall and proxy activity together cost one call per poll.',
			},
			{
				displayName: 'Security Only',
				name: 'securityOnly',
				type: 'boolean',
				default: true,
				description: 'Whether to leave out activity without security category, threat or malware verdict',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: pollOptions(
					{ source: 'Umbrella', reported: 'detection', late: 'activity that Umbrella reports late' },
					[
						{
							displayName: 'Category Names or IDs',
							name: 'categories',
							type: 'multiOptions',
							typeOptions: { loadOptionsMethod: 'getCategories' },
							default: [],
							description:
								'Only these categories. Integrations of your organization must be chosen here to be seen. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
						},
						{
							displayName: 'Include Raw Record',
							name: 'keepRaw',
							type: 'boolean',
							default: false,
							description: 'Whether to keep the record as Umbrella reported it in the field "raw"',
						},
					],
				),
			},
		],
	};

	methods = { loadOptions: { getCategories } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const settings = readSettings(this);
		if (this.getMode() === 'manual') return await preview(this, settings);
		return await pollForDetections(this, settings, {
			product: 'Cisco Umbrella',
			silenceAdvice: 'Check that the clients still send their traffic to Umbrella',
			open: async () => {
				const client = await connect(this);
				return async (window) => ({ detections: await readWindow(this, client, settings, window) });
			},
		});
	}
}

interface Settings extends PollSettings {
	queries: ActivityQuery[];
	securityOnly: boolean;
	keepRaw: boolean;
}

function readSettings(context: IPollFunctions): Settings {
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const securityOnly = context.getNodeParameter('securityOnly', true) === true;
	const kinds = context.getNodeParameter('kinds') as ActivityKind[];
	const categories = ((options.categories as string[] | undefined) ?? []).join(',');
	const queries = planQueries(kinds, { categories }, securityOnly);
	if (queries.length === 0) {
		throw new NodeOperationError(context.getNode(), 'Nothing is left to watch: choose at least one kind', {
			description: 'Intrusion and AMP retrospective activity has no categories to choose by.',
		});
	}
	return {
		queries,
		securityOnly,
		keepRaw: options.keepRaw === true,
		...pollSettings(options),
	};
}

async function readWindow(
	context: IPollFunctions,
	client: UmbrellaClient,
	{ queries, securityOnly, keepRaw }: Settings,
	window: TimeWindow,
): Promise<Detection[]> {
	const records: Fields[] = [];
	for (const query of queries) {
		records.push(...(await readActivity(context, client.reports, query, window, Infinity)));
	}
	logSkipped(context, records);
	return toDetections(records, { securityOnly, keepRaw });
}

/** For "Fetch Test Event": the newest detections of the last day, without touching the state. */
async function preview(context: IPollFunctions, settings: Settings): Promise<INodeExecutionData[][] | null> {
	const now = Date.now();
	const client = await connect(context);
	const records: Fields[] = [];
	for (const query of settings.queries) {
		const window = { from: now - 24 * HOUR, to: now };
		records.push(...(await readActivity(context, client.reports, query, window, PREVIEW_ITEMS)));
	}
	const detections = toDetections(records, settings);
	return detections.length > 0 ? [detectionItems(detections.slice(-PREVIEW_ITEMS))] : null;
}
