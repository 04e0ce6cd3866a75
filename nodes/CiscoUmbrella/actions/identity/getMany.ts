import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { wantedCount } from '../../../shared/fields';
import type { UmbrellaClient } from '../../transport/client';
import { readAllRows } from '../../transport/reports';

export const description: INodeProperties[] = [
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		displayOptions: { show: { resource: ['identity'], operation: ['getMany'] } },
		options: [
			{
				displayName: 'Identity Types',
				name: 'identitytypes',
				type: 'string',
				default: '',
				placeholder: 'e.g. roaming,directory_user',
				description: 'Comma-separated',
			},
			{
				displayName: 'Search',
				name: 'search',
				type: 'string',
				default: '',
				placeholder: 'e.g. LAPTOP-7',
				description: 'Part of the name; * stands for any characters',
			},
		],
	},
];

/** Identities known to the organisation: `{id, label, type: {id, type, label}, deleted}`. */
export async function execute(
	this: IExecuteFunctions,
	client: UmbrellaClient,
	itemIndex: number,
): Promise<IDataObject[]> {
	const { search, identitytypes } = this.getNodeParameter('filters', itemIndex, {}) as Record<string, string>;
	const query = { search: search || undefined, identitytypes: identitytypes || undefined };
	return await readAllRows(
		this,
		client.reports,
		'/identities',
		query,
		wantedCount(this, itemIndex),
		itemIndex,
	);
}
