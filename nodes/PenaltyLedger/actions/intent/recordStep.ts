import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { intentIdField, optionsField } from '../../helpers/fields';
import { jsonObject, requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	intentIdField,
	{
		displayName: 'Steps',
		name: 'steps',
		type: 'json',
		required: true,
		default: '{}',
		placeholder: 'e.g. { "ancApplied": true }',
		description: 'Results to keep, as a JSON object. They are added to the steps that are kept already, and the lease starts anew.',
	},
	optionsField(),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const intent = await ledger.recordStep(
		requiredText(this, 'intentId', 'Intent ID', itemIndex),
		jsonObject(this, 'steps', 'Steps', itemIndex),
		workflowActor(this, itemIndex),
	);
	return { ...intent } as unknown as IDataObject;
}
