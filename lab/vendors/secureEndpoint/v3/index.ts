import type { LabRequest, LabResponse } from '../../../machine/vendor';
import { basicCredentials, bearerToken } from '../../shared/auth';
import { formBody } from '../../shared/body';
import { integerParameter, unknownParameters } from '../../shared/query';
import { misuse, Refusal } from '../../shared/refusal';
import { createRouter } from '../../shared/router';
import { findOAuthClient, type Region, REGIONS } from '../accounts';
import type { Estate, Policy } from '../estate';
import { TOKEN_LIFETIME, Tokens } from './tokens';

/** Hosts that give out tokens to API clients of Cisco XDR and Secure Client Cloud Management. */
export const ISSUER_HOSTS: Record<Region, string> = {
	us: 'visibility.amp.cisco.com',
	eu: 'visibility.eu.amp.cisco.com',
	apjc: 'visibility.apjc.amp.cisco.com',
};

const GRANT_PATH = '/iroh/oauth2/token';
const EXCHANGE_PATH = '/v3/access_tokens';
const LARGEST_PAGE = 1000;

interface Call {
	url: URL;
	params: Record<string, string>;
	estate: Estate;
}

type Route = (call: Call) => LabResponse;

function json(status: number, body: unknown): LabResponse {
	return { status, headers: { 'content-type': 'application/json' }, body };
}

/** https://developer.cisco.com/docs/secure-endpoint/json-envelope-format: `size` is required. */
function page({ url }: Call, all: readonly unknown[]): LabResponse {
	const unknown = unknownParameters(url.searchParams, ['size', 'start']);
	if (unknown.length > 0) throw misuse(400, `Unknown parameter: ${unknown[0]}`);
	if (!url.searchParams.has('size')) throw misuse(400, 'size is required');
	const size = integerParameter(url.searchParams, 'size', { fallback: 0, min: 1, max: LARGEST_PAGE });
	const start = integerParameter(url.searchParams, 'start', { fallback: 0 });
	if (size === undefined) throw misuse(400, `size must be a number from 1 to ${LARGEST_PAGE}`);
	if (start === undefined) throw misuse(400, 'start must be a number of 0 or more');
	const data = all.slice(start, start + size);
	return json(200, { data, meta: { start, size: data.length, total: all.length }, errors: [] });
}

const organizationView = ({ organization }: Estate) => ({
	name: organization.name,
	organizationIdentifier: organization.identifier,
});

function policyView({ organization }: Estate, policy: Policy) {
	const createdAt = new Date(organization.createdAt).toISOString();
	return {
		name: policy.name,
		guid: policy.guid,
		description: policy.description,
		createdAt,
		updatedAt: createdAt,
		serialNumber: policy.serialNumber,
		orbital: { enabled: false },
		operatingSystem: policy.product,
		policyType: 'workstation',
	};
}

function createRoutes() {
	const router = createRouter<Route>();
	router.on('GET', '/v3/organizations', (call) => page(call, [organizationView(call.estate)]));
	router.on('GET', '/v3/organizations/:organization/policies', (call) => {
		const { estate, params } = call;
		if (params.organization !== estate.organization.identifier) {
			throw new Refusal(404, `Organization not found: ${params.organization}`);
		}
		return page(
			call,
			estate.policies.map((policy) => policyView(estate, policy)),
		);
	});
	return router;
}

/** Both token endpoints want the same form. */
function checkGrant(request: LabRequest): void {
	if (request.method !== 'POST') throw misuse(405, 'A token is asked for with POST');
	const form = formBody(request);
	if (!form) throw misuse(415, 'Content-Type must be application/x-www-form-urlencoded');
	if (form.get('grant_type') !== 'client_credentials')
		throw misuse(400, 'grant_type must be client_credentials');
}

function refusal(error: unknown, issuer: boolean): LabResponse {
	if (!(error instanceof Refusal)) throw error;
	const { status, detail, violation } = error;
	const body = issuer
		? { error: status === 401 ? 'invalid_client' : 'invalid_request', error_description: detail }
		: { data: [], meta: {}, errors: [{ code: status, description: detail }] };
	return { ...json(status, body), ...(violation ? { violation } : {}) };
}

/** Secure Endpoint, API v3, with the two steps to its tokens. */
export function createV3(estateOf: (region: Region) => Estate) {
	const router = createRoutes();
	const tokens = new Tokens();

	function answerToken(
		kind: 'issuer' | 'api',
		request: LabRequest,
		region: Region,
		now: number,
	): LabResponse {
		checkGrant(request);
		const client = kind === 'issuer' ? clientOf(request, region) : bearerOf('issuer', request, region, now);
		const access_token = tokens.issue(kind, region, client, now);
		return json(200, { access_token, token_type: 'bearer', expires_in: TOKEN_LIFETIME });
	}

	function clientOf(request: LabRequest, region: Region) {
		const given = basicCredentials(request);
		if (!given) throw new Refusal(401, 'unknown client', 'no HTTP Basic credentials');
		const client = findOAuthClient(region, given.user, given.password);
		if (!client) throw new Refusal(401, 'unknown client', 'wrong OAuth2 client or secret');
		return client;
	}

	function bearerOf(kind: 'issuer' | 'api', request: LabRequest, region: Region, now: number) {
		const token = bearerToken(request);
		if (!token) throw new Refusal(401, 'Unauthorized', 'no bearer token in Authorization');
		const checked = tokens.check(token, kind, region, now);
		if (checked === 'expired') throw new Refusal(401, 'Unauthorized');
		if ('refused' in checked) throw new Refusal(401, 'Unauthorized', checked.refused);
		return checked.client;
	}

	function answer(request: LabRequest, region: Region, issuer: boolean, now: number): LabResponse {
		const { url, method } = request;
		if (issuer && url.pathname !== GRANT_PATH) throw misuse(404, `Unknown path: ${url.pathname}`);
		if (issuer) return answerToken('issuer', request, region, now);
		if (url.pathname === EXCHANGE_PATH) return answerToken('api', request, region, now);
		bearerOf('api', request, region, now);
		const found = router.find(method, url.pathname);
		if (!found) {
			const methods = router.methods(url.pathname);
			if (methods.length === 0) throw misuse(404, `Unknown path: ${url.pathname}`);
			throw misuse(405, `${method} is not allowed here, only ${methods.join(', ')}`);
		}
		return found.handler({ url, params: found.params, estate: estateOf(region) });
	}

	return {
		/** The answer, or undefined when the call is none of version 3. */
		handle(request: LabRequest, now: number): LabResponse | undefined {
			const { hostname, pathname } = request.url;
			const issuer = REGIONS.find((region) => ISSUER_HOSTS[region] === hostname);
			const region = issuer ?? REGIONS.find((one) => estateOf(one).origin === request.url.origin);
			if (!region || (!issuer && !pathname.startsWith('/v3/'))) return undefined;
			try {
				return answer(request, region, issuer !== undefined, now);
			} catch (error) {
				return refusal(error, issuer !== undefined);
			}
		},
		expireTokens: () => tokens.expireAll(),
	};
}
