import { misuse, Refusal } from '../../shared/refusal';
import { applyPolicy, clearPolicy, resolveMac, type AncRefusal } from '../anc';
import type { AncAction, AncBinding, AncPolicy } from '../model';
import type { IseStore } from '../store';
import { knownFieldsOnly, nothing, ok, optionalText, requiredText } from './call';
import { operationView, type AncOperation, type Operations } from './operations';
import { ipAddressIn, macAddressIn, type ServiceCall } from './sessionService';

/** Spelling of actions in pxGrid; ERS writes two of them without underscore. */
const PXGRID_ACTION: Record<AncAction, string> = {
	QUARANTINE: 'QUARANTINE',
	PORTBOUNCE: 'PORT_BOUNCE',
	SHUTDOWN: 'SHUT_DOWN',
	RE_AUTHENTICATE: 'RE_AUTHENTICATE',
};

const CONTEXT_FIELDS = ['sessionId', 'nasPortId', 'ipAddress', 'userName'];

/** The part of an operation that changes the deployment; it shares policies and bindings with ERS. */
export function carryOut(store: IseStore, operation: AncOperation): AncRefusal | undefined {
	const endpoint = resolveMac(store, operation.target);
	if ('status' in endpoint) return endpoint;
	operation.macAddress = endpoint.mac;
	const { kind, policyName, nasIpAddress } = operation;
	return kind === 'apply'
		? applyPolicy(store, endpoint.mac, policyName, nasIpAddress)
		: clearPolicy(store, endpoint.mac, nasIpAddress);
}

/**
 * Service `com.cisco.ise.config.anc`, after the wiki page "ANC configuration" of pxgrid-rest-ws. `host` is the
 * node's name in operation ids. Applying and clearing answers at once with a running operation; what is not
 * there is answered 204.
 */
export function ancCalls(store: IseStore, operations: Operations, host: string): Record<string, ServiceCall> {
	return {
		...policyCalls(store),
		...endpointCalls(store),
		...operationCalls(operations, host),
	};
}

function policyCalls(store: IseStore): Record<string, ServiceCall> {
	return {
		getPolicies(body) {
			knownFieldsOnly(body, []);
			return ok({ policies: [...store.policies.values()].map(policyView) });
		},
		getPolicyByName(body) {
			knownFieldsOnly(body, ['name']);
			const policy = store.policies.get(requiredText(body, 'name'));
			return policy ? ok(policyView(policy)) : nothing();
		},
		createPolicy(body) {
			knownFieldsOnly(body, ['name', 'actions']);
			const name = requiredText(body, 'name');
			const policy = { name, action: actionIn(body) };
			if (store.policies.has(name)) throw new Refusal(409, `policy ${name} exists`);
			store.policies.set(name, policy);
			return ok(policyView(policy));
		},
		deletePolicyByName(body) {
			knownFieldsOnly(body, ['name']);
			const name = requiredText(body, 'name');
			if ([...store.bindings.values()].some(({ policyName }) => policyName === name)) {
				throw new Refusal(409, `policy ${name} is assigned to endpoints`);
			}
			return store.policies.delete(name) ? ok({}) : nothing();
		},
	};
}

function endpointCalls(store: IseStore): Record<string, ServiceCall> {
	const bindings = (forDevice: boolean) =>
		store.visibleBindings().filter(({ nasIp }) => (nasIp !== undefined) === forDevice);
	return {
		getEndpoints(body) {
			knownFieldsOnly(body, []);
			return ok({ endpoints: bindings(false).map(endpointView) });
		},
		getEndpointPolicies(body) {
			knownFieldsOnly(body, []);
			return ok({ endpoints: bindings(true).map(endpointView) });
		},
		getEndpointByMacAddress(body) {
			knownFieldsOnly(body, ['macAddress']);
			const address = macAddressIn(body);
			const binding = bindings(false).find(({ mac }) => mac === address);
			return binding ? ok(endpointView(binding)) : nothing();
		},
		getEndpointByNasIpAddress(body) {
			knownFieldsOnly(body, ['macAddress', 'nasIpAddress']);
			const address = macAddressIn(body);
			const device = ipAddressIn(body, 'nasIpAddress');
			const binding = bindings(true).find(({ mac, nasIp }) => mac === address && nasIp === device);
			return binding ? ok(endpointView(binding)) : nothing();
		},
	};
}

function operationCalls(operations: Operations, host: string): Record<string, ServiceCall> {
	const start = (request: Parameters<Operations['start']>[0]) =>
		ok(operationView(operations.start(request, host)));
	return {
		applyEndpointByMacAddress(body) {
			knownFieldsOnly(body, ['policyName', 'macAddress']);
			const policyName = requiredText(body, 'policyName');
			return start({ kind: 'apply', policyName, target: { macAddress: macAddressIn(body) } });
		},
		applyEndpointByIpAddress(body) {
			knownFieldsOnly(body, ['policyName', 'ipAddress']);
			const policyName = requiredText(body, 'policyName');
			return start({ kind: 'apply', policyName, target: { ipAddress: ipAddressIn(body, 'ipAddress') } });
		},
		applyEndpointPolicy(body) {
			knownFieldsOnly(body, ['policyName', 'macAddress', 'nasIpAddress', ...CONTEXT_FIELDS]);
			for (const name of CONTEXT_FIELDS) optionalText(body, name);
			return start({
				kind: 'apply',
				policyName: requiredText(body, 'policyName'),
				target: { macAddress: macAddressIn(body) },
				nasIpAddress: ipAddressIn(body, 'nasIpAddress'),
			});
		},
		clearEndpointByMacAddress(body) {
			knownFieldsOnly(body, ['macAddress', 'policyName']);
			return start({ kind: 'clear', target: { macAddress: macAddressIn(body) } });
		},
		clearEndpointByIpAddress(body) {
			knownFieldsOnly(body, ['ipAddress', 'policyName']);
			return start({ kind: 'clear', target: { ipAddress: ipAddressIn(body, 'ipAddress') } });
		},
		clearEndpointPolicy(body) {
			knownFieldsOnly(body, ['macAddress', 'nasIpAddress']);
			return start({
				kind: 'clear',
				target: { macAddress: macAddressIn(body) },
				nasIpAddress: ipAddressIn(body, 'nasIpAddress'),
			});
		},
		getOperationStatus(body) {
			knownFieldsOnly(body, ['operationId']);
			const operation = operations.get(requiredText(body, 'operationId'));
			return operation ? ok(operationView(operation)) : nothing();
		},
	};
}

function policyView({ name, action }: AncPolicy) {
	return { name, actions: [PXGRID_ACTION[action]] };
}

function endpointView({ id, mac, policyName, nasIp }: AncBinding) {
	return { id, macAddress: mac, policyName, ...(nasIp !== undefined && { nasIpAddress: nasIp }) };
}

function actionIn(body: Record<string, unknown>): AncAction {
	const { actions } = body;
	if (!Array.isArray(actions) || actions.length !== 1)
		throw misuse(400, 'actions must hold exactly one action');
	const known = Object.entries(PXGRID_ACTION).find(([, spelling]) => spelling === actions[0]);
	if (known) return known[0] as AncAction;
	throw misuse(400, `the action must be one of ${Object.values(PXGRID_ACTION).join(', ')}`);
}
