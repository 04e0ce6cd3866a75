import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';

export const description: INodeProperties[] = [];

export async function execute(this: IExecuteFunctions, ledger: LedgerService): Promise<IDataObject[]> {
	return await ledger.getPolicyVersions();
}
