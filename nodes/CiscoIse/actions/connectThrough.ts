import type { INodeProperties } from 'n8n-workflow';

/** Which accounts the node uses; the credentials to choose depend on it. */
export type ConnectThrough = 'ise' | 'pxGrid';

export const connectThroughField: INodeProperties = {
	displayName: 'Connect Through',
	name: 'connectThrough',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'ERS and MnT',
			value: 'ise',
			description:
				'With pxGrid beside them, each standing in for the other, where its credential is chosen too',
		},
		{ name: 'pxGrid', value: 'pxGrid', description: 'PxGrid only, without an ISE administrator account' },
	],
	default: 'ise',
	displayOptions: { show: { resource: ['ancEndpoint', 'session'] } },
	description: 'Interfaces of Cisco ISE that the node has accounts for',
};
