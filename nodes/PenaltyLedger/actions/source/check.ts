import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { workflowActor } from '../../helpers/actor';
import { optionsField } from '../../helpers/fields';
import { ignoreField, settingFields, sourceSettings } from './settings';

export const description: INodeProperties[] = [optionsField(...settingFields, ignoreField)];

/** One item per message to send now. */
export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const actor = workflowActor(this, itemIndex);
	const { messages } = await ledger.checkSources(actor, sourceSettings(this, itemIndex));
	return messages.map((message) => ({ ...message }));
}
