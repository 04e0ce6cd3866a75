import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { credentialTestContext, NO_RETRY, reasonOfFailure } from '../../shared/credentialTest';
import {
	connectManager,
	type NetworkAnalyticsCredential,
	readTenants,
	sendCall,
	type Tenant,
} from '../transport/client';

/** Logs in, lists the tenants, and logs out again. Says which tenants there are. */
export async function ciscoRtcSecureNetworkAnalyticsApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const context = credentialTestContext(this, 'Secure Network Analytics', 'ciscoSecureNetworkAnalytics');
	const data = credential.data as unknown as NetworkAnalyticsCredential;
	let tenants: Tenant[] = [];
	const reason = await reasonOfFailure(async () => {
		const { api } = connectManager(context, data, { retry: NO_RETRY, ownSession: true });
		tenants = await readTenants(context, api);
		await sendCall(context, api, { method: 'DELETE', path: '/token' }).catch(() => undefined);
	});
	const problem = reason ?? tenantProblem(tenants, String(data.tenantId ?? '').trim());
	if (problem !== undefined) return { status: 'Error', message: problem };
	return { status: 'OK', message: `The manager answers. Tenants: ${inWords(tenants)}` };
}

function tenantProblem(tenants: Tenant[], wanted: string): string | undefined {
	if (tenants.length === 0) return 'The user may see no tenant of this manager';
	if (wanted === '') {
		return tenants.length === 1 ? undefined : `Enter one of the tenants as Tenant ID: ${inWords(tenants)}`;
	}
	const known = tenants.some(({ id }) => id === wanted);
	return known ? undefined : `The manager has no tenant ${wanted}, but ${inWords(tenants)}`;
}

const inWords = (tenants: Tenant[]): string => tenants.map(({ id, name }) => `${id} (${name})`).join(', ');
