import { isObject } from '../shared/body';
import type { ErsRoutes } from './ers';
import { created, ersError, ersJson, noContent, selfLink, type ErsCall } from './ersAnswers';
import { search } from './ersSearch';
import { ANC_ACTIONS, type AncAction, type AncPolicy } from './model';
import type { IseStore } from './store';

const RESOURCE = 'ancpolicy';

/** ERS resource `ancpolicy`. Ids are the names. A policy in use can't be deleted. */
export function registerAncPolicies(store: IseStore): ErsRoutes {
	const get = (call: ErsCall) => {
		const policy = store.policies.get(call.params.name);
		return policy ? ersJson({ ErsAncPolicy: full(policy) }) : notFound(call, 'GET-get');
	};
	return (on) => {
		on('GET', `/${RESOURCE}`, (call) =>
			search(call, {
				resource: RESOURCE,
				rows: [...store.policies.values()],
				filters: { name: (policy) => policy.name },
				summary: (policy) => ({ id: policy.name, name: policy.name }),
			}),
		);
		on('GET', `/${RESOURCE}/name/:name`, get);
		on('GET', `/${RESOURCE}/:name`, get);
		on('POST', `/${RESOURCE}`, (call) => create(store, call));
		on('DELETE', `/${RESOURCE}/:name`, (call) => remove(store, call));
	};
}

function full(policy: AncPolicy) {
	return {
		id: policy.name,
		name: policy.name,
		actions: [policy.action],
		link: selfLink(`${RESOURCE}/${encodeURIComponent(policy.name)}`),
	};
}

function notFound(call: ErsCall, operation: string) {
	return ersError(call, 404, `${operation}-${RESOURCE}`, `ANC policy ${call.params.name} is not found`);
}

function create(store: IseStore, call: ErsCall) {
	const refuse = (title: string, violation?: string) =>
		ersError(call, 400, `POST-create-${RESOURCE}`, title, violation);
	const body = isObject(call.body) && isObject(call.body.ErsAncPolicy) ? call.body.ErsAncPolicy : undefined;
	if (!body) return refuse('ErsAncPolicy is missing', 'the body must hold ErsAncPolicy');
	const { name, actions } = body;
	if (typeof name !== 'string' || !/^[\w .-]{1,32}$/.test(name)) {
		return refuse(
			'Invalid policy name',
			'ErsAncPolicy.name must be 1 to 32 letters, digits, blanks, dots, - or _',
		);
	}
	if (!Array.isArray(actions) || actions.length !== 1) {
		return refuse(
			'An ANC policy must have exactly one action',
			'ErsAncPolicy.actions must hold exactly one action',
		);
	}
	const action = actions[0] as AncAction;
	if (!ANC_ACTIONS.includes(action)) {
		return refuse(`Invalid action ${String(action)}`, `the action must be one of ${ANC_ACTIONS.join(', ')}`);
	}
	if (store.policies.has(name)) return refuse(`ANC policy ${name} already exists`);
	store.policies.set(name, { name, action });
	return created(`${RESOURCE}/${encodeURIComponent(name)}`);
}

function remove(store: IseStore, call: ErsCall) {
	const { name } = call.params;
	if (!store.policies.has(name)) return notFound(call, 'DELETE-delete');
	const users = [...store.bindings.values()].filter((binding) => binding.policyName === name);
	if (users.length > 0) {
		const title = `ANC policy ${name} is assigned to ${users.length} endpoint(s) and can't be deleted`;
		return ersError(call, 400, `DELETE-delete-${RESOURCE}`, title);
	}
	store.policies.delete(name);
	return noContent();
}
