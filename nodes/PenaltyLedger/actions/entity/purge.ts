import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { entityFields, optionsField } from '../../helpers/fields';
import { entityKey, requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [
	...entityFields,
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Reimaged, ticket INC0010023',
		description: 'Why; kept in the audit trail',
	},
	optionsField(),
];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const entity = entityKey(this, itemIndex);
	const reason = requiredText(this, 'reason', 'Reason', itemIndex);
	const purged = await ledger.purgeEntity(entity, workflowActor(this, itemIndex), reason);
	return { ...entity, purged };
}
