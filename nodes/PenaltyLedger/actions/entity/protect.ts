import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { requiredText } from '../../helpers/parameters';
import { protectedFields, protectedType } from './protectedFields';

export const description: INodeProperties[] = [
	...protectedFields,
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Infusion pumps of ward 3',
		description: 'Why it is protected; shown when a containment is refused',
	},
	optionsField(),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const entry = await ledger.protect(
		{
			type: protectedType(this, itemIndex),
			value: requiredText(this, 'value', 'Value', itemIndex),
			reason: requiredText(this, 'reason', 'Reason', itemIndex),
		},
		workflowActor(this, itemIndex),
	);
	return { ...entry };
}
