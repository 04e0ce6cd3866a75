import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { parameterError } from '../../../shared/errors';
import { workflowActor } from '../../helpers/actor';
import { identityField, intentIdField, optionsField } from '../../helpers/fields';
import { filled, IDENTITY_FIELDS, jsonObject, requiredText, textLists } from '../../helpers/parameters';
import { intentWithNotice } from './intentWithNotice';

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

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const completed = await ledger.completeIntent(requiredText(this, 'intentId', 'Intent ID', itemIndex), {
		actor: workflowActor(this, itemIndex),
		result: jsonObject(this, 'result', 'Result', itemIndex),
		references: references(this, itemIndex),
		identity: textLists(this, 'identity', 'Identity', IDENTITY_FIELDS, itemIndex),
	});
	return intentWithNotice(completed);
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
