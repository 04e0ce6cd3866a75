import type { LabContext, LabRequest, LabResponse, VendorEvent } from '../../machine/vendor';
import { basicCredentials, bearerToken } from '../shared/auth';
import { formBody } from '../shared/body';
import type { FaultyVendor } from '../shared/faults';
import { unknownParameters } from '../shared/query';
import { fixedWindow, type RateWindow, slidingWindow, takeAll } from '../shared/rateWindow';
import { misuse, Refusal } from '../shared/refusal';
import { createRouter, type Router } from '../shared/router';
import { sha256Of } from '../shared/values';
import { type ApiKey, findKey, FULL_KEY, LEGACY_KEYS, LIMITED_KEY, ORG_ID } from './accounts';
import { investigateRoutes } from './investigate';
import { createLegacyApis, LEGACY_HOSTS } from './legacy';
import { Organisation } from './organisation';
import { policyRoutes } from './policies';
import { reportRoutes } from './reports';
import { type Api, json, type Route } from './route';
import { TOKEN_LIFETIME, Tokens } from './tokens';

const NAME = 'umbrella';
const MAIN_HOST = 'api.umbrella.com';
const TOKEN_PATH = '/auth/v2/token';
const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

/** Warehouses that hold the reports of an organisation. */
const WAREHOUSES = { us: 'api.us.reports.umbrella.com', eu: 'api.eu.reports.umbrella.com' } as const;
type WarehouseRegion = keyof typeof WAREHOUSES;

const TITLES: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	413: 'Payload Too Large',
	415: 'Unsupported Media Type',
	429: 'Too Many Requests',
};

interface Endpoint {
	api: Api;
	route: Route;
}

function createEndpoints(): Router<Endpoint> {
	const router = createRouter<Endpoint>();
	const apis: Record<Api, Route[]> = {
		reports: reportRoutes,
		policies: policyRoutes,
		investigate: investigateRoutes,
	};
	for (const [api, routes] of Object.entries(apis) as [Api, Route[]][]) {
		for (const route of routes) router.on(route.method, `/${api}/v2${route.path}`, { api, route });
	}
	return router;
}

/** The published limits; no header tells how much is left. */
function createLimits() {
	return {
		token: [slidingWindow(20, MINUTE)],
		reports: [slidingWindow(5, SECOND)],
		policies: [fixedWindow(2000, MINUTE), fixedWindow(6000, HOUR)],
		investigate: [slidingWindow(3, SECOND)],
	};
}

const LIMIT_WORDS: Record<keyof ReturnType<typeof createLimits>, string> = {
	token: '20 tokens per minute and key',
	reports: '5 report calls per second and organisation',
	policies: '2000 policy calls per minute and 6000 per hour and key',
	investigate: '3 Investigate calls per second',
};

function apiOf(pathname: string): Api | undefined {
	return (['reports', 'policies', 'investigate'] as const).find((api) => pathname.startsWith(`/${api}/v2/`));
}

/** The policies API has an error body of its own, and reports one for parameters; otherwise there is a message. */
function problem(error: unknown, url: URL): LabResponse {
	if (!(error instanceof Refusal)) throw error;
	if (error instanceof EndedToken && error.status === 400) return json({ error: 'invalid_request' }, 400);
	const { status, detail, violation } = error;
	const { pathname } = url;
	const api = apiOf(pathname);
	const message = { message: status === 401 || status === 403 ? TITLES[status] : detail };
	const txId = sha256Of(`${pathname} ${detail}`).slice(0, 12);
	const title = TITLES[status] ?? 'Error';
	const bodies: Record<Api, unknown> = {
		policies: { statusCode: status, error: title, ...([400, 409].includes(status) ? { message: detail } : {}), txId },
		reports: status === 400 ? parameterProblem(url, detail) : message,
		investigate: message,
	};
	return { ...json(api ? bodies[api] : message, status), ...(violation ? { violation } : {}) };
}

/** How reports refuse a parameter; `detail` begins with its name. */
function parameterProblem({ searchParams }: URL, detail: string) {
	const [param] = detail.split(' ');
	const value = searchParams.get(param) ?? '';
	return { meta: {}, data: { errors: [{ param, value, error: `invalid ${param}: ${detail}` }] } };
}

/** A token whose time is over. Documents and observations differ about what it is answered. */
class EndedToken extends Refusal {}

const ENDED_STATUSES = [400, 401, 403];

function isRegion(value: unknown): value is WarehouseRegion {
	return value === 'us' || value === 'eu';
}

/**
 * Umbrella, API v2: tokens, reports, destination lists, Investigate; and the legacy APIs with their own hosts and keys.
 *
 * `emit` takes the type dns, proxy, firewall, intrusion, ip or ampRetrospective, and the fields of `ActivityData`.
 * The fault `reportsRedirect` (`eu` or `us`) makes reports answer 302 to that region's warehouse; `endedTokenStatus` (400,
 * 401 or 403) is what a token gets whose time is over.
 */
export function createUmbrella(context: LabContext): FaultyVendor {
	const router = createEndpoints();
	const now = () => context.clock.now(NAME);
	let limits = createLimits();
	let tokens = new Tokens();
	let organisation = new Organisation(context.world, now());
	let redirect: WarehouseRegion | undefined;
	let endedStatus = 401;
	let legacy = createLegacyApis();

	function count(limit: keyof typeof limits, key: string, time: number): void {
		const windows: RateWindow[] = limits[limit];
		if (takeAll(windows, key, time).allowed) return;
		throw new Refusal(429, 'Too Many Requests', `rate limit of ${LIMIT_WORDS[limit]} exceeded`);
	}

	function issueToken(request: LabRequest, time: number): LabResponse {
		if (request.method !== 'POST') throw misuse(405, 'A token is asked for with POST');
		const credentials = basicCredentials(request);
		if (!credentials) throw new Refusal(401, 'Unauthorized', 'no HTTP Basic credentials');
		count('token', credentials.user, time);
		const key = findKey(credentials.user, credentials.password);
		if (!key) throw new Refusal(401, 'Unauthorized', 'wrong API key or secret');
		const form = formBody(request);
		if (!form) throw misuse(415, 'Content-Type must be application/x-www-form-urlencoded');
		if (form.get('grant_type') !== 'client_credentials') {
			throw misuse(400, 'grant_type must be client_credentials');
		}
		return json({ token_type: 'bearer', access_token: tokens.issue(key, time), expires_in: TOKEN_LIFETIME });
	}

	function authorise(request: LabRequest, time: number): ApiKey {
		const token = bearerToken(request);
		if (!token) {
			const warehouse = request.url.hostname !== MAIN_HOST;
			const hint = warehouse ? ': it must be sent again after a redirect' : '';
			throw new Refusal(401, 'Unauthorized', `no bearer token in Authorization${hint}`);
		}
		const key = tokens.find(token, time);
		if (key === 'expired') throw new EndedToken(endedStatus, 'Unauthorized');
		if (!key) throw new Refusal(401, 'Unauthorized', 'unknown bearer token');
		const organisationId = request.headers['x-umbrella-orgid'];
		if (organisationId !== undefined && organisationId !== String(ORG_ID)) {
			throw misuse(403, `The key does not belong to organization ${organisationId}`);
		}
		return key;
	}

	/** The host that must answer a report call, when it is another one than was asked. */
	function otherWarehouse({ url }: LabRequest): string | undefined {
		if (redirect === undefined) {
			return url.hostname === WAREHOUSES.eu ? WAREHOUSES.us : undefined;
		}
		return url.hostname === WAREHOUSES[redirect] ? undefined : WAREHOUSES[redirect];
	}

	function answer(request: LabRequest, time: number): LabResponse {
		const { url } = request;
		const main = url.hostname === MAIN_HOST;
		if (main && url.pathname === TOKEN_PATH) return issueToken(request, time);
		const key = authorise(request, time);
		const found = router.find(request.method, url.pathname);
		const known = found && (main || found.handler.api === 'reports') ? found : undefined;
		if (!known) {
			const methods = router.methods(url.pathname);
			if (methods.length === 0 || found) throw misuse(404, `Unknown path ${url.pathname}`);
			throw misuse(405, `${request.method} is not allowed here, only ${methods.join(', ')}`);
		}
		const { api, route } = known.handler;
		if (!key.scopes.includes(route.scope)) {
			throw new Refusal(403, 'Forbidden', `the API key lacks the scope ${route.scope}`);
		}
		const warehouse = api === 'reports' ? otherWarehouse(request) : undefined;
		if (warehouse) {
			return { status: 302, headers: { location: `https://${warehouse}${url.pathname}${url.search}` } };
		}
		count(api, api === 'reports' ? String(ORG_ID) : key.apiKey, time);
		const unknown = unknownParameters(url.searchParams, route.query ?? []);
		if (unknown.length > 0) throw misuse(400, `${unknown[0]} is not known`);
		const { params } = known;
		return route.handle({ request, url, query: url.searchParams, params, organisation, now: time });
	}

	function handle(request: LabRequest): LabResponse {
		try {
			if (LEGACY_HOSTS.includes(request.url.hostname)) return legacy(request, organisation, now());
			return answer(request, now());
		} catch (error) {
			return problem(error, request.url);
		}
	}

	function emit(event: VendorEvent): void {
		organisation.report(event, event.at + now() - context.clock.now());
	}

	return {
		name: NAME,
		hosts: [MAIN_HOST, WAREHOUSES.us, WAREHOUSES.eu, ...LEGACY_HOSTS],
		handle,
		emit,
		credentials: () => ({
			baseUrl: `https://${MAIN_HOST}`,
			apiKey: FULL_KEY.apiKey,
			keySecret: FULL_KEY.keySecret,
			orgId: ORG_ID,
			scopes: FULL_KEY.scopes,
			limited: LIMITED_KEY,
			legacy: { organizationId: ORG_ID, ...LEGACY_KEYS },
		}),
		state: () => organisation.state(),
		reset: () => {
			limits = createLimits();
			tokens = new Tokens();
			organisation = new Organisation(context.world, now());
			redirect = undefined;
			endedStatus = 401;
			legacy = createLegacyApis();
		},
		expireTokens: () => tokens.expireAll(),
		setFault: (name, value) => {
			const { faults, listFaults } = organisation;
			if (name === 'duplicatePage') faults.duplicatePage = value === true ? true : Number(value ?? 0);
			else if (name === 'reorderPage') faults.reorderPage = Boolean(value);
			else if (name === 'lateEvents') faults.lateEvents = Number(value ?? 0);
			else if (name === 'reportsRedirect') redirect = isRegion(value) ? value : undefined;
			else if (name === 'partialAdd' || name === 'dropIpv4') listFaults[name] = Boolean(value);
			else if (name === 'listCapacity') listFaults.capacity = value ? Number(value) : Infinity;
			else if (name === 'endedTokenStatus') endedStatus = ENDED_STATUSES.find((one) => one === value) ?? 401;
			else throw new Error(`${NAME} has no fault ${name}`);
		},
	};
}
