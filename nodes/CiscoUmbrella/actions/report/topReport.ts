import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { wantedCount } from '../../../shared/fields';
import type { UmbrellaClient } from '../../transport/client';
import { readAllRows } from '../../transport/reports';
import { timeFields, timeWindow } from '../timeFields';

const operations = ['getTopIdentities', 'getTopThreats'];

/** Shared by the top reports. */
export const description: INodeProperties[] = [
	...timeFields('report', operations, '-24hours'),
	{
		displayName: 'Traffic',
		name: 'traffic',
		type: 'options',
		options: [
			{ name: 'All', value: 'all' },
			{ name: 'DNS', value: 'dns' },
			{ name: 'Proxy', value: 'proxy' },
		],
		default: 'all',
		description: 'Which traffic to count',
		displayOptions: { show: { resource: ['report'], operation: operations } },
	},
];

/** Rows of an aggregation, the highest count first. */
export async function topRows(
	context: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
	report: string,
): Promise<IDataObject[]> {
	const { from, to } = timeWindow(context, itemIndex);
	const traffic = context.getNodeParameter('traffic', itemIndex, 'all') as string;
	const path = traffic === 'all' ? `/${report}` : `/${report}/${traffic}`;
	const span = { from: String(from), to: String(to) };
	return await readAllRows(context, client.reports, path, span, wantedCount(context, itemIndex), itemIndex);
}
