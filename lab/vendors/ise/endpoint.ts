import { isObject } from '../shared/body';
import type { ErsRoutes } from './ers';
import { ersError, ersJson, selfLink, type ErsCall } from './ersAnswers';
import { search } from './ersSearch';
import type { IseEndpoint } from './model';
import { UNKNOWN_GROUP, type IseStore } from './store';

const RESOURCE = 'endpoint';

/** What ISE stores for a field that a PUT leaves out. */
const EMPTY: Omit<IseEndpoint, 'id' | 'mac'> = {
	description: '',
	profileId: '',
	staticProfileAssignment: false,
	groupId: UNKNOWN_GROUP.id,
	staticGroupAssignment: false,
	portalUser: '',
	identityStore: '',
	identityStoreId: '',
	customAttributes: {},
};

/** What ISE 3.3 tells besides and takes from nobody. */
const READ_ONLY = ['staticGroupAssignmentDefined', 'staticProfileAssignmentDefined'];

/** ERS resource `endpoint`: list, get by id and by name (the MAC), update. */
export function registerEndpoints(store: IseStore): ErsRoutes {
	const get = (call: ErsCall, matches: (endpoint: IseEndpoint) => boolean) => {
		const endpoint = [...store.endpoints.values()].find(matches);
		return endpoint
			? ersJson({ ERSEndPoint: full(endpoint) })
			: ersError(call, 404, `GET-get-${RESOURCE}`, 'EndPoint is not found');
	};
	return (on) => {
		on('GET', `/${RESOURCE}`, (call) =>
			search(call, {
				resource: RESOURCE,
				rows: [...store.endpoints.values()],
				filters: {
					mac: ({ mac }) => mac,
					profileId: ({ profileId }) => profileId,
					groupId: ({ groupId }) => groupId,
					staticGroupAssignment: ({ staticGroupAssignment }) => String(staticGroupAssignment),
					staticProfileAssignment: ({ staticProfileAssignment }) => String(staticProfileAssignment),
					portalUser: ({ portalUser }) => portalUser,
					identityStore: ({ identityStore }) => identityStore,
					identityStoreId: ({ identityStoreId }) => identityStoreId,
				},
				summary: ({ id, mac }) => ({ id, name: mac }),
			}),
		);
		on('GET', `/${RESOURCE}/name/:mac`, (call) =>
			get(call, ({ mac }) => mac === call.params.mac.toUpperCase()),
		);
		on('GET', `/${RESOURCE}/:id`, (call) => get(call, ({ id }) => id === call.params.id));
		on('PUT', `/${RESOURCE}/:id`, (call) => update(store, call));
	};
}

function full({ customAttributes, ...endpoint }: IseEndpoint) {
	return {
		...endpoint,
		name: endpoint.mac,
		staticGroupAssignmentDefined: endpoint.staticGroupAssignment,
		staticProfileAssignmentDefined: endpoint.staticProfileAssignment,
		customAttributes: { customAttributes: { ...customAttributes } },
		link: selfLink(`${RESOURCE}/${endpoint.id}`),
	};
}

/** Replaces the endpoint: fields that the body leaves out are emptied, as ISE does. */
function update(store: IseStore, call: ErsCall) {
	const refuse = (status: number, title: string, violation?: string) =>
		ersError(call, status, `PUT-update-${RESOURCE}`, title, violation);
	const known = store.endpoints.get(call.params.id);
	if (!known) return refuse(404, 'EndPoint is not found');
	const body = isObject(call.body) && isObject(call.body.ERSEndPoint) ? call.body.ERSEndPoint : undefined;
	if (!body) return refuse(400, 'ERSEndPoint is missing', 'the body must hold ERSEndPoint');
	const problem = problemOf(body, known);
	if (problem) return refuse(400, problem, problem);
	if (typeof body.groupId === 'string' && !store.groups.some(({ id }) => id === body.groupId)) {
		return refuse(400, `Endpoint identity group ${body.groupId} does not exist`);
	}

	const next: IseEndpoint = { ...EMPTY, ...given(body), id: known.id, mac: known.mac };
	const changed = Object.keys(EMPTY)
		.map((name) => name as keyof typeof EMPTY)
		.filter((name) => asText(known[name]) !== asText(next[name]))
		.map((field) => ({ field, oldValue: asText(known[field]), newValue: asText(next[field]) }));
	store.endpoints.set(known.id, next);
	store.endpointChanges.push({
		mac: known.mac,
		changed,
		cleared: changed.map(({ field }) => field).filter((field) => !(field in body)),
	});
	return ersJson({ UpdatedFieldsList: { updatedField: changed } });
}

function given(body: Record<string, unknown>): Partial<IseEndpoint> {
	const fields = Object.fromEntries(Object.entries(body).filter(([name]) => name in EMPTY));
	const attributes = isObject(body.customAttributes) ? body.customAttributes.customAttributes : undefined;
	return { ...fields, customAttributes: (attributes as Record<string, string> | undefined) ?? {} };
}

function problemOf(body: Record<string, unknown>, known: IseEndpoint): string | undefined {
	if ('link' in body) return 'link is read-only and must be left out of an update';
	const readOnly = READ_ONLY.find((name) => name in body);
	if (readOnly) return `${readOnly} is read-only and must be left out of an update`;
	for (const name of Object.keys(body)) {
		if (!(name in EMPTY) && !['id', 'name', 'mac'].includes(name)) return `Unrecognized field "${name}"`;
	}
	for (const [name, empty] of Object.entries(EMPTY)) {
		if (name in body && typeof body[name] !== typeof empty) return `${name} must be of type ${typeof empty}`;
	}
	if (body.customAttributes !== undefined && !isAttributes(body.customAttributes)) {
		return 'customAttributes.customAttributes must be an object of texts';
	}
	if (body.mac !== undefined && body.mac !== known.mac)
		return 'the MAC address of an endpoint can not be changed';
	if (body.id !== undefined && body.id !== known.id) return 'id in the body differs from the id in the path';
	return undefined;
}

function isAttributes(value: unknown): boolean {
	return (
		isObject(value) &&
		isObject(value.customAttributes) &&
		Object.values(value.customAttributes).every((text) => typeof text === 'string')
	);
}

function asText(value: unknown): string {
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
