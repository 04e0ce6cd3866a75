import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { connect } from '../transport/client';
import { type DestinationList, listAll } from '../transport/policies';

/** Destination lists by part of their name, with their access. */
export async function searchDestinationLists(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const { policies } = await connect(this);
	const lists = await listAll<DestinationList>(this, policies, '/destinationlists', Infinity);
	const results = lists
		.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()))
		.map(({ id, name, access }) => ({ name: `${name} (${access})`, value: String(id) }))
		.sort((a, b) => a.name.localeCompare(b.name));
	return { results };
}
