import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { wantedCount } from '../../../shared/fields';
import { type ActivityFilters, CURRENT_KINDS, planQueries } from '../../activityPlan';
import { KIND_LABELS, toDetection, toDetections } from '../../detections';
import { type ActivityKind, type Fields, recordId, timeOf } from '../../records';
import { logSkipped } from '../../skipped';
import type { TimeWindow } from '../../../shared/pollState';
import { readActivity } from '../../transport/activity';
import type { UmbrellaClient } from '../../transport/client';
import { timeFields, timeWindow } from '../timeFields';

const show = { resource: ['activity'], operation: ['getMany'] };
const showCurrent = { ...show, api: ['current'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Kind',
		name: 'kind',
		type: 'options',
		options: [
			{ name: 'All', value: 'all', description: 'Everything, harmless activity included' },
			{
				name: 'All Security Activity',
				value: 'security',
				description:
					'DNS, proxy and firewall activity with a security category or threat, intrusions, malware found later',
			},
			{
				name: 'AMP Retrospective',
				value: 'amp-retrospective',
				description: 'Files that turned out to be malware later',
			},
			{ name: 'DNS', value: 'dns' },
			{ name: 'Firewall', value: 'firewall' },
			{ name: 'Intrusion', value: 'intrusion' },
			{ name: 'IP', value: 'ip', description: 'Deprecated by Cisco; older organizations only' },
			{ name: 'Proxy', value: 'proxy' },
		],
		default: 'security',
		displayOptions: { show: showCurrent },
	},
	{
		displayName: 'Security Only',
		name: 'securityOnly',
		type: 'boolean',
		default: true,
		description: 'Whether to leave out activity without security category, threat or malware verdict',
		displayOptions: {
			show: { ...showCurrent, kind: ['amp-retrospective', 'dns', 'firewall', 'intrusion', 'ip', 'proxy'] },
		},
	},
	...timeFields('activity', ['getMany'], '-1hours'),
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{
				name: 'Detections',
				value: 'detections',
				description: 'Normalized for the Penalty Ledger, oldest first',
			},
			{ name: 'Raw Records', value: 'raw', description: 'As Umbrella reports them, oldest first' },
		],
		default: 'detections',
		displayOptions: { show },
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		displayOptions: { show: showCurrent },
		options: [
			{
				displayName: 'Category Names or IDs',
				name: 'categories',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getCategories' },
				default: [],
				description:
					'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
			},
			{
				displayName: 'Domains',
				name: 'domains',
				type: 'string',
				default: '',
				placeholder: 'e.g. bad.example,worse.example',
				description: 'Comma-separated',
			},
			{
				displayName: 'Identity IDs',
				name: 'identityids',
				type: 'string',
				default: '',
				placeholder: 'e.g. 589064228',
				description: 'Comma-separated; Identity > Get Many finds them',
			},
			{
				displayName: 'IP Address',
				name: 'ip',
				type: 'string',
				default: '',
				placeholder: 'e.g. 10.1.33.33',
			},
			{
				displayName: 'Threats',
				name: 'threats',
				type: 'string',
				default: '',
				placeholder: 'e.g. Wannacry',
				description: 'Comma-separated names of threats',
			},
			{
				displayName: 'Verdict',
				name: 'verdict',
				type: 'multiOptions',
				options: [
					{ name: 'Allowed', value: 'allowed' },
					{ name: 'Blocked', value: 'blocked' },
					{ name: 'Proxied', value: 'proxied' },
				],
				default: [],
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { ...show, output: ['detections'] } },
		options: [
			{
				displayName: 'Include Raw Record',
				name: 'keepRaw',
				type: 'boolean',
				default: false,
				description: 'Whether to keep the record as Umbrella reported it in the field "raw"',
			},
		],
	},
];

/** Activity of a span of time, oldest first: detections, or records as they came. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject[]> {
	const kind = this.getNodeParameter('kind', itemIndex) as ActivityKind | 'all' | 'security';
	const securityOnly =
		kind === 'security' ||
		(kind !== 'all' && this.getNodeParameter('securityOnly', itemIndex, true) === true);
	const kinds = kind === 'all' || kind === 'security' ? CURRENT_KINDS : [kind];
	const queries = planQueries(kinds, filtersOf(this, itemIndex), securityOnly);
	if (queries.length === 0) {
		const message = `The filters can't be used with the kind "${kinds.map((each) => KIND_LABELS[each]).join(', ')}"`;
		throw parameterError(
			this.getNode(),
			message,
			itemIndex,
			'Its records lack one of the filtered properties. Remove that filter, or choose another kind.',
		);
	}
	const window: TimeWindow = timeWindow(this, itemIndex);
	const wanted = wantedCount(this, itemIndex);
	const records: Fields[] = [];
	for (const query of queries) {
		records.push(...(await readActivity(this, client.reports, query, window, wanted, itemIndex)));
	}
	const isRaw = this.getNodeParameter('output', itemIndex) === 'raw';
	if (!isRaw) logSkipped(this, records);
	const found = isRaw
		? oldestFirst(records, securityOnly)
		: toDetections(records, {
				securityOnly,
				keepRaw: this.getNodeParameter('options.keepRaw', itemIndex, false) === true,
			});
	return found.slice(0, wanted) as unknown as IDataObject[];
}

function filtersOf(context: IExecuteFunctions, itemIndex: number): ActivityFilters {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	return Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, listText(value)]));
}

/** Comma-separated without spaces, from a list or from text. */
function listText(value: unknown): string {
	const parts = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
	return parts
		.map((part) => part.trim())
		.filter(Boolean)
		.join(',');
}

function oldestFirst(records: readonly Fields[], securityOnly: boolean): Fields[] {
	const wanted = records.filter((record) => !securityOnly || toDetection(record, { securityOnly }));
	const once = new Map(wanted.map((record) => [recordId(record), record]));
	return [...once.values()].sort((a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0));
}
