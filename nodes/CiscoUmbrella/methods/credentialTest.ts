import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { credentialTestContext, NO_RETRY, reasonOfFailure } from '../../shared/credentialTest';
import { type ApiContext } from '../../shared/http';
import { type LegacyClient, type LegacyCredential, legacyClient } from '../transport/legacy/client';
import { listDomains } from '../transport/legacy/enforcement';
import { readSecurityActivity } from '../transport/legacy/reporting';
import { lookUp } from '../transport/investigate';

/** One API of the credential: is it to be tried, and what to ask. */
interface Part {
	name: string;
	key: string;
	ask(context: ApiContext, client: LegacyClient): Promise<unknown>;
}

const MINUTE = 60_000;

/** Tries every API that the credential has a key for, and says which of them do not work. */
export async function ciscoRtcUmbrellaLegacyApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const context = credentialTestContext(this, 'Cisco Umbrella', 'ciscoUmbrella');
	const data = credential.data as unknown as LegacyCredential;
	const parts = partsOf(data).filter(({ key }) => key);
	if (parts.length === 0) return { status: 'Error', message: 'Fill in the keys of at least one API' };
	const client = atOnce(legacyClient(context, data));
	const results = await Promise.all(
		parts.map(async ({ name, ask }) => {
			const failure = await reasonOfFailure(async () => void (await ask(context, client)));
			return { works: failure === undefined, text: failure ? `${name}: ${failure}` : `${name} works` };
		}),
	);
	return {
		status: results.every(({ works }) => works) ? 'OK' : 'Error',
		message: `${results.map(({ text }) => text).join('. ')}.`,
	};
}

function partsOf({ reportingApiKey, enforcementApiKey, investigateToken }: LegacyCredential): Part[] {
	const now = Date.now();
	return [
		{
			name: 'Reporting',
			key: reportingApiKey,
			ask: async (context, { reporting }) =>
				await readSecurityActivity(context, reporting, { from: now - MINUTE, to: now }, 1, 0),
		},
		{
			name: 'Enforcement',
			key: enforcementApiKey,
			ask: async (context, { enforcement }) => await listDomains(context, enforcement, 1, 0),
		},
		{
			name: 'Investigate',
			key: investigateToken,
			ask: async (context, { investigate }) =>
				await lookUp(context, investigate, '/domains/categorization/cisco.com', 0),
		},
	];
}

/** A test neither waits for the budget of the workflows nor tries again. */
function atOnce({ reporting, enforcement, investigate }: LegacyClient): LegacyClient {
	const hasty = { retry: NO_RETRY, quota: undefined };
	return {
		reporting: { ...reporting, ...hasty },
		enforcement: { ...enforcement, ...hasty },
		investigate: { ...investigate, ...hasty },
	};
}
