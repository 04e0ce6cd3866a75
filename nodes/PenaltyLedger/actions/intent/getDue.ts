import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';

const MAX_INTENTS = 1000;

export const description: INodeProperties[] = [optionsField()];

/** What a sweep has to take up, oldest first. */
export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const intents = await ledger.getDueIntents(workflowActor(this, itemIndex), MAX_INTENTS);
	return intents.map((intent) => ({ ...intent }) as unknown as IDataObject);
}
