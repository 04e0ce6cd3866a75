import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import type { IseClient } from '../../transport/client';
import { macField } from '../common';
import { sendCoa } from './send';

export const description = updateDisplayOptions(
	{ show: { resource: ['coa'], operation: ['reauthenticate'] } },
	[
		macField,
		{
			displayName: 'Method',
			name: 'reauthType',
			type: 'options',
			options: [
				{ name: 'Default', value: '0' },
				{ name: 'Last Method', value: '1', description: 'The method that succeeded last' },
				{ name: 'Rerun', value: '2', description: 'Try all methods again' },
			],
			default: '0',
			description: 'How the network device authenticates the endpoint again',
		},
	] satisfies INodeProperties[],
);

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	return await sendCoa(
		this,
		client,
		'Reauth',
		this.getNodeParameter('reauthType', itemIndex) as string,
		itemIndex,
	);
};
