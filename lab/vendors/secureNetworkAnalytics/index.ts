import type { LabContext, LabRequest, LabResponse, VendorEvent } from '../../machine/vendor';
import { formBody, mediaType } from '../shared/body';
import type { FaultyVendor } from '../shared/faults';
import { unknownParameters } from '../shared/query';
import { misuse, Refusal } from '../shared/refusal';
import { createRouter, type Router } from '../shared/router';
import { findAccount, FULL_ACCOUNT, READ_ONLY_ACCOUNT, TENANT } from './accounts';
import { Manager } from './manager';
import type { Route } from './route';
import { flowReportRoutes } from './routes/flowReports';
import { flowRoutes } from './routes/flows';
import { hostGroupRoutes } from './routes/hostGroups';
import { reportRoutes } from './routes/reports';
import { securityEventRoutes } from './routes/securityEvents';
import { cookieOf, type Session, sessionHeaders, xsrfProblem } from './sessions';

const NAME = 'secureNetworkAnalytics';
const HOST = 'smc.lab.example';
const LOGIN_PATH = '/token/v2/authenticate';
const LOGOUT_PATH = '/token';

const ROUTES: Route[] = [
	...reportRoutes,
	...securityEventRoutes,
	...flowRoutes,
	...flowReportRoutes,
	...hostGroupRoutes,
];

/** Codes of error bodies; the first is one that real answers show, the others are worded like it. */
const CODES: Record<number, string> = {
	400: 'BAD_REQUEST_UNMARSHALING_FAILED',
	401: 'UNAUTHORIZED',
	403: 'FORBIDDEN',
	404: 'NOT_FOUND',
	405: 'METHOD_NOT_ALLOWED',
	409: 'CONFLICT',
	415: 'UNSUPPORTED_MEDIA_TYPE',
	429: 'TOO_MANY_REQUESTS',
};

function createRoutes(): Router<Route> {
	const router = createRouter<Route>();
	for (const route of ROUTES) router.on(route.method, route.path, route);
	return router;
}

function problem(error: unknown): LabResponse {
	if (!(error instanceof Refusal)) throw error;
	const { status, detail, violation } = error;
	return {
		status,
		headers: { 'content-type': 'application/json' },
		body: { errors: [{ code: CODES[status] ?? 'ERROR', description: detail }] },
		...(violation && { violation }),
	};
}

/**
 * Secure Network Analytics (Stealthwatch), the API of its manager (SMC) 7.x: login, security events, flows, top
 * reports, host groups, ready-made reports.
 *
 * `emit` takes the name or id of a security event, and the fields of `EventData`. Faults: `lateEvents` (seconds),
 * `jobsFail`, `jobsHang`, `jobsSlow` (seconds for each hour searched).
 */
export function createSecureNetworkAnalytics(context: LabContext): FaultyVendor {
	const router = createRoutes();
	const now = () => context.clock.now(NAME);
	let manager = new Manager(context);

	function logIn(request: LabRequest, time: number): LabResponse {
		if (request.method !== 'POST') throw misuse(405, 'A session is asked for with POST');
		const form = formBody(request);
		if (!form) {
			const type = mediaType(request) || 'missing';
			throw misuse(415, `Content-Type must be application/x-www-form-urlencoded, not ${type}`);
		}
		const account = findAccount(form.get('username') ?? '', form.get('password') ?? '');
		if (!account) throw new Refusal(401, 'Authentication failed', 'wrong user name or password');
		return { status: 200, headers: sessionHeaders(manager.sessions.open(account, time)) };
	}

	function authorise(request: LabRequest, time: number): Session {
		const session = manager.sessions.find(request, time);
		if (!session) {
			const sent = cookieOf(request, 'stealthwatch.jwt') !== undefined;
			const cause = sent ? 'unknown stealthwatch.jwt cookie' : 'no stealthwatch.jwt cookie';
			throw new Refusal(401, 'Not signed in', cause);
		}
		if (session.state === 'loggedOut') throw new Refusal(401, 'Not signed in', 'the session was logged out');
		if (session.state === 'expired') throw new Refusal(401, 'The session has expired');
		const flaw = request.method === 'GET' ? undefined : xsrfProblem(request, session);
		if (flaw) throw new Refusal(403, 'Invalid XSRF token', flaw);
		return session;
	}

	function answer(request: LabRequest, time: number): LabResponse {
		const { pathname, searchParams } = request.url;
		if (pathname === LOGIN_PATH) return logIn(request, time);
		const session = authorise(request, time);
		if (pathname === LOGOUT_PATH && request.method === 'DELETE') {
			session.state = 'loggedOut';
			return { status: 200 };
		}
		const found = router.find(request.method, pathname);
		if (!found) {
			const methods = router.methods(pathname);
			if (methods.length === 0) throw misuse(404, `Unknown path ${pathname}`);
			throw misuse(405, `${request.method} is not allowed here, only ${methods.join(', ')}`);
		}
		const { handler, params } = found;
		if (params.tenant !== undefined && params.tenant !== String(TENANT.id)) {
			throw new Refusal(404, `No tenant ${params.tenant}`);
		}
		const { account } = session;
		if (handler.changes && account.readOnly) throw misuse(403, 'The user may read only');
		const unknown = unknownParameters(searchParams, handler.query ?? []);
		if (unknown.length > 0) throw misuse(400, `Unknown parameter ${unknown[0]}`);
		return handler.handle({ request, query: searchParams, params, account, manager, now: time });
	}

	function handle(request: LabRequest): LabResponse {
		try {
			return answer(request, now());
		} catch (error) {
			return problem(error);
		}
	}

	function emit(event: VendorEvent): void {
		manager.report(event, event.at + now() - context.clock.now());
	}

	return {
		name: NAME,
		hosts: [HOST],
		handle,
		emit,
		credentials: () => ({
			url: `https://${HOST}`,
			username: FULL_ACCOUNT.username,
			password: FULL_ACCOUNT.password,
			tenantId: TENANT.id,
			readOnly: { username: READ_ONLY_ACCOUNT.username, password: READ_ONLY_ACCOUNT.password },
		}),
		state: () => manager.state(now()),
		reset: () => {
			manager = new Manager(context);
		},
		expireTokens: () => manager.sessions.expireAll(),
		setFault: (name, value) => {
			if (name === 'lateEvents') manager.lateEvents = Number(value ?? 0);
			else if (name === 'jobsSlow') manager.jobs.faults.jobsSlow = Number(value ?? 0);
			else if (name === 'jobsFail' || name === 'jobsHang') manager.jobs.faults[name] = Boolean(value);
			else throw new Error(`${NAME} has no fault ${name}`);
		},
	};
}
