import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { gate } from '../../shared/gate';
import type { ApiClient, ApiContext, ApiResponse, TlsOptions } from '../../shared/http';
import { pemText } from '../../shared/pem';
import { accountKey, sharedQuota } from '../../shared/processState';
import { shareOf, type QuotaWindow } from '../../shared/quota';

/** Fields of the credential `ciscoRtcSecureEndpointApi`. */
export interface SecureEndpointCredential extends ICredentialDataDecryptedObject {
	region: 'us' | 'eu' | 'apjc' | 'privateCloud';
	/** Private cloud only. */
	baseUrl: string;
	consoleUrl: string;
	/** Version 1 of the API takes an API key, version 3 the tokens of an OAuth2 client. */
	authentication: 'apiKey' | 'oAuth2Client';
	clientId: string;
	apiKey: string;
	oAuthClientId: string;
	oAuthClientSecret: string;
	caCertificate: string;
	/** How many processes share the limits; missing in credentials that were saved before there was such a field. */
	processes: number;
	allowUnauthorizedCerts: boolean;
}

export interface SecureEndpointClient extends ApiClient {
	/** Console for deep links; absent for an appliance without one. */
	consoleUrl?: string;
}

export const CREDENTIAL = 'ciscoRtcSecureEndpointApi';

/** Cisco grants 3000 calls an hour to one API client; other tools may share it. */
const HOURLY_QUOTA: QuotaWindow[] = [{ limit: 2_900, windowMs: 3_600_000 }];

/** https://developer.cisco.com/docs/secure-endpoint/introduction/ */
export const REGION_SUFFIX: Record<string, string> = {
	us: 'amp.cisco.com',
	eu: 'eu.amp.cisco.com',
	apjc: 'apjc.amp.cisco.com',
};

export const PRODUCT = 'Secure Endpoint';

/** Of one execution. */
const REQUESTS_AT_ONCE = 10;

/** Version 1 of the API. @throws NodeOperationError when the credential is for version 3, or its base URL no URL */
export async function connect(context: ApiContext): Promise<SecureEndpointClient> {
	return secureEndpointClient(context, await context.getCredentials<SecureEndpointCredential>(CREDENTIAL));
}

/** As `connect`, for a credential at hand. */
export function secureEndpointClient(
	context: ApiContext,
	credential: SecureEndpointCredential,
): SecureEndpointClient {
	if (credential.authentication === 'oAuth2Client') {
		throw new NodeOperationError(context.getNode(), 'This operation needs an API key, not an OAuth2 client', {
			description:
				'It uses version 1 of the API. Choose a Secure Endpoint credential with Authentication "API Key (Version 1)".',
		});
	}
	const { clientId, apiKey } = credential;
	const { baseUrl, consoleUrl } = addresses(context, credential);
	return {
		product: PRODUCT,
		baseUrl,
		consoleUrl,
		authorize: async () => ({
			Authorization: `Basic ${Buffer.from(`${clientId}:${apiKey}`).toString('base64')}`,
		}),
		canRefresh: false,
		describeError,
		quotaResetMs,
		quota: sharedQuota(
			accountKey('secureEndpoint', baseUrl, clientId),
			shareOf(HOURLY_QUOTA, credential.processes),
		),
		gate: gate(REQUESTS_AT_ONCE),
		tls: tlsOf(credential),
	};
}

/** Verification can be turned off for an appliance only. */
export function tlsOf({
	region,
	caCertificate,
	allowUnauthorizedCerts,
}: SecureEndpointCredential): TlsOptions {
	return {
		ca: pemText(caCertificate),
		skipVerification: region === 'privateCloud' && allowUnauthorizedCerts,
	};
}

function addresses(
	context: ApiContext,
	credential: SecureEndpointCredential,
): Pick<SecureEndpointClient, 'baseUrl' | 'consoleUrl'> {
	const suffix = REGION_SUFFIX[credential.region];
	if (suffix) return { baseUrl: `https://api.${suffix}`, consoleUrl: `https://console.${suffix}` };
	const baseUrl = origin(credential.baseUrl);
	if (!baseUrl) {
		throw new NodeOperationError(
			context.getNode(),
			'The Base URL of the Secure Endpoint credential is not usable',
			{
				description:
					'Give the address of the appliance with https:// in front, for example https://amp-api.example.com',
			},
		);
	}
	return { baseUrl, consoleUrl: origin(credential.consoleUrl) };
}

/** HTTPS only: the API key travels in every request. */
function origin(text: string | undefined): string | undefined {
	const url = text?.trim() ?? '';
	return URL.canParse(url) && new URL(url).protocol === 'https:' ? new URL(url).origin : undefined;
}

/** `errors[].details` of Cisco's error envelope, else the descriptions. */
export function describeError({ text }: ApiResponse): string | undefined {
	const texts = errorsOf(text).flatMap(({ description, details }) => {
		const reasons = (Array.isArray(details) ? details : [details]).filter(isText);
		return reasons.length > 0 ? reasons : [description].filter(isText);
	});
	return texts.length > 0 ? texts.join(' ') : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function errorsOf(text: string): { description?: unknown; details?: unknown }[] {
	try {
		const { errors } = JSON.parse(text) as { errors?: unknown };
		return Array.isArray(errors) ? errors.filter((error) => typeof error === 'object' && error !== null) : [];
	} catch {
		return [];
	}
}

/** Seconds from now; documentation and servers spell the header differently. */
export function quotaResetMs(headers: Record<string, string>): number | undefined {
	const seconds = headers['x-ratelimit-reset'] ?? headers['x-rate-limit-reset'];
	return seconds !== undefined && /^\d+(\.\d+)?$/.test(seconds.trim()) ? Number(seconds) * 1_000 : undefined;
}
