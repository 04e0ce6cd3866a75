import type { LabRequest, LabResponse } from '../../machine/vendor';
import { isObject, mediaType } from '../shared/body';
import { slidingWindow } from '../shared/rateWindow';
import { createRouter } from '../shared/router';
import { withViolation } from '../shared/violation';
import { accountOf } from './accounts';
import { registerAncBulk } from './ancBulk';
import { registerAncEndpoints } from './ancEndpoint';
import { registerAncPolicies } from './ancPolicy';
import { createCsrfGuard } from './csrf';
import { registerEndpoints } from './endpoint';
import { ersError, ersJson, htmlPage, type ErsCall } from './ersAnswers';
import { PRIMARY } from './model';
import { registerNamedObjects } from './namedObjects';
import type { IseStore } from './store';

/** Handler of one ERS path; method, role, headers and body were checked before. */
export type ErsHandler = (call: ErsCall) => LabResponse | Promise<LabResponse>;

/** Adds the paths of one resource. */
export type ErsRoutes = (on: (method: string, path: string, handler: ErsHandler) => void) => void;

const BASE = '/ers/config';
const SUPPORTED_TPS = 100;
const XML_PATHS = ['/ers/config/ancendpoint/bulk/submit'];

/**
 * The ERS API, after Cisco's "ISE API reference: External RESTful Services". Every call needs Basic
 * authentication of an account in ERS Admin (or ERS Operator for reading), and both `Accept` and `Content-Type`
 * set to `application/json`. ISE supports 100 calls per second and neither counts nor refuses more: they are
 * noted as violation. The secondary administration node takes no changes until it is promoted; Cisco does not say what it
 * answers, 500 is taken here.
 */
export function createErs(store: IseStore) {
	const router = createRouter<ErsHandler>();
	const csrf = createCsrfGuard(store.now);
	const supportedRate = slidingWindow(SUPPORTED_TPS, 1000);
	const on = (method: string, path: string, handler: ErsHandler) =>
		router.on(method, `${BASE}${path}`, handler);
	on('GET', '/op/systemconfig/iseversion', iseVersion);
	for (const register of [
		registerAncPolicies,
		registerAncEndpoints,
		registerAncBulk,
		registerEndpoints,
		registerNamedObjects,
	]) {
		register(store)(on);
	}

	const answer = async (request: LabRequest): Promise<LabResponse> => {
		const refusal = checkAccount(request) ?? checkHeaders(request);
		if (refusal) return refusal;
		const pathname = request.url.pathname;
		const route = router.find(request.method, pathname);
		if (!route) {
			const allowed = router.methods(pathname);
			return allowed.length > 0
				? htmlPage(
						405,
						'Method Not Allowed',
						`${request.method} is not allowed here, only ${allowed.join(', ')}`,
					)
				: htmlPage(404, 'Not Found', `no such ERS resource: ${pathname}`);
		}
		if (request.method !== 'GET' && store.faults.isOn('csrf') && !csrf.accepts(request)) {
			return {
				...htmlPage(403, 'Forbidden', 'X-CSRF-TOKEN and its session cookie are required, or they expired'),
				headers: { 'Content-Type': 'text/html;charset=utf-8', 'X-CSRF-TOKEN': 'Required' },
			};
		}
		if (request.method !== 'GET' && request.url.hostname !== PRIMARY && !store.faults.isOn('secondaryPromoted')) {
			const title = 'This operation is allowed on the primary administration node only';
			return ersError({ request }, 500, `${request.method}-unknown`, title);
		}
		const body = readBody(request);
		if ('refusal' in body) return body.refusal;
		return await route.handler({ request, params: route.params, body: body.value });
	};

	return {
		async handle(request: LabRequest): Promise<LabResponse> {
			const tooFast = !supportedRate.take('deployment', store.now()).allowed;
			let response = await answer(request);
			if (store.faults.isOn('csrf') && request.headers['x-csrf-token']?.toLowerCase() === 'fetch') {
				response = { ...response, headers: { ...response.headers, ...csrf.issue() } };
			}
			return withViolation(
				response,
				tooFast ? `more than the ${SUPPORTED_TPS} ERS calls per second that ISE supports` : undefined,
			);
		},
		reset() {
			csrf.reset();
			supportedRate.reset();
		},
	};
}

function iseVersion(): LabResponse {
	return ersJson({
		OperationResult: {
			resultValue: [
				{ value: '3.1.0.518', name: 'version' },
				{ value: '1', name: 'patch information' },
			],
		},
	});
}

function checkAccount(request: LabRequest): LabResponse | undefined {
	const account = accountOf(request);
	if (!account) {
		const page = htmlPage(401, 'Unauthorized', 'no Basic authentication of a known administrator');
		return { ...page, headers: { ...page.headers, 'WWW-Authenticate': 'Basic realm="ERS"' } };
	}
	if (account.roles.includes('ersAdmin')) return undefined;
	if (account.roles.includes('ersOperator') && request.method === 'GET') return undefined;
	return htmlPage(403, 'Forbidden', `${account.user} has no ERS role that allows ${request.method}`);
}

function checkHeaders(request: LabRequest): LabResponse | undefined {
	const xmlAllowed = XML_PATHS.some((path) => request.url.pathname.startsWith(path));
	const allowed = xmlAllowed ? ['application/json', 'application/xml'] : ['application/json'];
	const accepted = (request.headers.accept ?? '')
		.split(',')
		.map((part) => part.split(';')[0].trim().toLowerCase());
	if (!accepted.some((type) => allowed.includes(type))) {
		return ersError(
			{ request },
			406,
			`${request.method}-unknown`,
			'Not Acceptable',
			`Accept must name ${allowed.join(' or ')}`,
		);
	}
	if (!allowed.includes(mediaType(request))) {
		return ersError(
			{ request },
			415,
			`${request.method}-unknown`,
			'Unsupported Media Type',
			`Content-Type must be ${allowed.join(' or ')}, on every ERS call`,
		);
	}
	return undefined;
}

function readBody(request: LabRequest): { value: unknown } | { refusal: LabResponse } {
	if (request.method === 'GET' || request.method === 'DELETE' || mediaType(request) !== 'application/json') {
		return { value: undefined };
	}
	try {
		const value: unknown = JSON.parse(request.body.toString('utf8'));
		if (isObject(value)) return { value };
	} catch {
		// falls through to the one answer that ISE has for every unreadable body
	}
	const title = 'Resource Initialization Failed: Invalid JSON\n';
	return {
		refusal: ersError({ request }, 400, `${request.method}-unknown`, title, 'the body is not a JSON object'),
	};
}
