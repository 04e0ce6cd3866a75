import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';

export const description: INodeProperties[] = [optionsField()];

/** One item per release intent that was opened. */
export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const intents = await ledger.releaseDue(workflowActor(this, itemIndex));
	return intents.map((intent) => ({ ...intent }) as unknown as IDataObject);
}
