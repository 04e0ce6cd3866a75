import type { LabRequest, LabResponse } from '../../machine/vendor';
import { createRouter, type PathParameters } from '../shared/router';
import { accountOf } from './accounts';
import { htmlPage } from './ersAnswers';
import { activeList, mntError, sessionFields, xml } from './mntXml';
import { MAC_FORM, POLICY_SERVICE_NODE, type IseSession } from './model';
import { UNKNOWN_GROUP, type IseStore } from './store';

type MntHandler = (params: PathParameters) => LabResponse;

const BASE = /^\/(?:admin\/API|ise)\/mnt(?=\/)/;

/** Whether a path belongs to the monitoring node's API (`/ise/mnt` is its old name). */
export function isMntPath(pathname: string): boolean {
	return BASE.test(pathname);
}

/**
 * The API of the monitoring node (MnT), after the "Cisco ISE API Reference Guide": GET only, XML only, and HTTP
 * 500 for a look-up without result or with a MAC that is not in upper-case colon form.
 */
export function createMnt(store: IseStore) {
	const router = createRouter<MntHandler>();
	registerSessions(store, (path, handler) => router.on('GET', path, handler));
	registerChangesOfAuthorization(store, (path, handler) => router.on('GET', path, handler));

	return (request: LabRequest): LabResponse => {
		const refusal = refusalOf(request);
		if (refusal) return refusal;
		const route = router.find('GET', request.url.pathname.replace(BASE, ''));
		return route ? route.handler(route.params) : htmlPage(404, 'Not Found', 'no such MnT call');
	};
}

function refusalOf(request: LabRequest): LabResponse | undefined {
	const account = accountOf(request);
	if (!account) {
		const page = htmlPage(401, 'Unauthorized', 'no Basic authentication of a known administrator');
		return {
			...page,
			headers: { ...page.headers, 'WWW-Authenticate': 'Basic realm="Authentication Required"' },
		};
	}
	if (!account.roles.includes('mntAdmin')) {
		return htmlPage(403, 'Forbidden', `${account.user} has no access to MnT`);
	}
	if (!/application\/xml/i.test(request.headers.accept ?? '')) {
		return htmlPage(406, 'Not Acceptable', 'MnT answers XML only: Accept must name application/xml');
	}
	if (request.method !== 'GET') return htmlPage(405, 'Method Not Allowed', 'MnT calls are GET');
	return undefined;
}

type Register = (path: string, handler: MntHandler) => void;

function registerSessions(store: IseStore, on: Register): void {
	const { sessions } = store;
	const details = (session: IseSession) => {
		if (store.faults.isOn('release33')) return sessionFields(session, undefined);
		const endpoint = [...store.endpoints.values()].find(({ mac }) => mac === session.mac);
		return sessionFields(session, store.groups.find(({ id }) => id === endpoint?.groupId) ?? UNKNOWN_GROUP);
	};
	const one = (session: IseSession | undefined, wanted: string) =>
		session
			? xml({ sessionParameters: details(session) })
			: mntError(`Session data is not available for ${wanted}.`);
	const count = (number: number) => xml({ sessionCount: { count: String(number) } });

	on('/Session/ActiveList', () => activeList(sessions.list()));
	on('/Session/ActiveCount', () => count(sessions.list().length));
	on('/Session/PostureCount', () => count(0));
	on('/Session/ProfilerCount', () => count(store.endpoints.size));
	on('/Session/MACAddress/:mac', ({ mac }) => withMac(mac, () => one(sessions.byMac(mac), mac)));
	on('/Session/UserName/:user', ({ user }) =>
		one(
			sessions.newest(({ userName }) => userName === user),
			user,
		),
	);
	on('/Session/EndPointIPAddress/:ip', (params) =>
		one(
			sessions.newest(({ ip }) => ip === params.ip),
			params.ip,
		),
	);
	on('/Session/IPAddress/:nasIp', (params) =>
		one(
			sessions.newest(({ nasIp }) => nasIp === params.nasIp),
			params.nasIp,
		),
	);
	on('/Session/AuthList/:start/:end', ({ start, end }) => {
		const from = boundary(start, -Infinity);
		const to = boundary(end, Infinity);
		if (Number.isNaN(from) || Number.isNaN(to)) {
			return mntError('Invalid date', 'start and end must be null or have the form yyyy-MM-dd HH:mm:ss');
		}
		return activeList(
			sessions.list().filter((one) => one.authenticatedAt >= from && one.authenticatedAt <= to),
		);
	});
	on('/AuthStatus/MACAddress/:mac/:seconds/:records/:attributes', (params) =>
		withMac(params.mac, () => authStatus(store, params, details)),
	);
}

function authStatus(
	store: IseStore,
	{ mac, seconds, records, attributes }: PathParameters,
	details: (session: IseSession) => Record<string, unknown>,
): LabResponse {
	if (!/^\d+$/.test(seconds) || !/^\d+$/.test(records) || !/^(All|0)$/i.test(attributes)) {
		return mntError('Invalid parameters', 'AuthStatus takes seconds, number of records, and All or 0');
	}
	const session = store.sessions.byMac(mac);
	const recent = session && store.now() - session.authenticatedAt <= Number(seconds) * 1000 ? [session] : [];
	return xml({
		authStatusOutputList: {
			authStatusList: { '@key': mac, authStatusElements: recent.map(details) },
		},
	});
}

function registerChangesOfAuthorization(store: IseStore, on: Register): void {
	const change = (
		kind: 'reauth' | 'disconnect',
		{ node, mac, type }: PathParameters,
		work: (type: string) => boolean,
	) =>
		withMac(mac, () => {
			if (!/^[012]$/.test(type)) return mntError('Invalid type', `the type of ${kind} must be 0, 1 or 2`);
			if (!store.sessions.byMac(mac)) return mntError(`Session data is not available for ${mac}.`);
			const reached = node === POLICY_SERVICE_NODE && !store.faults.isOn('coaIgnored');
			return xml({
				remoteCoA: { '@requestType': kind, results: String(reached && work(type)) },
			});
		});
	const reauth: MntHandler = (params) =>
		change('reauth', params, () => store.sessions.reauthenticate(params.mac));
	const disconnect: MntHandler = (params) =>
		change('disconnect', params, (type) =>
			type === '2' ? store.sessions.shutPort(params.mac) : store.sessions.bounce(params.mac),
		);
	for (const rest of ['', '/:nasIp', '/:nasIp/:destinationIp']) {
		on(`/CoA/Reauth/:node/:mac/:type${rest}`, reauth);
		on(`/CoA/Disconnect/:node/:mac/:type${rest}`, disconnect);
	}
}

/** MnT knows a MAC only in upper-case colon form and takes any other for an internal error. */
function withMac(mac: string, answer: () => LabResponse): LabResponse {
	if (MAC_FORM.test(mac)) return answer();
	return mntError(
		`Session data is not available for ${mac}.`,
		`${mac} must be written as AA:BB:CC:DD:EE:FF, in upper case`,
	);
}

function boundary(text: string, unbounded: number): number {
	return text === 'null' ? unbounded : Date.parse(`${text.replace(' ', 'T')}Z`);
}
