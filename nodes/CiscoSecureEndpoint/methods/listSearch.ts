import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { sameOriginPath, sendJson, type ApiCall } from '../../shared/http';
import { connect } from '../transport/client';
import type { Envelope } from '../transport/pages';

const LIST_SIZE = 100;

/** Computers whose host name has the text in it. */
export async function searchComputers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const call = listCall('/v1/computers', { 'hostname[]': filter || undefined });
	return await searchPage(this, call, paginationToken, ({ hostname, connector_guid }) => ({
		name: String(hostname ?? connector_guid),
		value: String(connector_guid),
	}));
}

export async function searchGroups(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await searchPage(
		this,
		listCall('/v1/groups', { name: filter || undefined }),
		paginationToken,
		nameAndGuid,
	);
}

export async function searchPolicies(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const call = listCall('/v1/policies', { 'name[]': filter || undefined });
	return await searchPage(this, call, paginationToken, nameAndGuid);
}

/** File lists of the kind that the node's List Type names. */
export async function searchFileLists(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const type = this.getCurrentNodeParameter('listType') as string;
	const call = listCall(`/v1/file_lists/${type}`, { 'name[]': filter || undefined });
	return await searchPage(this, call, paginationToken, nameAndGuid);
}

function listCall(path: string, query: ApiCall['query']): ApiCall {
	return { method: 'GET', path, query: { limit: LIST_SIZE, ...query } };
}

const nameAndGuid = ({ name, guid }: IDataObject) => ({ name: String(name), value: String(guid) });

/** The pagination token is the path of the next page on our own server. */
async function searchPage(
	context: ILoadOptionsFunctions,
	call: ApiCall,
	token: string | undefined,
	toEntry: (element: IDataObject) => { name: string; value: string },
): Promise<INodeListSearchResult> {
	const client = await connect(context);
	const page: ApiCall = token ? { method: 'GET', path: token } : call;
	const { data, metadata } = await sendJson<Envelope<IDataObject[]>>(context, client, page);
	const next = metadata?.links?.next;
	return {
		results: (data ?? []).map(toEntry),
		paginationToken: next ? sameOriginPath(client, next) : undefined,
	};
}
