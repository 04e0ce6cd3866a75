import { NodeOperationError } from 'n8n-workflow';
import type { ApiClient, ApiContext, ApiResponse } from '../../shared/http';
import { sendJson } from '../../shared/http';
import { accountKey, cachedToken, sharedQuota } from '../../shared/processState';
import { shareOf, type QuotaWindow } from '../../shared/quota';
import type { RetryPolicy } from '../../shared/retry';
import { type Fields, fieldsOf, listOf, textOf } from '../records';
import type { InvestigateAccount } from './investigate';

/** Fields of the credential type `ciscoRtcUmbrellaApi`. */
export interface UmbrellaCredential {
	apiKey: string;
	apiSecret: string;
	/** An API host, or `custom`. */
	baseUrl: string;
	customBaseUrl?: string;
	organizationId?: string;
	investigateTier?: string;
	/** How many processes share the limits. */
	processes?: number;
}

/** Reports live in warehouses per continent; the API sends callers there with a redirect. */
export interface ReportsClient {
	/** Where the next call goes: the API host, or the warehouse that it pointed to. */
	current: ApiClient;
	/** Domains whose hosts may be sent the token. */
	trustedDomains: readonly string[];
}

/** One account. Each family of endpoints has its own quota. */
export interface UmbrellaClient extends InvestigateAccount {
	reports: ReportsClient;
	policies: ApiClient;
}

export const CREDENTIAL = 'ciscoRtcUmbrellaApi';
export const PRODUCT = 'Cisco Umbrella';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A token is replaced this long before it ends. */
const REFRESH_EARLY_MS = 60 * SECOND;

/** A 429 comes without headers; Cisco asks to wait one second at least. The wait is half to all of the delay. */
export const RETRY: RetryPolicy = { attempts: 5, baseDelayMs: 2 * SECOND, maxDelayMs: 30 * SECOND };

/** Published limits: https://developer.cisco.com/docs/cloud-security/umbrella-api-rate-limits/ */
const TOKEN_LIMIT: QuotaWindow[] = [{ limit: 20, windowMs: MINUTE }];
export const REPORTS_LIMIT: QuotaWindow[] = [{ limit: 5, windowMs: SECOND }];
const POLICIES_LIMIT: QuotaWindow[] = [
	{ limit: 2_000, windowMs: MINUTE },
	{ limit: 6_000, windowMs: HOUR },
];
export const INVESTIGATE_LIMITS: Record<string, QuotaWindow[]> = {
	integration: [
		{ limit: 3, windowMs: SECOND },
		{ limit: 2_000, windowMs: DAY },
	],
	tier1: [{ limit: 3, windowMs: SECOND }],
	tier2: [{ limit: 12, windowMs: SECOND }],
	tier3: [{ limit: 12, windowMs: SECOND }],
};

const CISCO_DOMAINS = ['umbrella.com', 'umbrellagov.com', 'sse.cisco.com'];

/**
 * The account that the node's credential names. No request is sent yet.
 *
 * @throws NodeOperationError when the credential's base URL is not a URL.
 */
export async function connect(context: ApiContext): Promise<UmbrellaClient> {
	const credential = await context.getCredentials<UmbrellaCredential>(CREDENTIAL);
	const baseUrl = baseUrlOf(credential);
	if (!URL.canParse(baseUrl)) {
		throw new NodeOperationError(
			context.getNode(),
			'The base URL of the Cisco Umbrella credential is not a URL',
			{
				description: 'Enter it with its scheme, for example https://api.umbrella.com',
			},
		);
	}
	const account = accountKey('umbrella', baseUrl, credential.apiKey, credential.organizationId ?? '');
	const token = tokenSource(context, credential, baseUrl, account);
	const family = (name: string, windows: QuotaWindow[]): ApiClient => ({
		...apiBasics(baseUrl),
		authorize: token,
		canRefresh: true,
		mayHaveEnded,
		quota: sharedQuota(`${account}:${name}`, shareOf(windows, credential.processes)),
	});
	const tier = INVESTIGATE_LIMITS[credential.investigateTier ?? 'tier1'] ?? INVESTIGATE_LIMITS.tier1;
	return {
		reports: { current: family('reports', REPORTS_LIMIT), trustedDomains: trustedDomains(baseUrl) },
		policies: family('policies', POLICIES_LIMIT),
		investigate: { ...family('investigate', tier), basePath: '/investigate/v2' },
	};
}

/**
 * The vendor's text: `{message}` nearly everywhere, `{statusCode, error, message, txId}` from policies,
 * `{error, error_description}` from the token endpoint, `{data: {errors: [{param, value, error}]}}` for parameters of
 * reports.
 */
export function describeError(response: ApiResponse): string | undefined {
	const body = parsedObject(response.text);
	const text = body.message ?? body.error_description ?? body.error ?? parameterErrors(body.data);
	return typeof text === 'string' ? text : undefined;
}

function parameterErrors(data: unknown): string | undefined {
	const texts = listOf(fieldsOf(data).errors).map(({ param, error }) => textOf(error) || textOf(param));
	return texts.filter(Boolean).join('; ') || undefined;
}

function baseUrlOf(credential: UmbrellaCredential): string {
	const url = credential.baseUrl === 'custom' ? (credential.customBaseUrl ?? '') : credential.baseUrl;
	return url.trim().replace(/\/+$/, '');
}

function apiBasics(baseUrl: string): Pick<ApiClient, 'product' | 'baseUrl' | 'describeError' | 'retry'> {
	return { product: PRODUCT, baseUrl, describeError, retry: RETRY };
}

/** Only the product's own domain, so that a redirect can't carry the token of one product to another. */
function trustedDomains(baseUrl: string): string[] {
	const { hostname } = new URL(baseUrl);
	const own = CISCO_DOMAINS.find((domain) => hostname.endsWith(`.${domain}`));
	return own ? [own] : [hostname, 'umbrella.com'];
}

interface TokenAnswer {
	access_token: string;
	/** Seconds. */
	expires_in?: number;
}

const DEFAULT_LIFETIME_S = 3_600;

function tokenSource(
	context: ApiContext,
	credential: UmbrellaCredential,
	baseUrl: string,
	account: string,
): ApiClient['authorize'] {
	const organization: Record<string, string> = credential.organizationId
		? { 'X-Umbrella-OrgId': credential.organizationId }
		: {};
	const login: ApiClient = {
		...apiBasics(baseUrl),
		authorize: async () => ({ Authorization: basic(credential), ...organization }),
		canRefresh: false,
		quota: sharedQuota(`${account}:token`, shareOf(TOKEN_LIMIT, credential.processes)),
	};
	const fetchToken = async () => {
		const answer = await sendJson<TokenAnswer>(context, login, {
			method: 'POST',
			path: '/auth/v2/token',
			body: 'grant_type=client_credentials',
			contentType: 'application/x-www-form-urlencoded',
			idempotent: true,
		});
		const lifetimeMs = (answer.expires_in ?? DEFAULT_LIFETIME_S) * SECOND;
		const headers = { Authorization: `Bearer ${answer.access_token}`, ...organization };
		issuedAt.set(headers, Date.now());
		return {
			headers,
			expiresAt: Date.now() + lifetimeMs - REFRESH_EARLY_MS,
		};
	};
	const key = accountKey('umbrella-token', account, credential.apiSecret);
	return async (refused) => await cachedToken(key, fetchToken, Date.now, refused);
}

function basic({ apiKey, apiSecret }: UmbrellaCredential): string {
	return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
}

/** When each token was given out, epoch ms. */
const issuedAt = new WeakMap<Record<string, string>, number>();

/** A token this new has not ended: the key lacks a scope, or the request is wrong. Without this each such call would cost a token. */
const SURELY_GOOD_MS = MINUTE;

/** Umbrella's document says of a 403 that the token is invalid, and ended ones are seen to give a 400. */
function mayHaveEnded(authorization: Record<string, string>, { status, text }: ApiResponse): boolean {
	const isDoubtful = status === 403 || (status === 400 && TOKEN_ERRORS.includes(String(parsedObject(text).error)));
	return isDoubtful && Date.now() - (issuedAt.get(authorization) ?? 0) >= SURELY_GOOD_MS;
}

const TOKEN_ERRORS = ['invalid_request', 'invalid_token'];

function parsedObject(text: string): Fields {
	try {
		return fieldsOf(JSON.parse(text));
	} catch {
		return {};
	}
}
