import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { sendJson, type ApiCall, type ApiClient, type ApiContext, type ApiResponse } from '../../shared/http';
import { accountKey, cachedToken } from '../../shared/processState';
import {
	CREDENTIAL,
	describeError,
	PRODUCT,
	quotaResetMs,
	REGION_SUFFIX,
	tlsOf,
	type SecureEndpointCredential,
} from './client';

/** Version 3 of the API: https://developer.cisco.com/docs/secure-endpoint/ */
export type V3Client = ApiClient;

/** https://developer.cisco.com/docs/secure-endpoint/json-envelope-format */
interface V3Envelope<T> {
	data?: T[];
	/** `total` counts the results of all pages. */
	meta?: { start?: number; size?: number; total?: number };
}

/** What both token endpoints answer. */
interface TokenAnswer {
	access_token?: unknown;
	/** Seconds. */
	expires_in?: number;
}

interface GivenToken {
	text: string;
	lifetimeMs: number;
}

const DEFAULT_LIFETIME_S = 600;

/** A token is replaced this long before it ends; a short-lived one at half its time. */
const REFRESH_EARLY_MS = 60_000;

/** As in Cisco's examples; the largest that the API gives is not documented. */
const PAGE_SIZE = 50;

/** Where an endless chain of pages ends. */
const MAX_PAGES = 1_000;

/** @throws NodeOperationError when the credential is for version 1, or for a private cloud */
export async function connectV3(context: ApiContext): Promise<V3Client> {
	return v3Client(context, await context.getCredentials<SecureEndpointCredential>(CREDENTIAL));
}

/** As `connectV3`, for a credential at hand. */
export function v3Client(context: ApiContext, credential: SecureEndpointCredential): V3Client {
	if (credential.authentication !== 'oAuth2Client') {
		throw new NodeOperationError(context.getNode(), 'This operation needs an OAuth2 client, not an API key', {
			description:
				'It uses version 3 of the API. Choose a Secure Endpoint credential with Authentication "OAuth2 Client (Version 3)".',
		});
	}
	const suffix = REGION_SUFFIX[credential.region];
	if (!suffix) {
		throw new NodeOperationError(
			context.getNode(),
			'A private cloud appliance does not offer version 3 of the API',
			{
				description: 'Choose a credential of a public cloud region.',
			},
		);
	}
	const basics = {
		product: PRODUCT,
		describeError: describeV3Error,
		quotaResetMs,
		canRefresh: false,
		tls: tlsOf(credential),
	};
	const api = { ...basics, baseUrl: `https://api.${suffix}` };
	const issuer = { ...basics, baseUrl: `https://visibility.${suffix}` };
	return { ...api, canRefresh: true, authorize: tokenSource(context, credential, issuer, api) };
}

/**
 * The two steps to a token: the client's own one from Cisco's issuer, exchanged for one of Secure Endpoint.
 * https://developer.cisco.com/docs/secure-endpoint/authentication
 */
function tokenSource(
	context: ApiContext,
	{ oAuthClientId, oAuthClientSecret }: SecureEndpointCredential,
	issuer: Omit<ApiClient, 'authorize'>,
	api: Omit<ApiClient, 'authorize'>,
): ApiClient['authorize'] {
	const basic = Buffer.from(`${oAuthClientId}:${oAuthClientSecret}`).toString('base64');
	const login = async () => {
		const first = await askForToken(context, issuer, '/iroh/oauth2/token', `Basic ${basic}`);
		const { text, lifetimeMs } = await askForToken(context, api, '/v3/access_tokens', `Bearer ${first.text}`);
		const usableMs = Math.max(lifetimeMs - REFRESH_EARLY_MS, lifetimeMs / 2);
		return { headers: { Authorization: `Bearer ${text}` }, expiresAt: Date.now() + usableMs };
	};
	const key = accountKey('secureEndpointV3', api.baseUrl, oAuthClientId, oAuthClientSecret);
	return async (refused) => await cachedToken(key, login, Date.now, refused);
}

/** @throws NodeOperationError when the answer has no token */
async function askForToken(
	context: ApiContext,
	client: Omit<ApiClient, 'authorize'>,
	path: string,
	authorization: string,
): Promise<GivenToken> {
	const authorize = async () => ({ Authorization: authorization });
	const call: ApiCall = {
		method: 'POST',
		path,
		body: 'grant_type=client_credentials',
		contentType: 'application/x-www-form-urlencoded',
		idempotent: true,
	};
	const answer = await sendJson<TokenAnswer | undefined>(context, { ...client, authorize }, call);
	const token = answer?.access_token;
	if (typeof token !== 'string' || token === '') {
		throw new NodeOperationError(context.getNode(), `${PRODUCT} answered without an access token`, {
			description: `Asked was ${client.baseUrl}${path}. Check the region of the credential.`,
		});
	}
	return { text: token, lifetimeMs: (answer?.expires_in ?? DEFAULT_LIFETIME_S) * 1_000 };
}

/** Up to `wanted` elements of a list below `/v3`, in the order of the API. */
export async function listV3(
	context: ApiContext,
	client: V3Client,
	path: string,
	wanted: number,
	itemIndex: number,
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	for (let page = 0; found.length < wanted; page++) {
		if (page === MAX_PAGES) throw tooManyResults(context, itemIndex);
		const size = Math.min(PAGE_SIZE, wanted - found.length);
		const query = { size, start: found.length };
		const call: ApiCall = { method: 'GET', path: `/v3${path}`, query, itemIndex };
		const { data = [], meta } =
			(await sendJson<V3Envelope<IDataObject> | undefined>(context, client, call)) ?? {};
		found.push(...data);
		const isLast = meta?.total === undefined ? data.length < size : found.length >= meta.total;
		if (data.length === 0 || isLast) break;
	}
	return found.slice(0, wanted);
}

function tooManyResults(context: ApiContext, itemIndex: number): NodeOperationError {
	return new NodeOperationError(context.getNode(), `There are more than ${MAX_PAGES * PAGE_SIZE} results`, {
		description: 'Turn off Return All.',
		itemIndex,
	});
}

/** `errors[]` of the API, `{error, error_description}` of the token endpoint. */
export function describeV3Error(response: ApiResponse): string | undefined {
	const { error_description: description, message, error } = parsed(response.text);
	const text = [description, message, error].find(
		(value) => typeof value === 'string' && value.trim() !== '',
	);
	return describeError(response) ?? (text as string | undefined);
}

function parsed(text: string): Record<string, unknown> {
	try {
		const body: unknown = JSON.parse(text);
		return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}
