import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { DetectionFilter, EntityKind } from '../../../../ledger/api';
import type { LedgerService } from '../../../../ledger/service';
import { parameterError } from '../../../shared/errors';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { KINDS } from '../../helpers/fields';
import { readPages } from '../../helpers/paging';
import { filled, isoTime } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	...returnAllFields('detection', ['getMany']),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{
				displayName: 'Entity Key',
				name: 'entityKey',
				type: 'string',
				default: '',
				placeholder: 'e.g. 00:11:22:33:44:55',
				description: 'Address or name of the entity that was punished. Needs the entity kind too.',
			},
			{
				displayName: 'Entity Kind',
				name: 'entityKind',
				type: 'options',
				options: KINDS,
				default: 'mac',
				description: 'Kind of the entity that was punished. Needs the entity key too.',
			},
			{
				displayName: 'Event Type',
				name: 'eventType',
				type: 'string',
				default: '',
				description: 'ID or name of the event type',
			},
			{
				displayName: 'Since',
				name: 'since',
				type: 'dateTime',
				default: '',
				description: 'Only detections that occurred at this time or later',
			},
			{
				displayName: 'Source Name or ID',
				name: 'source',
				type: 'options',
				typeOptions: { loadOptionsMethod: 'getSources' },
				default: '',
				description:
					'The product that reported it. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
			{
				displayName: 'Until',
				name: 'until',
				type: 'dateTime',
				default: '',
				description: 'Only detections that occurred before this time',
			},
		],
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const filter = detectionFilter(this, itemIndex);
	return await readPages(
		wantedCount(this, itemIndex),
		async (window) => await ledger.getDetections({ ...filter, ...window }),
	);
}

function detectionFilter(context: IExecuteFunctions, itemIndex: number): Omit<DetectionFilter, 'limit'> {
	const { entityKind, entityKey, since, until, ...others } = filled(
		context.getNodeParameter('filters', itemIndex, {}) as IDataObject,
	);
	if (Boolean(entityKind) !== Boolean(entityKey)) {
		throw parameterError(
			context.getNode(),
			'Give both "Entity Kind" and "Entity Key", or neither',
			itemIndex,
		);
	}
	return {
		...others,
		...(entityKey !== undefined && { entity: { kind: entityKind as EntityKind, key: String(entityKey) } }),
		since: isoTime(context, since, 'Since', itemIndex),
		until: isoTime(context, until, 'Until', itemIndex),
	};
}
