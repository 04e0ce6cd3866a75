import type { LabContext, LabRequest, LabResponse, VendorEvent } from '../../machine/vendor';
import { basicCredentials } from '../shared/auth';
import { type FaultyVendor, type FeedFaults, noFeedFaults } from '../shared/faults';
import { unknownParameters } from '../shared/query';
import { fixedWindow, type RateVerdict } from '../shared/rateWindow';
import { misuse, Refusal } from '../shared/refusal';
import { createRouter, type Router } from '../shared/router';
import { type Account, ACCOUNTS, findAccount, HOSTS, OAUTH_CLIENTS, type Region, REGIONS } from './accounts';
import { problem } from './envelope';
import { Estate } from './estate';
import type { Call, Route } from './route';
import { computerRoutes } from './routes/computers';
import { eventRoutes } from './routes/events';
import { eventStreamRoutes } from './routes/eventStreams';
import { fileListRoutes } from './routes/fileLists';
import { groupRoutes } from './routes/groups';
import { isolationRoutes } from './routes/isolation';
import { trajectoryRoutes } from './routes/trajectories';
import { vulnerabilityRoutes } from './routes/vulnerabilities';
import { createV3, ISSUER_HOSTS } from './v3';

const NAME = 'secureEndpoint';
const HOUR = 3_600_000;
const CALLS_PER_HOUR = 3000;

const ROUTES: Route[] = [
	...eventRoutes,
	...computerRoutes,
	...trajectoryRoutes,
	...isolationRoutes,
	...fileListRoutes,
	...groupRoutes,
	...eventStreamRoutes,
	...vulnerabilityRoutes,
];

function routerOf(routes: Route[]): Router<Route> {
	const router = createRouter<Route>();
	for (const route of routes) router.on(route.method, `/v1${route.path}`, route);
	return router;
}

function regionOf({ url }: LabRequest): Region | undefined {
	return REGIONS.find((region) => HOSTS[region] === url.hostname);
}

function rateHeaders({ limit, remaining, resetAt }: RateVerdict, now: number): Record<string, string> {
	return {
		'x-ratelimit-limit': String(limit),
		'x-ratelimit-remaining': String(remaining),
		'x-ratelimit-reset': String(Math.max(0, Math.ceil((resetAt - now) / 1000))),
		'x-ratelimit-resetdate': `${new Date(resetAt).toISOString().slice(0, 19)}Z`,
	};
}

/** The account that the call authenticates as in the region. */
function authenticate(request: LabRequest, region: Region): Account {
	const credentials = basicCredentials(request);
	const detail = 'Unknown API key or Client ID';
	if (!credentials) throw new Refusal(401, detail, 'no HTTP Basic credentials');
	const account = findAccount(region, credentials.user, credentials.password);
	if (account) return account;
	const elsewhere = REGIONS.find((other) => findAccount(other, credentials.user, credentials.password));
	throw new Refusal(401, detail, elsewhere ? `credentials of region ${elsewhere}` : 'wrong credentials');
}

/** Checks that do not depend on what is stored: path, method, parameter names, scope. */
function routeOf(router: Router<Route>, request: LabRequest, account: Account) {
	const { pathname, searchParams } = request.url;
	const found = router.find(request.method, pathname);
	if (!found) {
		const methods = router.methods(pathname);
		if (methods.length === 0) throw misuse(404, `Unknown path: ${pathname}`);
		throw misuse(405, `${request.method} is not allowed here, only ${methods.join(', ')}`);
	}
	const unknown = unknownParameters(searchParams, found.handler.query ?? []);
	if (unknown.length > 0) throw misuse(400, `Unknown parameter: ${unknown[0]}`);
	if (found.handler.writes && account.scope === 'readOnly') {
		throw misuse(403, 'The API credentials are read-only');
	}
	return found;
}

function refusalResponse(error: unknown): LabResponse {
	if (error instanceof Refusal) return problem(error.status, error.detail, error.violation);
	throw error;
}

/**
 * Secure Endpoint (AMP for Endpoints), API v1 and v3 of the three public clouds. The hosts of the world are those of the
 * US cloud; the other clouds have accounts, and estates without computers.
 *
 * `emit` takes an event type id as text, and the fields of `EventData`. The vendor stamps events with its own clock.
 * The fault `offline` (a host name) keeps the events of that host back until it is cleared.
 */
export function createSecureEndpoint(context: LabContext): FaultyVendor {
	const router = routerOf(ROUTES);
	const window = fixedWindow(CALLS_PER_HOUR, HOUR);
	const now = () => context.clock.now(NAME);
	const newEstates = () =>
		Object.fromEntries(
			REGIONS.map((region) => [
				region,
				new Estate(region, context, region === 'us' ? context.world : undefined, now()),
			]),
		) as Record<Region, Estate>;
	let estates = newEstates();
	let faults: FeedFaults = noFeedFaults();
	const newV3 = () => createV3((region) => estates[region]);
	let v3 = newV3();

	function answer(request: LabRequest, region: Region, account: Account, time: number): LabResponse {
		try {
			const { handler, params } = routeOf(router, request, account);
			const { url } = request;
			const estate = estates[region];
			const call: Call = {
				request,
				url,
				query: url.searchParams,
				params,
				estate,
				account,
				now: time,
				faults,
			};
			return handler.handle(call);
		} catch (error) {
			return refusalResponse(error);
		}
	}

	function handle(request: LabRequest): LabResponse {
		const time = now();
		const v3Answer = v3.handle(request, time);
		if (v3Answer) return v3Answer;
		const region = regionOf(request);
		if (!region) return problem(404, `Unknown host: ${request.url.hostname}`, 'unknown host');
		let account: Account;
		try {
			account = authenticate(request, region);
		} catch (error) {
			return refusalResponse(error);
		}
		estates[region].settle(time);
		const verdict = window.take(account.clientId, time);
		const response = verdict.allowed
			? answer(request, region, account, time)
			: problem(429, 'API rate limit exceeded', `rate limit of ${CALLS_PER_HOUR} calls per hour exceeded`);
		return { ...response, headers: { ...response.headers, ...rateHeaders(verdict, time) } };
	}

	function emit(event: VendorEvent): void {
		const skew = now() - context.clock.now();
		const host = context.world.findByHostname(event.hostname);
		estates.us.report(event, event.at + skew, host, faults.lateEvents * 1000);
	}

	return {
		name: NAME,
		hosts: [...Object.values(HOSTS), ...Object.values(ISSUER_HOSTS)],
		handle,
		emit,
		credentials: () => {
			const { readWrite, readOnly } = ACCOUNTS.us;
			const pair = ({ clientId, apiKey }: Account) => ({ clientId, apiKey });
			return {
				...pair(readWrite),
				readOnly: pair(readOnly),
				oAuthClient: OAUTH_CLIENTS.us,
				regions: Object.fromEntries(
					REGIONS.map((region) => [
						region,
						{
							baseUrl: `https://${HOSTS[region]}`,
							...pair(ACCOUNTS[region].readWrite),
							readOnly: pair(ACCOUNTS[region].readOnly),
							oAuthClient: OAUTH_CLIENTS[region],
						},
					]),
				),
			};
		},
		state: () => {
			for (const region of REGIONS) estates[region].settle(now());
			return {
				...estates.us.state(),
				otherRegions: { eu: estates.eu.state(), apjc: estates.apjc.state() },
			};
		},
		reset: () => {
			estates = newEstates();
			faults = noFeedFaults();
			v3 = newV3();
			window.reset();
		},
		expireTokens: () => v3.expireTokens(),
		setFault: (name, value) => {
			if (name === 'duplicatePage') faults.duplicatePage = value === true ? true : Number(value ?? 0);
			else if (name === 'reorderPage') faults.reorderPage = Boolean(value);
			else if (name === 'lateEvents') faults.lateEvents = Number(value ?? 0);
			else if (name === 'offline') estates.us.setOffline(value ? String(value) : undefined, now());
			else throw new Error(`${NAME} has no fault ${name}`);
		},
	};
}
