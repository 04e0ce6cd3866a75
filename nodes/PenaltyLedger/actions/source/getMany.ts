import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { settingFields, sourceSettings } from './settings';

export const description: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: settingFields,
	},
];

/** One item per source that was ever polled or reported anything. */
export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject[]> {
	const sources = await ledger.getSources(sourceSettings(this, itemIndex));
	return sources.map((source) => ({ ...source }));
}
