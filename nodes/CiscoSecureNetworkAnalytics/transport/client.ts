import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { cookieHeader, cookieJar } from '../../shared/cookies';
import type { ApiCall, ApiClient, ApiContext, ApiResponse } from '../../shared/http';
import { send, sendJson } from '../../shared/http';
import { pemText } from '../../shared/pem';
import { accountKey, cachedToken } from '../../shared/processState';
import type { RetryPolicy } from '../../shared/retry';

/** Fields of the credential `ciscoRtcSecureNetworkAnalyticsApi`. */
export interface NetworkAnalyticsCredential {
	/** e.g. `https://smc.example.com`. */
	managerUrl: string;
	username: string;
	password: string;
	/** Empty: the only one that the manager has. */
	tenantId?: string | number;
	caCertificate?: string;
	allowUnauthorizedCerts?: boolean;
}

/** A kind of security event. */
export interface EventType {
	id: string;
	name: string;
	description?: string;
}

/** How one execution reaches a manager. What rarely changes is asked for once. */
export interface NetworkAnalyticsClient {
	api: ApiClient;
	/** Id of the tenant that the credential names, else of the only one there is. */
	tenantId(itemIndex?: number): Promise<string>;
	/** The catalogue of security events. Ids differ between installations; names are Cisco's. */
	eventTypes(itemIndex?: number): Promise<EventType[]>;
	/** What changes to a host group wait for, so that none is lost. */
	gateKey(hostGroupId: string): Promise<string>;
}

export interface Tenant {
	id: string;
	name: string;
}

export const CREDENTIAL = 'ciscoRtcSecureNetworkAnalyticsApi';
export const PRODUCT = 'Secure Network Analytics';

const MINUTE_MS = 60_000;

/** Sessions end after about 20 minutes; they are renewed before that. */
const SESSION_MS = 18 * MINUTE_MS;

/** Some resources only offer `text/plain` and refuse a strict `Accept` with 406. */
const ACCEPT = { Accept: 'application/json, text/plain, */*' };

/**
 * The manager that the node's credential names. No request is sent yet.
 *
 * @throws NodeOperationError when the credential's URL is not a URL.
 */
export async function connect(context: ApiContext): Promise<NetworkAnalyticsClient> {
	const credential = await context.getCredentials<
		NetworkAnalyticsCredential & ICredentialDataDecryptedObject
	>(CREDENTIAL);
	return connectManager(context, credential);
}

/**
 * @param options.retry in place of the usual policy
 * @param options.ownSession log in, whether or not there is a session of this user
 */
export function connectManager(
	context: ApiContext,
	credential: NetworkAnalyticsCredential,
	options: { retry?: RetryPolicy; ownSession?: boolean } = {},
): NetworkAnalyticsClient {
	const api = managerApi(context, credential, options);
	const tenantId = once(async (itemIndex?: number) => {
		const configured = String(credential.tenantId ?? '').trim();
		return configured === '' ? await onlyTenant(context, api, itemIndex) : configured;
	});
	const eventTypes = once(
		async (itemIndex?: number) => await readEventTypes(context, api, await tenantId(itemIndex), itemIndex),
	);
	return {
		api,
		tenantId,
		eventTypes,
		gateKey: async (hostGroupId) => accountKey('sna-host-group', api.baseUrl, await tenantId(), hostGroupId),
	};
}

/** Reads the `data` of an answer. */
export async function getData<T>(context: ApiContext, api: ApiClient, call: ApiCall): Promise<T> {
	const answer = await sendJson<{ data?: T } | undefined>(context, api, withAccept(call));
	return answer?.data as T;
}

/** GET /sw-reporting/v1/tenants */
export async function readTenants(
	context: ApiContext,
	api: ApiClient,
	itemIndex?: number,
): Promise<Tenant[]> {
	const rows = await getData<Record<string, unknown>[] | undefined>(context, api, {
		method: 'GET',
		path: '/sw-reporting/v1/tenants',
		itemIndex,
	});
	return (rows ?? []).map(({ id, displayName, name }) => ({
		id: String(id),
		name: String(displayName ?? name ?? id),
	}));
}

/** Sends a call whose answer does not matter beyond its status. */
export async function sendCall(context: ApiContext, api: ApiClient, call: ApiCall): Promise<ApiResponse> {
	return await send(context, api, withAccept(call));
}

/** A value as exactly one segment of a path. */
export const segment = (text: string): string => encodeURIComponent(text);

const withAccept = (call: ApiCall): ApiCall => ({ ...call, headers: { ...ACCEPT, ...call.headers } });

function managerApi(
	context: ApiContext,
	credential: NetworkAnalyticsCredential,
	{ retry, ownSession }: { retry?: RetryPolicy; ownSession?: boolean },
): ApiClient {
	const baseUrl = credential.managerUrl.trim().replace(/\/+$/, '');
	if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
		throw new NodeOperationError(
			context.getNode(),
			'The Manager URL of the Secure Network Analytics credential is not a URL',
			{ description: 'Enter it with its scheme, for example https://smc.example.com' },
		);
	}
	const basics = {
		product: PRODUCT,
		baseUrl,
		describeError,
		retry,
		tls: {
			ca: pemText(credential.caCertificate),
			skipVerification: credential.allowUnauthorizedCerts === true,
		},
	};
	const login: ApiClient = { ...basics, authorize: async () => ({}), canRefresh: false };
	const { username, password } = credential;
	const logIn = async () => ({
		headers: await sessionHeaders(context, login, username, password),
		expiresAt: Date.now() + SESSION_MS,
	});
	const key = ownSession ? undefined : accountKey('sna-session', baseUrl, username, password);
	const session = once(async () => (await logIn()).headers);
	return {
		...basics,
		authorize: async (refused) =>
			key === undefined ? await session() : await cachedToken(key, logIn, Date.now, refused),
		canRefresh: key !== undefined,
	};
}

/**
 * Logs in: POST /token/v2/authenticate. All cookies go back with every call, and one of them, `XSRF-TOKEN`, as a
 * header as well.
 */
async function sessionHeaders(
	context: ApiContext,
	login: ApiClient,
	username: string,
	password: string,
): Promise<Record<string, string>> {
	const response = await sendCall(context, login, {
		method: 'POST',
		path: '/token/v2/authenticate',
		body: new URLSearchParams({ username, password }).toString(),
		contentType: 'application/x-www-form-urlencoded',
		idempotent: true,
	});
	const jar = cookieJar(response.setCookies);
	if (jar.size === 0) {
		throw new NodeOperationError(context.getNode(), 'The manager opened no session: it set no cookie', {
			description: 'Check that the Manager URL of the credential is that of a manager.',
		});
	}
	const xsrfToken = jar.get('XSRF-TOKEN');
	return { Cookie: cookieHeader(jar), ...(xsrfToken !== undefined && { 'X-XSRF-TOKEN': xsrfToken }) };
}

async function onlyTenant(context: ApiContext, api: ApiClient, itemIndex?: number): Promise<string> {
	const tenants = await readTenants(context, api, itemIndex);
	if (tenants.length === 1) return tenants[0].id;
	const known = tenants.map(({ id, name }) => `${id} (${name})`).join(', ');
	throw new NodeOperationError(
		context.getNode(),
		tenants.length === 0
			? 'The user may see no tenant of this manager'
			: 'The manager has more than one tenant',
		{
			itemIndex,
			description:
				tenants.length === 0
					? 'Give the user a data role that covers a tenant.'
					: `Enter one as Tenant ID in the credential: ${known}.`,
		},
	);
}

/** GET /sw-reporting/v1/tenants/{tenant}/security-events/templates */
async function readEventTypes(
	context: ApiContext,
	api: ApiClient,
	tenantId: string,
	itemIndex?: number,
): Promise<EventType[]> {
	const rows = await getData<Record<string, unknown>[] | undefined>(context, api, {
		method: 'GET',
		path: `/sw-reporting/v1/tenants/${segment(tenantId)}/security-events/templates`,
		itemIndex,
	});
	return (rows ?? []).map(({ id, name, description }) => ({
		id: String(id),
		name: typeof name === 'string' && name.trim() !== '' ? name.trim() : String(id),
		...(typeof description === 'string' && { description }),
	}));
}

/** The manager's own words, from the forms that its parts use; `undefined` for pages. */
export function describeError(response: ApiResponse): string | undefined {
	const body = parsedObject(response.text);
	const errors = Array.isArray(body.errors) ? (body.errors as unknown[]) : [];
	const texts = [...errors, body].map((part) => {
		const { message, description, details, error } = (part ?? {}) as Record<string, unknown>;
		return typeof part === 'string' ? part : (message ?? description ?? details ?? error);
	});
	return texts.find((text): text is string => typeof text === 'string' && text.trim() !== '');
}

function parsedObject(text: string): Record<string, unknown> {
	try {
		const body: unknown = JSON.parse(text);
		return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/** Asks once; a failure is forgotten, so that the next caller asks again. */
function once<Argument, Result>(
	ask: (argument?: Argument) => Promise<Result>,
): (argument?: Argument) => Promise<Result> {
	let answer: Promise<Result> | undefined;
	return async (argument) => {
		answer ??= ask(argument).catch((error: unknown) => {
			answer = undefined;
			throw error;
		});
		return await answer;
	};
}
