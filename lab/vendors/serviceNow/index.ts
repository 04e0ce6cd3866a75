import type { LabContext, LabRequest, LabResponse } from '../../machine/vendor';
import type { FaultyVendor } from '../shared/faults';
import { createRouter } from '../shared/router';
import { createSwitches } from '../shared/switches';
import { createAccess, NOW_ACCOUNTS, OAUTH_CLIENT } from './accounts';
import { registerAttachments } from './attachments';
import { badRequest, NowRefusal, refusalAnswer } from './errors';
import { displayOf, INSTANCE } from './render';
import { createStore, type NowRecord, type NowStore } from './store';
import { registerTableApi, type NowHandler } from './tableApi';

const BASE = /^\/api\/now(?:\/v[12])?(?=\/)/;
const RATE_LIMIT = { limit: 100, waitSeconds: 30 };

/**
 * A ServiceNow instance: Table API (also as v1 and v2), Attachment API, OAuth token endpoint. It has no rate limit,
 * as a new instance has no rate rule; `setFault('rateRule')` plays an exhausted one, `setFault('hibernating')` a
 * sleeping developer instance, which answers every call with 200 and a page.
 */
export function createServiceNow(context: LabContext): FaultyVendor {
	const store = createStore(context);
	const access = createAccess(store.now, () => store.newSysId() + store.newSysId());
	const faults = createSwitches(['rateRule', 'hibernating']);
	const router = createRouter<NowHandler>();
	const on = (method: string, path: string, handler: NowHandler) => router.on(method, path, handler);
	registerTableApi(store, on);
	registerAttachments(store, on);

	const answer = (request: LabRequest): LabResponse => {
		if (request.url.pathname === '/oauth_token.do' && request.method === 'POST')
			return access.issueToken(request);
		const account = access.accountOf(request);
		checkAccept(request);
		if (!BASE.test(request.url.pathname)) throw unknownPath(request);
		const path = request.url.pathname.replace(BASE, '');
		const route = router.find(request.method, path);
		if (!route && router.methods(path).length > 0) {
			const violation = `${request.method} is not allowed here`;
			throw new NowRefusal(405, 'Method not supported', violation, violation);
		}
		if (!route) throw unknownPath(request);
		return route.handler({ request, params: route.params, query: request.url.searchParams, account });
	};

	return {
		name: 'serviceNow',
		hosts: [new URL(INSTANCE).host],
		credentials: () => ({
			instance: INSTANCE,
			subdomain: 'dev00001',
			accounts: NOW_ACCOUNTS,
			oauth: OAUTH_CLIENT,
		}),
		state: () => stateOf(store),
		reset() {
			store.reset();
			access.reset();
			faults.reset();
		},
		setFault: (name, value) => faults.set(name, value),
		expireTokens: () => access.expireTokens(),
		worldChanged: () => store.learnHosts(),
		handle(request) {
			if (faults.isOn('hibernating')) return hibernating();
			if (faults.isOn('rateRule')) return rateLimited(store);
			try {
				return answer(request);
			} catch (error) {
				return refusalAnswer(error);
			}
		},
	};
}

function unknownPath(request: LabRequest): NowRefusal {
	return badRequest('Requested URI does not represent any resource', request.url.pathname);
}

/** File downloads aside, the instance answers JSON only here. */
function checkAccept(request: LabRequest): void {
	const accept = request.headers.accept ?? '*/*';
	if (/json|\*\/\*/.test(accept) || request.url.pathname.endsWith('/file')) return;
	throw new NowRefusal(406, 'Not Acceptable', accept, 'Accept must allow application/json');
}

function hibernating(): LabResponse {
	return {
		status: 200,
		headers: { 'Content-Type': 'text/html' },
		body: '<html><head><title>Instance Hibernating page</title></head><body>Your instance is hibernating.</body></html>',
	};
}

function rateLimited(store: NowStore): LabResponse {
	return {
		status: 429,
		headers: {
			'Retry-After': String(RATE_LIMIT.waitSeconds),
			'X-RateLimit-Limit': String(RATE_LIMIT.limit),
			'X-RateLimit-Reset': String(Math.ceil(store.now() / 1000) + RATE_LIMIT.waitSeconds),
			'X-RateLimit-Rule': 'lab rate rule',
		},
		body: {
			error: { message: 'Rate limit exceeded', detail: 'Inbound REST API rate limit exceeded' },
			status: 'failure',
		},
	};
}

function stateOf(store: NowStore): Record<string, unknown> {
	const task = (table: string) => (record: NowRecord) => ({
		...Object.fromEntries(Object.entries(record).filter(([, value]) => value !== '')),
		...Object.fromEntries(
			['caller_id', 'assigned_to', 'assignment_group', 'cmdb_ci', 'affected_user']
				.filter((name) => record[name])
				.map((name) => [name, displayOf(store, table, record, name)]),
		),
		work_notes: journal(store, record, 'work_notes'),
		comments: journal(store, record, 'comments'),
		attachments: store
			.rows('sys_attachment')
			.filter(({ table_sys_id: owner }) => owner === record.sys_id)
			.map(({ file_name: fileName }) => fileName),
	});
	return {
		incidents: store.rows('incident').map(task('incident')),
		securityIncidents: store.rows('sn_si_incident').map(task('sn_si_incident')),
	};
}

function journal(store: NowStore, record: NowRecord, element: string) {
	return store
		.rows('sys_journal_field')
		.filter((entry) => entry.element_id === record.sys_id && entry.element === element)
		.map(({ value, sys_created_on: at, sys_created_by: by }) => ({ value, at, by }));
}
