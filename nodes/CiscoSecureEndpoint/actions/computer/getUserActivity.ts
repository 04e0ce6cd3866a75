import { returnAllFields, wantedCount } from '../../../shared/fields';
import { requiredText } from '../../parameters';
import { getMany } from '../../transport/pages';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const q = requiredText(this, 'user', 'User', itemIndex);
	const call = { method: 'GET' as const, path: '/v1/computers/user_activity', query: { q }, itemIndex };
	const computers = await getMany(this, client, call, wantedCount(this, itemIndex));
	return computers.map(({ connector_guid, hostname, active }) => ({
		connectorGuid: connector_guid,
		hostname,
		active,
	}));
};

/** GET /v1/computers/user_activity */
export const getUserActivity: SecureEndpointOperation = {
	option: {
		name: 'Get User Activity',
		value: 'getUserActivity',
		description: 'Get the computers on which a user was active',
		action: 'Get computers by user activity',
	},
	fields: [
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. jdoe',
		},
		...returnAllFields('computer', ['getUserActivity']),
	],
	execute,
};
