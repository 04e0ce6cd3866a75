import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { requiredText } from '../../helpers/parameters';
import { protectedFields, protectedType } from './protectedFields';

export const description: INodeProperties[] = [...protectedFields, optionsField()];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	const type = protectedType(this, itemIndex);
	const value = requiredText(this, 'value', 'Value', itemIndex);
	const removed = await ledger.unprotect(type, value, workflowActor(this, itemIndex));
	return { type, value, removed };
}
