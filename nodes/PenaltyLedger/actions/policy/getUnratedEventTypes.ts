import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { readPages } from '../../helpers/paging';
import { filled } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	...returnAllFields('policy', ['getUnratedEventTypes']),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Source',
				name: 'source',
				type: 'string',
				default: '',
				placeholder: 'e.g. secureEndpoint',
				description: 'Only event types of this source',
			},
		],
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const filter = filled(this.getNodeParameter('filters', itemIndex, {}) as IDataObject) as { source?: string };
	return await readPages(
		wantedCount(this, itemIndex),
		async (window) => await ledger.getUnratedEventTypes({ ...filter, ...window }),
	);
}
