import type { IDataObject } from 'n8n-workflow';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { getData } from '../../transport/pages';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const call = { method: 'GET' as const, path: '/v1/event_streams', itemIndex };
	const streams = await getData<IDataObject[]>(this, client, call);
	return streams.slice(0, wantedCount(this, itemIndex));
};

/** GET /v1/event_streams. An organization has five at most, so the API gives them without pages. */
export const getMany: SecureEndpointOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many event streams',
		action: 'Get many event streams',
	},
	fields: returnAllFields('eventStream', ['getMany']),
	execute,
};
