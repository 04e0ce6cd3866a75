import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as confirm from './confirm';
import * as getMany from './getMany';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['alarm'] } },
	options: [
		{
			name: 'Confirm Told',
			value: 'confirm',
			action: 'Confirm that an alarm was told',
			description: 'Say that a message was sent. One that is not confirmed comes again after four minutes.',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many alarms',
			description: 'List what is wrong with sources, and where Cisco ISE and the ledger do not agree',
		},
	],
	default: 'getMany',
};

export const operations: Resource['operations'] = { confirm, getMany };
