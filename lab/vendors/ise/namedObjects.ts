import type { ErsRoutes } from './ers';
import { ersError, ersJson, selfLink, type ErsCall } from './ersAnswers';
import { search } from './ersSearch';
import type { NamedObject } from './model';
import type { IseStore } from './store';

/** ERS resources `endpointgroup` and `profilerprofile`: list, get by id, get by name. */
export function registerNamedObjects(store: IseStore): ErsRoutes {
	return (on) => {
		const serve = (resource: string, envelope: string, rows: NamedObject[]) => {
			const get = (call: ErsCall, matches: (row: NamedObject) => boolean) => {
				const row = rows.find(matches);
				if (!row) return ersError(call, 404, `GET-get-${resource}`, `${resource} is not found`);
				return ersJson({ [envelope]: { ...row, link: selfLink(`${resource}/${row.id}`) } });
			};
			on('GET', `/${resource}`, (call) =>
				search(call, {
					resource,
					rows: [...rows],
					filters: { name: (row) => row.name, description: (row) => row.description },
					summary: (row) => ({ ...row }),
				}),
			);
			on('GET', `/${resource}/name/:name`, (call) => get(call, ({ name }) => name === call.params.name));
			on('GET', `/${resource}/:id`, (call) => get(call, ({ id }) => id === call.params.id));
		};
		serve('endpointgroup', 'EndPointGroup', store.groups);
		serve('profilerprofile', 'ProfilerProfile', store.profiles);
	};
}
