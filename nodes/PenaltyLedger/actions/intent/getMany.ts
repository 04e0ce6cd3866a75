import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { IntentKind, IntentState } from '../../../../ledger/api';
import type { LedgerService } from '../../../../ledger/service';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { readPages } from '../../helpers/paging';
import { filled } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	...returnAllFields('intent', ['getMany']),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Kind',
				name: 'kind',
				type: 'options',
				options: [
					{ name: 'Contain', value: 'contain' },
					{ name: 'Notify', value: 'notify' },
					{ name: 'Release', value: 'release' },
				],
				default: 'contain',
				description: 'What is to be done',
			},
			{
				displayName: 'State',
				name: 'state',
				type: 'options',
				options: [
					{ name: 'Awaiting Approval', value: 'awaitingApproval' },
					{ name: 'Cancelled', value: 'cancelled' },
					{ name: 'Claimed', value: 'claimed' },
					{ name: 'Denied', value: 'denied' },
					{ name: 'Done', value: 'done' },
					{ name: 'Expired', value: 'expired' },
					{ name: 'Failed', value: 'failed' },
					{ name: 'Pending', value: 'pending' },
				],
				default: 'pending',
				description: 'Where the intent stands',
			},
		],
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const filter = filled(this.getNodeParameter('filters', itemIndex, {}) as IDataObject) as {
		kind?: IntentKind;
		state?: IntentState;
	};
	return await readPages(
		wantedCount(this, itemIndex),
		async (window) => await ledger.getIntents({ ...filter, ...window }),
	);
}
