import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { Completion, LedgerService } from '../../../../ledger/service';
import { parameterError } from '../../../shared/errors';
import { identityField, intentIdField, optionsField } from '../../helpers/fields';
import { filled, IDENTITY_FIELDS, jsonObject, requiredText, textLists } from '../../helpers/parameters';
import { intentWithNotice } from './intentWithNotice';
import { settleBatch } from './settleBatch';

export const description: INodeProperties[] = [
	intentIdField,
	{
		displayName: 'Result',
		name: 'result',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. { "macs": [{ "mac": "00:11:22:33:44:55", "policy": "Quarantine" }] }',
		description: 'What was done, as read back from the products. A JSON object.',
	},
	{
		displayName: 'References',
		name: 'references',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. { "serviceNowSysId": "…", "webexMessageId": "…" }',
		description:
			'Tickets and messages to keep with the episode, as a JSON object of texts. Empty ones are left out.',
	},
	identityField,
	optionsField(),
];

/** One item for each input item: the intent, and the notice that tells people. */
export async function executeBatch(
	this: IExecuteFunctions,
	ledger: LedgerService,
): Promise<INodeExecutionData[][]> {
	return await settleBatch(this, {
		read: (context, itemIndex): Completion => ({
			intentId: requiredText(context, 'intentId', 'Intent ID', itemIndex),
			result: jsonObject(context, 'result', 'Result', itemIndex),
			references: references(context, itemIndex),
			identity: textLists(context, 'identity', 'Identity', IDENTITY_FIELDS, itemIndex),
		}),
		settle: async (given, actor) => await ledger.completeIntents(given, actor),
		toJson: intentWithNotice,
	});
}

function references(context: IExecuteFunctions, itemIndex: number): Record<string, string> {
	const given = filled(jsonObject(context, 'references', 'References', itemIndex));
	return Object.fromEntries(
		Object.entries(given).map(([name, value]) => {
			if (typeof value === 'object') {
				throw parameterError(context.getNode(), `"References": ${name} must be a text`, itemIndex);
			}
			return [name, String(value)];
		}),
	);
}
