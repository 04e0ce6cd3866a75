import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { webexClient } from '../transport/client';
import { firstPage, readPage } from '../transport/request';

/** Rooms that the bot is a member of, latest activity first. */
export async function searchRooms(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const client = await webexClient(this);
	const page = paginationToken ?? firstPage(client, '/rooms', { sortBy: 'lastactivity' });
	const { items, next } = await readPage(this, client, page);
	const wanted = filter?.toLowerCase() ?? '';
	const rooms = items.map(({ id, title }) => ({ name: String(title), value: String(id) }));
	return {
		results: rooms.filter(({ name }) => name.toLowerCase().includes(wanted)),
		paginationToken: next,
	};
}
