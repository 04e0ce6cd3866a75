import { misuse } from '../../shared/refusal';
import { data, requiredJson, type Route } from '../route';

const BASE = '/smc-configuration/rest/v1/tenants/:tenant/tags';

/** Host groups, which the API calls tags. */
export const hostGroupRoutes: Route[] = [
	{
		method: 'GET',
		path: BASE,
		handle: ({ manager: { groups } }) => data(groups.all().map((group) => groups.detail(group))),
	},
	{
		method: 'POST',
		path: BASE,
		changes: true,
		handle: (call) => {
			const { groups } = call.manager;
			const body = requiredJson(call);
			if (!Array.isArray(body)) throw misuse(400, 'The request body must be a list of host groups');
			return data(groups.create(body).map((group) => groups.detail(group)));
		},
	},
	{
		method: 'GET',
		path: `${BASE}/:id`,
		handle: ({ manager: { groups }, params }) => data(groups.detail(groups.find(params.id))),
	},
	{
		method: 'PUT',
		path: `${BASE}/:id`,
		changes: true,
		handle: (call) => {
			const { groups } = call.manager;
			return data(groups.detail(groups.replace(call.params.id, requiredJson(call))));
		},
	},
	{
		method: 'DELETE',
		path: `${BASE}/:id`,
		changes: true,
		handle: ({ manager: { groups }, params }) => {
			groups.remove(params.id);
			return { status: 204 };
		},
	},
];
