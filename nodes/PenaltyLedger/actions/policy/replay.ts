import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';
import { chosenVersion, versionField } from './version';

export const description: INodeProperties[] = [versionField];

export async function execute(
	this: IExecuteFunctions,
	ledger: LedgerService,
	itemIndex: number,
): Promise<IDataObject> {
	return { ...(await ledger.replay(chosenVersion(this, itemIndex))) } as unknown as IDataObject;
}
