import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ProtectedEntry } from '../../../../ledger/api';

/** What an entry of the protected list covers. */
export const protectedFields: INodeProperties[] = [
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: [
			{ name: 'CIDR', value: 'cidr', description: 'Every IP address of a network' },
			{
				name: 'Endpoint Profile',
				value: 'endpointProfile',
				description: 'Endpoints that ISE profiled as this',
			},
			{ name: 'Hostname', value: 'hostname', description: 'A hostname, or a pattern with *' },
			{ name: 'Identity Group', value: 'identityGroup', description: 'Endpoints of this ISE identity group' },
			{ name: 'IP Address', value: 'ip', description: 'One IP address, or a pattern with *' },
			{ name: 'MAC Address', value: 'mac', description: 'One MAC address, or a pattern with *' },
			{ name: 'OUI', value: 'oui', description: 'Every MAC address of a manufacturer' },
			{ name: 'User', value: 'user', description: 'A user name, or a pattern with *' },
		],
		default: 'mac',
		description: 'What the value is',
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 10.20.0.0/16',
		description: 'The address, network, name or pattern',
	},
];

export function protectedType(context: IExecuteFunctions, itemIndex: number): ProtectedEntry['type'] {
	return context.getNodeParameter('type', itemIndex) as ProtectedEntry['type'];
}
