import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { credentialTestContext, NO_RETRY, reasonOfFailure } from '../../shared/credentialTest';
import { send } from '../../shared/http';
import { secureEndpointClient, type SecureEndpointCredential } from '../transport/client';
import { v3Client } from '../transport/v3';

/** Asks for the API's version, or with an OAuth2 client for one organization. */
export async function ciscoRtcSecureEndpointApiTest(
	this: ICredentialTestFunctions,
	{ data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const context = credentialTestContext(this, 'Cisco Secure Endpoint', 'ciscoSecureEndpoint');
	const credential = data as SecureEndpointCredential;
	const isV3 = credential.authentication === 'oAuth2Client';
	const failure = await reasonOfFailure(async () => {
		const client = isV3 ? v3Client(context, credential) : secureEndpointClient(context, credential);
		const path = isV3 ? '/v3/organizations?size=1&start=0' : '/v1/version';
		await send(context, { ...client, retry: NO_RETRY, quota: undefined }, { method: 'GET', path });
	});
	return failure === undefined
		? { status: 'OK', message: 'Secure Endpoint accepts the credential' }
		: { status: 'Error', message: failure };
}
