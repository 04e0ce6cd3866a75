import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { connect } from '../transport/client';

/** Types of security events of the manager, by name. */
export async function getEventTypes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const types = await (await connect(this)).eventTypes();
	return types
		.map(({ id, name, description }) => ({ name, value: id, description }))
		.sort((a, b) => a.name.localeCompare(b.name));
}
