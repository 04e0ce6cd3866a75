import type { LabRequest, LabResponse } from '../../../machine/vendor';
import { basicCredentials, bearerToken } from '../../shared/auth';
import { unknownParameters } from '../../shared/query';
import { type RateWindow, slidingWindow } from '../../shared/rateWindow';
import { misuse, Refusal } from '../../shared/refusal';
import { createRouter, type Router } from '../../shared/router';
import { LEGACY_KEYS } from '../accounts';
import { investigateRoutes } from '../investigate';
import type { Organisation } from '../organisation';
import type { Route } from '../route';
import { createEnforcementRoutes } from './enforcement';
import { reportingRoutes } from './reporting';

/** An operation of a legacy API: its keys have no scopes. */
export type LegacyRoute = Omit<Route, 'scope'>;

const SECOND = 1000;

/** One of the legacy APIs, at a host of its own. */
interface LegacyApi {
	router: Router<LegacyRoute>;
	/** Refuses a call without the key of this API. */
	authorise(request: LabRequest): void;
	limit: RateWindow;
	/** In words, for the journal. */
	limitWords: string;
	/** Query parameters that every call may have. */
	query: readonly string[];
}

function routerOf(routes: readonly LegacyRoute[]): Router<LegacyRoute> {
	const router = createRouter<LegacyRoute>();
	for (const route of routes) router.on(route.method, route.path, route);
	return router;
}

/** Reporting v1: https://docs.umbrella.com/umbrella-api/docs/security-activity-report */
function reportingApi(): LegacyApi {
	return {
		router: routerOf(reportingRoutes),
		authorise(request) {
			const given = basicCredentials(request);
			if (!given) throw new Refusal(401, 'Unauthorized', 'no HTTP Basic credentials');
			const { reportingKey, reportingSecret } = LEGACY_KEYS;
			if (given.user === reportingKey && given.password === reportingSecret) return;
			throw new Refusal(401, 'Unauthorized', 'wrong Reporting v1 key or secret');
		},
		limit: slidingWindow(5, SECOND),
		limitWords: '5 calls per second',
		query: [],
	};
}

/** https://developer.cisco.com/docs/legacy-umbrella-api/enforcement-getting-started */
function enforcementApi(): LegacyApi {
	return {
		router: routerOf(createEnforcementRoutes()),
		authorise({ url }) {
			const key = url.searchParams.get('customerKey');
			if (!key) throw new Refusal(401, 'Unauthorized', 'no customerKey in the query');
			if (key !== LEGACY_KEYS.customerKey) throw new Refusal(401, 'Unauthorized', 'wrong customerKey');
		},
		limit: slidingWindow(5, SECOND),
		limitWords: '5 calls per second',
		query: ['customerKey'],
	};
}

/** The same look-ups as in the current API, without its prefix and with a token that never ends. */
function investigateApi(): LegacyApi {
	return {
		router: routerOf(investigateRoutes),
		authorise(request) {
			const token = bearerToken(request);
			if (!token) throw new Refusal(401, 'Unauthorized', 'no bearer token in Authorization');
			if (token === LEGACY_KEYS.investigateToken) return;
			throw new Refusal(401, 'Unauthorized', 'wrong Investigate token');
		},
		limit: slidingWindow(3, SECOND),
		limitWords: '3 Investigate calls per second',
		query: [],
	};
}

const APIS = {
	'reports.api.umbrella.com': reportingApi,
	's-platform.api.opendns.com': enforcementApi,
	'investigate.api.umbrella.com': investigateApi,
};

export const LEGACY_HOSTS: readonly string[] = Object.keys(APIS);

/**
 * Answers calls to the legacy hosts, and counts them against the limits of each API.
 *
 * @throws Refusal for a call that is refused
 */
export function createLegacyApis() {
	const apis = new Map<string, LegacyApi>(Object.entries(APIS).map(([host, create]) => [host, create()]));
	return (request: LabRequest, organisation: Organisation, now: number): LabResponse => {
		const { url } = request;
		const api = apis.get(url.hostname);
		if (!api) throw misuse(404, `Unknown host ${url.hostname}`);
		api.authorise(request);
		const found = api.router.find(request.method, url.pathname);
		if (!found) throw notFound(api, request);
		if (!api.limit.take('key', now).allowed) {
			throw new Refusal(429, 'Too Many Requests', `rate limit of ${api.limitWords} exceeded`);
		}
		const { handler, params } = found;
		const unknown = unknownParameters(url.searchParams, [...api.query, ...(handler.query ?? [])]);
		if (unknown.length > 0) throw misuse(400, `Unknown parameter ${unknown[0]}`);
		return handler.handle({ request, url, query: url.searchParams, params, organisation, now });
	};
}

function notFound({ router }: LegacyApi, { method, url }: LabRequest): Refusal {
	const methods = router.methods(url.pathname);
	if (methods.length === 0) return misuse(404, `Unknown path ${url.pathname}`);
	return misuse(405, `${method} is not allowed here, only ${methods.join(', ')}`);
}
