import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { ANC_POLICY_PATH } from '../actions/ancPolicy/policies';
import { ENDPOINT_GROUP_PATH } from '../actions/endpointGroup/getMany';
import { ANC_SERVICE } from '../anc/pxGridAnc';
import { requiredPxGrid } from '../pxgrid/client';
import { iseClient } from '../transport/client';
import { ersList } from '../transport/ers';

/** Names of the ANC policies: ISE applies policies by name. */
export async function getAncPolicies(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const connectThrough = this.getCurrentNodeParameter('connectThrough');
	const resource = this.getCurrentNodeParameter('resource');
	return resource === 'ancEndpoint' && connectThrough === 'pxGrid'
		? await pxGridPolicies(this)
		: await listOptions(this, ANC_POLICY_PATH, ({ name }) => name);
}

async function pxGridPolicies(context: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const pxGrid = await requiredPxGrid(context);
	const answer = await pxGrid.query<{ policies?: { name: string }[] }>(ANC_SERVICE, 'getPolicies');
	return byName((answer?.policies ?? []).map(({ name }) => ({ name, value: name })));
}

export async function getEndpointGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await listOptions(this, ENDPOINT_GROUP_PATH, ({ id }) => id);
}

async function listOptions(
	context: ILoadOptionsFunctions,
	path: string,
	valueOf: (row: { id: string; name: string }) => string,
): Promise<INodePropertyOptions[]> {
	const client = await iseClient(context);
	const rows = await ersList(context, client.ers, path);
	return byName(rows.map(({ id, name = id }) => ({ name, value: valueOf({ id, name }) })));
}

function byName(options: INodePropertyOptions[]): INodePropertyOptions[] {
	return options.sort((one, other) => one.name.localeCompare(other.name));
}
