import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Episode } from '../../../../ledger/api';
import type { LedgerService } from '../../../../ledger/service';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { readPages } from '../../helpers/paging';
import { filled } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	...returnAllFields('episode', ['getMany']),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Host ID',
				name: 'hostId',
				type: 'string',
				default: '',
				description: 'Only episodes of this host: the field hostId of an entity',
			},
			{
				displayName: 'State',
				name: 'state',
				type: 'options',
				options: [
					{ name: 'Awaiting Approval', value: 'awaitingApproval' },
					{ name: 'Contained', value: 'contained' },
					{ name: 'Containing', value: 'containing' },
					{ name: 'Refused', value: 'refused' },
					{ name: 'Released', value: 'released' },
					{ name: 'Releasing', value: 'releasing' },
				],
				default: 'contained',
				description: 'Where the episode stands',
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
		state?: Episode['state'];
		hostId?: string;
	};
	return await readPages(
		wantedCount(this, itemIndex),
		async (window) => await ledger.getEpisodes({ ...filter, ...window }),
	);
}
