import type { LabContext } from '../../machine/vendor';
import type { FaultyVendor } from '../shared/faults';
import { ISE_ACCOUNTS } from './accounts';
import { createErs } from './ers';
import { htmlPage } from './ersAnswers';
import { createMnt, isMntPath } from './mnt';
import { POLICY_SERVICE_NODE, PRIMARY } from './model';
import { createPxGrid, isPxGrid, type PxGrid } from './pxgrid';
import { isPxGridFault } from './pxgrid/faults';
import { createStore, type IseStore } from './store';

/**
 * Cisco ISE 3.1: ERS on port 9060 and, through the API gateway, on 443; the MnT API on 443; pxGrid on
 * 8910. Two nodes show the same deployment; the second refuses changes. Switches of `setFault`:
 * - `csrf`: the CSRF check is on
 * - `coaIgnored`: network devices ignore a change of authorization, so that an ANC policy waits for the next
 *   authentication
 * - `primaryDown`: the first node answers 502, as its gateway does while the application restarts
 * - `secondaryPromoted`: the second node takes changes
 * - `release33`: sessions come without identity group, and those of pxGrid without audit session id, as ISE 3.3 sends
 *   many of them
 * - `bindingGone500`: an ANC endpoint that is not there any more is answered 500 instead of 404
 * - `bindingsLate`: an ANC binding shows two seconds after it was applied
 *
 * pxGrid has faults of its own: `PXGRID_FAULTS`.
 */
export function createIse(context: LabContext): FaultyVendor {
	const store = createStore(context);
	const ers = createErs(store);
	const mnt = createMnt(store);
	const pxgrid = createPxGrid(context, store);
	const sync = () => {
		store.sync();
		pxgrid.sync();
	};
	return {
		name: 'ise',
		hosts: [
			'ise.lab.example',
			'ise.lab.example:9060',
			'ise2.lab.example',
			'ise2.lab.example:9060',
			...pxgrid.hosts,
		],
		credentials: () => ({
			ersUrl: 'https://ise.lab.example:9060',
			gatewayUrl: 'https://ise.lab.example',
			mntUrl: 'https://ise.lab.example',
			secondNodeUrl: 'https://ise2.lab.example',
			policyServiceNode: POLICY_SERVICE_NODE,
			accounts: ISE_ACCOUNTS,
			pxgrid: pxgrid.credentials(),
		}),
		state() {
			sync();
			return stateOf(store, pxgrid);
		},
		reset() {
			store.reset();
			ers.reset();
			pxgrid.reset();
		},
		setFault(name, value) {
			if (isPxGridFault(name)) pxgrid.setFault(name, value);
			else store.faults.set(name, value);
		},
		expireTokens: () => pxgrid.expireTokens(),
		upgrade(request, socket, head, record) {
			if (isPxGrid(request.url)) {
				sync();
				pxgrid.upgrade(request, socket, head, record);
				return;
			}
			record({ status: 404, violation: 'only pxGrid takes WebSockets, on port 8910' });
			socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
		},
		async handle(request) {
			sync();
			if (isPxGrid(request.url)) return pxgrid.handle(request);
			const { pathname, port, hostname } = request.url;
			if (hostname === PRIMARY && store.faults.isOn('primaryDown')) return gatewayError();
			if (pathname.startsWith('/ers/')) return await ers.handle(request);
			if (isMntPath(pathname) && port === '') return mnt(request);
			return htmlPage(404, 'Not Found', `nothing of ISE answers ${pathname} on port ${port || '443'}`);
		},
	};
}

function gatewayError() {
	return {
		status: 502,
		headers: { 'Content-Type': 'text/html' },
		body: '<html><h1>502 Bad Gateway</h1></html>',
	};
}

function stateOf(store: IseStore, pxgrid: PxGrid): Record<string, unknown> {
	const shutPorts = store.sessions.shutPorts();
	return {
		ancBindings: [...store.bindings.values()].map(({ id, mac, policyName, appliedAt }) => ({
			id,
			mac,
			policy: policyName,
			hostname: store.hostnameOf(mac),
			appliedAt: new Date(appliedAt).toISOString(),
			inForce: shutPorts.includes(mac) || store.sessions.byMac(mac)?.ancPolicy?.name === policyName,
		})),
		policies: [...store.policies.values()].map(({ name, action }) => ({ name, actions: [action] })),
		sessions: store.sessions.list().map(({ ancPolicy, authenticatedAt, ...session }) => ({
			...session,
			authenticatedAt: new Date(authenticatedAt).toISOString(),
			ancPolicy: ancPolicy?.name ?? null,
			quarantined: ancPolicy?.action === 'QUARANTINE',
		})),
		shutPorts,
		endpointsTouched: structuredClone(store.endpointChanges),
		pxgrid: pxgrid.state(),
	};
}
