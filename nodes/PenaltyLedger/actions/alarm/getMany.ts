import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LedgerService } from '../../../../ledger/service';

export const description: INodeProperties[] = [];

/** One item per alarm that is open, or over without anybody knowing yet. */
export async function execute(this: IExecuteFunctions, ledger: LedgerService): Promise<IDataObject[]> {
	return (await ledger.getAlarms()).map((alarm) => ({ ...alarm }));
}
