import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { openLedger, type LedgerPlace } from '../../../ledger';
import { ledgerPlace, placeName, type LedgerCredential } from '../transport/ledgerPlace';

/** Opens the ledger that the credential names, and says what is in it or why it can't be opened. */
export async function testLedger(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	try {
		const place = ledgerPlace((credential.data ?? {}) as Partial<LedgerCredential>);
		return { status: 'OK', message: await describeLedger(place) };
	} catch (error) {
		return { status: 'Error', message: `The ledger can't be opened: ${(error as Error).message}` };
	}
}

async function describeLedger(place: LedgerPlace): Promise<string> {
	const ledger = await openLedger(place);
	try {
		const { policyVersion, detections } = await ledger.getMetrics();
		const count = Object.values(detections).reduce((sum, each) => sum + each, 0);
		return `The ledger ${placeName(place)} is ready: policy version ${policyVersion}, detections: ${count}.`;
	} finally {
		await ledger.close();
	}
}
