import type { INodeProperties } from 'n8n-workflow';
import * as disconnect from './disconnect';
import * as reauthenticate from './reauthenticate';

export const operations = { disconnect: disconnect.execute, reauthenticate: reauthenticate.execute };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['coa'] } },
		options: [
			{
				name: 'Disconnect',
				value: 'disconnect',
				description: 'End the session of an endpoint',
				action: 'Disconnect endpoint',
			},
			{
				name: 'Reauthenticate',
				value: 'reauthenticate',
				description: 'Make an endpoint authenticate again',
				action: 'Reauthenticate endpoint',
			},
		],
		default: 'reauthenticate',
	},
	...disconnect.description,
	...reauthenticate.description,
];
