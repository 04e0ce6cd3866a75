import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { personActor } from '../../helpers/actor';
import { accountableFields, intentIdField } from '../../helpers/fields';
import { requiredText } from '../../helpers/parameters';

export const description: INodeProperties[] = [intentIdField, ...accountableFields('approver', 'Approver')];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const intent = await ledger.deny(
		requiredText(this, 'intentId', 'Intent ID', itemIndex),
		personActor(this, 'approver', itemIndex),
		requiredText(this, 'reason', 'Reason', itemIndex),
	);
	return { ...intent } as unknown as IDataObject;
}
