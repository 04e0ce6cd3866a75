import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { connect } from '../transport/client';
import { getData, getMany } from '../transport/pages';

/** Event types of the account, by name. */
export async function getEventTypes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const types = await getData<IDataObject[]>(this, await connect(this), {
		method: 'GET',
		path: '/v1/event_types',
	});
	return byName(types.map(({ id, name, description }) => option(name, String(id), description)));
}

/** Groups of the account, by name. */
export async function getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const groups = await getMany(this, await connect(this), { method: 'GET', path: '/v1/groups' }, Infinity);
	return byName(groups.map(({ guid, name, description }) => option(name, guid, description)));
}

function option(name: unknown, value: unknown, description: unknown): INodePropertyOptions {
	return {
		name: String(name),
		value: String(value),
		description: description ? String(description) : undefined,
	};
}

const byName = (options: INodePropertyOptions[]) => options.sort((a, b) => a.name.localeCompare(b.name));
