import type { IDataObject } from 'n8n-workflow';
import { getData } from '../../transport/pages';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	return await getData<IDataObject[]>(this, client, { method: 'GET', path: '/v1/event_types', itemIndex });
};

/** GET /v1/event_types */
export const getTypes: SecureEndpointOperation = {
	option: {
		name: 'Get Event Types',
		value: 'getTypes',
		description: 'Get the types of events that this account knows, with their IDs',
		action: 'Get event types',
	},
	fields: [],
	execute,
};
