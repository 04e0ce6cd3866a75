import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { Failure, LedgerService } from '../../../../ledger/service';
import { identityField, intentIdField, optionsField } from '../../helpers/fields';
import { IDENTITY_FIELDS, requiredText, textLists } from '../../helpers/parameters';
import { intentWithNotice } from './intentWithNotice';
import { settleBatch } from './settleBatch';

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

/** One item for each input item: the intent, and the notice when it was given up. */
export async function executeBatch(
	this: IExecuteFunctions,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	return await settleBatch(this, {
		read: (context, itemIndex): Failure => ({
			intentId: requiredText(context, 'intentId', 'Intent ID', itemIndex),
			error: requiredText(context, 'errorText', 'Error', itemIndex),
			identity: textLists(context, 'identity', 'Identity', IDENTITY_FIELDS, itemIndex),
		}),
		settle: async (given, actor) => await ledger.failIntents(given, actor),
		toJson: intentWithNotice,
	});
}
