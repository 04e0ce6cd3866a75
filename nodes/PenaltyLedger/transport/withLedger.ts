import type { IExecuteFunctions, ILoadOptionsFunctions, IWebhookFunctions } from 'n8n-workflow';
import { openLedger } from '../../../ledger';
import type { LedgerService } from '../../../ledger/service';
import { ledgerPlace, type LedgerCredential } from './ledgerPlace';

/** Lends the ledger of the node's credential to `work`, and gives it back whatever becomes of the work. */
export async function withLedger<T>(
	context: IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions,
	work: (ledger: LedgerService) => Promise<T>,
): Promise<T> {
	const credential = await context.getCredentials<LedgerCredential>('ciscoRtcLedgerApi');
	const ledger = await openLedger(ledgerPlace(credential));
	try {
		return await work(ledger);
	} finally {
		await ledger.close();
	}
}
