import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { requiredText, text } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. secureEndpoint',
		description: 'Source that was polled, named as in its detections',
	},
	{
		displayName: 'Error',
		name: 'errorText',
		type: 'string',
		default: '={{ $json.error }}',
		description: 'Why the poll failed; shown in the alarm',
	},
	optionsField(),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const source = requiredText(this, 'source', 'Source', itemIndex);
	const state = await ledger.recordSourceFailure(
		source,
		text(this, 'errorText', itemIndex),
		workflowActor(this, itemIndex),
	);
	return { ...state };
}
