import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { ApiClient, ApiContext } from '../../../shared/http';
import { accountKey, sharedQuota } from '../../../shared/processState';
import type { Quota, QuotaWindow } from '../../../shared/quota';
import type { RetryPolicy } from '../../../shared/retry';
import { describeError, INVESTIGATE_LIMITS, PRODUCT, REPORTS_LIMIT, RETRY } from '../client';
import type { InvestigateAccount } from '../investigate';

/** Fields of the credential type `ciscoRtcUmbrellaLegacyApi`. Each API has keys of its own, and any may be missing. */
export interface LegacyCredential extends ICredentialDataDecryptedObject {
	organizationId: string;
	reportingApiKey: string;
	reportingApiSecret: string;
	enforcementApiKey: string;
	investigateToken: string;
}

/** Reporting API v1. */
export interface LegacyReportingClient extends ApiClient {
	organizationId: string;
}

/** Enforcement API v1. The key goes into the query of every call, and nowhere else. */
export interface EnforcementClient extends ApiClient {
	customerKey: string;
	/** How many domains may be sent. */
	domainQuota: Quota;
}

/** The keys of one organisation for the APIs before `api.umbrella.com`. */
export interface LegacyClient extends InvestigateAccount {
	reporting: LegacyReportingClient;
	enforcement: EnforcementClient;
}

export const LEGACY_CREDENTIAL = 'ciscoRtcUmbrellaLegacyApi';

const REPORTING_URL = 'https://reports.api.umbrella.com';
const ENFORCEMENT_URL = 'https://s-platform.api.opendns.com';
const INVESTIGATE_URL = 'https://investigate.api.umbrella.com';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** https://developer.cisco.com/docs/legacy-umbrella-api/enforcement-getting-started */
const ENFORCEMENT_CALLS: QuotaWindow[] = [{ limit: 5, windowMs: SECOND }];
const ENFORCEMENT_DOMAINS: QuotaWindow[] = [{ limit: 200, windowMs: MINUTE }];

/** A 429 says nothing of the time to wait, and the limits are per minute. */
const ENFORCEMENT_RETRY: RetryPolicy = { attempts: 4, baseDelayMs: 15 * SECOND, maxDelayMs: MINUTE };

/** The account that the node's legacy credential names. No request is sent yet. */
export async function connectLegacy(context: ApiContext): Promise<LegacyClient> {
	return legacyClient(context, await context.getCredentials<LegacyCredential>(LEGACY_CREDENTIAL));
}

/** A call to an API whose keys the credential lacks fails with the name of the missing field. */
export function legacyClient(context: ApiContext, credential: LegacyCredential): LegacyClient {
	return {
		reporting: reportingClient(context, credential),
		enforcement: enforcementClient(context, credential),
		investigate: {
			...basics(INVESTIGATE_URL),
			basePath: '',
			authorize: async () => ({
				Authorization: `Bearer ${needed(context, credential, 'investigateToken')}`,
			}),
			quota: quotaOf('investigate', credential.investigateToken, INVESTIGATE_LIMITS.tier1),
		},
	};
}

function reportingClient(context: ApiContext, credential: LegacyCredential): LegacyReportingClient {
	return {
		...basics(REPORTING_URL),
		organizationId: text(credential.organizationId),
		authorize: async () => {
			needed(context, credential, 'organizationId');
			const key = needed(context, credential, 'reportingApiKey');
			const secret = needed(context, credential, 'reportingApiSecret');
			return { Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` };
		},
		quota: quotaOf('reporting', credential.reportingApiKey, REPORTS_LIMIT),
	};
}

function enforcementClient(context: ApiContext, credential: LegacyCredential): EnforcementClient {
	const customerKey = text(credential.enforcementApiKey);
	return {
		...basics(ENFORCEMENT_URL),
		customerKey,
		authorize: async () => {
			needed(context, credential, 'enforcementApiKey');
			return {};
		},
		describeError: (response) => describeError(response)?.replaceAll(customerKey, '***'),
		retry: ENFORCEMENT_RETRY,
		quota: quotaOf('enforcement', customerKey, ENFORCEMENT_CALLS),
		domainQuota: quotaOf('enforcement-domains', customerKey, ENFORCEMENT_DOMAINS),
	};
}

function basics(
	baseUrl: string,
): Pick<ApiClient, 'product' | 'baseUrl' | 'describeError' | 'retry' | 'canRefresh'> {
	return { product: PRODUCT, baseUrl, describeError, retry: RETRY, canRefresh: false };
}

const quotaOf = (family: string, key: string, windows: QuotaWindow[]): Quota =>
	sharedQuota(accountKey(`umbrella-legacy-${family}`, key), windows);

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Names as the credential shows them. */
const LABELS = {
	organizationId: 'Organization ID',
	reportingApiKey: 'Reporting API Key',
	reportingApiSecret: 'Reporting Key Secret',
	enforcementApiKey: 'Enforcement Customer Key',
	investigateToken: 'Investigate Access Token',
};

function needed(context: ApiContext, credential: LegacyCredential, field: keyof typeof LABELS): string {
	const value = text(credential[field]);
	if (value !== '') return value;
	throw new NodeOperationError(
		context.getNode(),
		`The field "${LABELS[field]}" of the Cisco Umbrella legacy credential is empty`,
		{ description: 'This operation needs it: fill it in, or choose another credential.' },
	);
}
