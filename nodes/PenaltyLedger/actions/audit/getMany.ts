import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { readPages } from '../../helpers/paging';
import { filled, isoTime } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	...returnAllFields('audit', ['getMany']),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Action',
				name: 'action',
				type: 'string',
				default: '',
				description: 'Only records of this action',
			},
			{
				displayName: 'Actor',
				name: 'actor',
				type: 'string',
				default: '',
				placeholder: 'e.g. alice@example.com',
				description: 'Only what this person did, or workflow',
			},
			{
				displayName: 'Since',
				name: 'since',
				type: 'dateTime',
				default: '',
				description: 'Only records from this time on',
			},
			{
				displayName: 'Subject',
				name: 'subject',
				type: 'string',
				default: '',
				placeholder: 'e.g. mac:00:11:22:33:44:55',
				description: 'Only records about this',
			},
		],
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const { since, ...filter } = filled(this.getNodeParameter('filters', itemIndex, {}) as IDataObject);
	const from = isoTime(this, since, 'Since', itemIndex);
	return await readPages(
		wantedCount(this, itemIndex),
		async (window) => await ledger.getAudit({ ...filter, ...(from && { since: from }), ...window }),
	);
}
