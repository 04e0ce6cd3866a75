import type { IDataObject } from 'n8n-workflow';
import type { Execute, NetworkAnalyticsOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	return (await client.eventTypes(itemIndex)) as unknown as IDataObject[];
};

/** GET /sw-reporting/v1/tenants/{tenant}/security-events/templates */
export const getTypes: NetworkAnalyticsOperation = {
	option: {
		name: 'Get Types',
		value: 'getTypes',
		description: 'Get the types of security events that this manager knows, with their IDs',
		action: 'Get security event types',
	},
	fields: [],
	execute,
};
