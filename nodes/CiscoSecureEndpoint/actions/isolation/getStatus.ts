import { readIsolationOf } from '../../isolation';
import { connectorGuidsOf } from '../../parameters';
import { connectorGuidsField, type Execute, type SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const connectors = await readIsolationOf(this, client, connectorGuidsOf(this, itemIndex), itemIndex);
	return { connectors, inForce: connectors.every(({ status }) => status === 'isolated') };
};

/** GET /v1/computers/{connector_guid}/isolation */
export const getStatus: SecureEndpointOperation = {
	option: {
		name: 'Get Status',
		value: 'getStatus',
		description: 'Get whether computers are isolated, in one item with a list of connectors',
		action: 'Get isolation status',
	},
	fields: [connectorGuidsField],
	execute,
};
