import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. secureEndpoint',
		description: 'Source to poll, named as in its detections',
	},
	{
		displayName: 'Overlap',
		name: 'overlapSeconds',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 300,
		description:
			'How many seconds before the last position to read again, for events that arrive late. Detections that were read twice are recorded once.',
	},
	{
		displayName: 'First Look-Back',
		name: 'firstLookbackSeconds',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 3600,
		description: 'How many seconds the first poll of a source looks back',
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const cursor = await ledger.getCursor(requiredText(this, 'source', 'Source', itemIndex), {
		overlapSeconds: this.getNodeParameter('overlapSeconds', itemIndex) as number,
		firstLookbackSeconds: this.getNodeParameter('firstLookbackSeconds', itemIndex) as number,
	});
	return { ...cursor };
}
