import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { parameterError } from '../../../shared/errors';
import { workflowActor } from '../../helpers/actor';
import { episodeIdField, optionsField } from '../../helpers/fields';
import { filled, jsonObject, requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	episodeIdField,
	{
		displayName: 'References',
		name: 'references',
		type: 'json',
		required: true,
		default: '{}',
		placeholder: 'e.g. { "webexMessageId": "Y2lz…" }',
		description:
			'Names and texts to keep with the episode, such as the ID of a message or ticket. They are added to those kept already.',
	},
	optionsField(),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const references = filled(jsonObject(this, 'references', 'References', itemIndex));
	if (!Object.values(references).every((value) => typeof value === 'string')) {
		throw parameterError(this.getNode(), '"References" may hold only texts', itemIndex);
	}
	const episode = await ledger.addReferences(
		requiredText(this, 'episodeId', 'Episode ID', itemIndex),
		references as Record<string, string>,
		workflowActor(this, itemIndex),
	);
	return { ...episode } as unknown as IDataObject;
}
