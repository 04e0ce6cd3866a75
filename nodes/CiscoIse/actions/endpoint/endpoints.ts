import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { requiredText } from '../../../shared/parameters';
import type { IseClient } from '../../transport/client';
import { ersList, pathSegment } from '../../transport/ers';
import { usableMac } from '../../../shared/identity';

export const ENDPOINT_PATH = '/ers/config/endpoint';

export const endpointField: INodeProperties = {
	displayName: 'MAC Address or ID',
	name: 'endpoint',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 00:50:56:8B:95:4A',
	description: 'MAC address of the endpoint, or its ID in Cisco ISE',
};

/** The full record of the endpoint that the field "MAC Address or ID" names. */
export async function readEndpoint(
	context: IExecuteFunctions,
	client: IseClient,
	itemIndex: number,
): Promise<IDataObject & { id: string }> {
	const id = await endpointId(context, client, itemIndex);
	const path = `${ENDPOINT_PATH}/${pathSegment(id)}`;
	const { ERSEndPoint } = await client.ers.getJson<{ ERSEndPoint: IDataObject }>(context, {
		path,
		itemIndex,
	});
	return { ...ERSEndPoint, id };
}

async function endpointId(context: IExecuteFunctions, client: IseClient, itemIndex: number): Promise<string> {
	const value = requiredText(context, endpointField.name, endpointField.displayName, itemIndex);
	const mac = usableMac(value);
	if (mac === undefined) return value;
	const [row] = await ersList(context, client.ers, ENDPOINT_PATH, {
		limit: 1,
		filters: [`mac.EQ.${mac}`],
		itemIndex,
	});
	if (row) return row.id;
	throw parameterError(context.getNode(), `Cisco ISE has no endpoint with the MAC address ${mac}`, itemIndex);
}
