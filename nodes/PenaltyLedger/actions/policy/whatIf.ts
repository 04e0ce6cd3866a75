import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { DateTime } from '../../../shared/vendor/luxon';
import type { LedgerService } from '../../../../ledger/service';
import { jsonObject } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Draft',
		name: 'draft',
		type: 'json',
		typeOptions: { rows: 10 },
		required: true,
		default: '={{ $json.policy }}',
		description: 'The whole draft policy as a JSON object, in the form that Get returns in the field policy',
	},
	{
		displayName: 'Days Back',
		name: 'daysBack',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 7,
		description: 'How many days of kept detections to try the draft on',
	},
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const days = this.getNodeParameter('daysBack', itemIndex) as number;
	const since = DateTime.utc().minus({ days }).toISO();
	return {
		...(await ledger.whatIf(jsonObject(this, 'draft', 'Draft', itemIndex), since)),
	} as unknown as IDataObject;
}
