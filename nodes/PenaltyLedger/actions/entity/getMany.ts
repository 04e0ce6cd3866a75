import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { EntityFilter } from '../../../../ledger/api';
import type { LedgerService } from '../../../../ledger/service';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { KINDS } from '../../helpers/fields';
import { readPages } from '../../helpers/paging';
import { filled } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	...returnAllFields('entity', ['getMany']),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Band',
				name: 'band',
				type: 'options',
				options: [
					{ name: 'Contain', value: 'contain' },
					{ name: 'Orange', value: 'orange' },
					{ name: 'Red', value: 'red' },
					{ name: 'White', value: 'white' },
					{ name: 'Yellow', value: 'yellow' },
				],
				default: 'red',
				description: 'Band of the score, as the policy draws it',
			},
			{
				displayName: 'Kind',
				name: 'kind',
				type: 'options',
				options: KINDS,
				default: 'mac',
				description: 'What kind of entity it is',
			},
			{
				displayName: 'Search',
				name: 'search',
				type: 'string',
				default: '',
				description: 'Part of the key, in upper or lower case',
			},
			{
				displayName: 'State',
				name: 'state',
				type: 'options',
				options: [
					{ name: 'Awaiting Approval', value: 'awaitingApproval' },
					{ name: 'Contained', value: 'contained' },
					{ name: 'Containing', value: 'containing' },
					{ name: 'Grace', value: 'grace' },
					{ name: 'Normal', value: 'normal' },
					{ name: 'Releasing', value: 'releasing' },
				],
				default: 'contained',
				description: 'Where the host of the entity stands',
			},
		],
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const filter = filled(this.getNodeParameter('filters', itemIndex, {}) as IDataObject) as Omit<
		EntityFilter,
		'limit'
	>;
	return await readPages(
		wantedCount(this, itemIndex),
		async (window) => await ledger.getEntities({ ...filter, ...window }),
	);
}
