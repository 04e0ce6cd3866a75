import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { identityField, intentIdField, optionsField } from '../../helpers/fields';
import { IDENTITY_FIELDS, requiredText, textLists } from '../../helpers/parameters';
import { intentWithNotice } from './intentWithNotice';

export const description: INodeProperties[] = [
	intentIdField,
	{
		displayName: 'Error',
		name: 'errorText',
		type: 'string',
		required: true,
		default: '={{ $json.error }}',
		description: 'What went wrong, for people to read',
	},
	identityField,
	optionsField(),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const failed = await ledger.failIntent(
		requiredText(this, 'intentId', 'Intent ID', itemIndex),
		requiredText(this, 'errorText', 'Error', itemIndex),
		workflowActor(this, itemIndex),
		textLists(this, 'identity', 'Identity', IDENTITY_FIELDS, itemIndex),
	);
	return intentWithNotice(failed);
}
