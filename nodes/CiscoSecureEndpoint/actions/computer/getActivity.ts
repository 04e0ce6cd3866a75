import { returnAllFields, wantedCount } from '../../../shared/fields';
import { requiredText } from '../../parameters';
import { getMany } from '../../transport/pages';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const q = requiredText(this, 'observable', 'Observable', itemIndex);
	const call = { method: 'GET' as const, path: '/v1/computers/activity', query: { q }, itemIndex };
	const computers = await getMany(this, client, call, wantedCount(this, itemIndex));
	return computers.map(({ connector_guid, hostname, active }) => ({
		connectorGuid: connector_guid,
		hostname,
		active,
	}));
};

/** GET /v1/computers/activity */
export const getActivity: SecureEndpointOperation = {
	option: {
		name: 'Get Activity',
		value: 'getActivity',
		description: 'Get the computers that saw a file, an address or a URL',
		action: 'Get computers by activity',
	},
	fields: [
		{
			displayName: 'Observable',
			name: 'observable',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 203.0.113.7',
			description: 'IPv4 address, SHA-256, file name or part of a URL',
		},
		...returnAllFields('computer', ['getActivity']),
	],
	execute,
};
