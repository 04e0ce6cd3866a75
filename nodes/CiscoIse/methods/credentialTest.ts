import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { credentialTestContext, NO_RETRY, reasonOfFailure } from '../../shared/credentialTest';
import { ANC_POLICY_PATH } from '../actions/ancPolicy/policies';
import { connectIse, type IseCredential } from '../transport/client';
import { mntGet } from '../transport/mnt';
import { PxGrid } from '../pxgrid/client';
import type { PxGridCredential } from '../pxgrid/credential';
import { accountAdvice, type AccountState } from '../pxgrid/account';
import { SESSION_SERVICE } from '../sessions/pxGridDirectory';

/** Tries both halves of ISE, and says which one does not work. */
export async function ciscoRtcIseApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const context = credentialTestContext(this, 'Cisco ISE', 'ciscoIse');
	const [ers, mnt] = await Promise.all([
		reasonOfFailure(async () => {
			const client = connectIse(context, credential.data as unknown as IseCredential, { retry: NO_RETRY });
			await client.ers.send(context, { method: 'GET', path: ANC_POLICY_PATH, query: { size: 1, page: 1 } });
		}),
		reasonOfFailure(async () => {
			const client = connectIse(context, credential.data as unknown as IseCredential, { retry: NO_RETRY });
			await mntGet(context, client.mnt, '/Session/ActiveCount');
		}),
	]);
	if (!ers && !mnt) return { status: 'OK', message: 'Configuration (ERS) and monitoring (MnT) both answer' };
	const half = (name: string, reason?: string) => (reason ? `${name}: ${reason}` : `${name} works`);
	return {
		status: 'Error',
		message: `${half('Configuration (ERS)', ers)}. ${half('Monitoring (MnT)', mnt)}.`,
	};
}

/** Asks for the account's state, and looks a service up to see that the account may really use pxGrid. */
export async function ciscoRtcPxGridApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const context = credentialTestContext(this, 'Cisco ISE', 'ciscoIse');
	let state: AccountState = 'ENABLED';
	const failure = await reasonOfFailure(async () => {
		const pxGrid = new PxGrid(context, credential.data as unknown as PxGridCredential, NO_RETRY);
		state = (await pxGrid.activate()).accountState;
		if (state === 'ENABLED') await pxGrid.offered(SESSION_SERVICE, true);
	});
	const problem = failure ?? accountAdvice(state);
	return problem === undefined
		? { status: 'OK', message: 'The account is enabled and pxGrid answers' }
		: { status: 'Error', message: problem };
}
