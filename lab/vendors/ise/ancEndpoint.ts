import { setTimeout as delay } from 'node:timers/promises';
import { isObject } from '../shared/body';
import { applyPolicy, clearPolicy, resolveMac, type AncRefusal } from './anc';
import type { ErsRoutes } from './ers';
import { ersError, ersJson, GONE, noContent, selfLink, type ErsCall } from './ersAnswers';
import { search } from './ersSearch';
import type { IseStore } from './store';

const RESOURCE = 'ancendpoint';

/** How long ISE works on one operation; ms. Calls for the same endpoint within it are concurrent. */
const OPERATION_MS = 15;

const TARGET_NAMES = ['macAddress', 'ipAddress', 'policyName'];

/**
 * ERS resource `ancendpoint`. The list holds ids only, without MAC or policy, and can be filtered by `name` alone, which
 * is the MAC address.
 * ISE asks for one operation per endpoint at a time: a second one in flight is refused and a violation.
 */
export function registerAncEndpoints(store: IseStore): ErsRoutes {
	const inFlight = new Set<string>();
	const operate = async (
		call: ErsCall,
		operation: string,
		work: (mac: string, policyName: string | undefined) => AncRefusal | undefined,
	) => {
		const refuse = ({ status, title, violation }: AncRefusal) =>
			ersError(call, status, `PUT-${operation}-${RESOURCE}`, title, violation);
		const target = readTarget(call.body);
		if ('status' in target) return refuse(target);
		const endpoint = resolveMac(store, target);
		if ('status' in endpoint) return refuse(endpoint);
		const { mac } = endpoint;
		if (inFlight.has(mac)) {
			const title = `Another ANC operation is in progress for endpoint ${mac}`;
			return refuse({
				status: 500,
				title,
				violation: `${title}: calls for one endpoint must follow one another`,
			});
		}
		inFlight.add(mac);
		try {
			await delay(OPERATION_MS);
			const refusal = work(mac, target.policyName);
			return refusal ? refuse(refusal) : noContent();
		} finally {
			inFlight.delete(mac);
		}
	};
	return (on) => {
		on('GET', `/${RESOURCE}`, (call) =>
			search(call, {
				resource: RESOURCE,
				rows: store.visibleBindings(),
				filters: { name: ({ mac }) => mac },
				summary: ({ id }) => ({ id }),
			}),
		);
		on('GET', `/${RESOURCE}/:id`, (call) => get(store, call));
		on(
			'PUT',
			`/${RESOURCE}/apply`,
			async (call) => await operate(call, 'apply', (mac, policyName) => applyPolicy(store, mac, policyName)),
		);
		on(
			'PUT',
			`/${RESOURCE}/clear`,
			async (call) => await operate(call, 'clear', (mac) => clearPolicy(store, mac)),
		);
	};
}

function get(store: IseStore, call: ErsCall) {
	const { id } = call.params;
	const binding = store.visibleBindings().find((one) => one.id === id);
	if (!binding) {
		const status = store.faults.isOn('bindingGone500') ? 500 : 404;
		return ersError(call, status, `GET-get-${RESOURCE}`, `ANC endpoint ${id} is not found`, undefined, GONE);
	}
	const { mac, policyName } = binding;
	return ersJson({
		ErsAncEndpoint: { id, macAddress: mac, policyName, link: selfLink(`${RESOURCE}/${id}`) },
	});
}

type Target = { macAddress?: string; ipAddress?: string; policyName?: string };

function readTarget(body: unknown): Target | AncRefusal {
	const envelope = isObject(body) ? body.OperationAdditionalData : undefined;
	const pairs = isObject(envelope) ? envelope.additionalData : undefined;
	if (!Array.isArray(pairs) || !pairs.every((pair) => isObject(pair) && typeof pair.value === 'string')) {
		const title = 'OperationAdditionalData.additionalData must be a list of name and value';
		return {
			status: 400,
			title: `Resource Initialization Failed: Invalid JSON: ${title}\n`,
			violation: title,
		};
	}
	const unknown = pairs.find((pair) => !TARGET_NAMES.includes(pair.name));
	if (unknown) {
		const title = `Unknown additionalData name ${String(unknown.name)}`;
		return { status: 400, title, violation: title };
	}
	return Object.fromEntries(pairs.map((pair) => [pair.name, pair.value])) as Target;
}
