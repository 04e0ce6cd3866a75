import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import type { IseClient } from '../../transport/client';
import { macField } from '../common';
import { sendCoa } from './send';

export const description = updateDisplayOptions({ show: { resource: ['coa'], operation: ['disconnect'] } }, [
	macField,
	{
		displayName: 'Port',
		name: 'portOption',
		type: 'options',
		options: [
			{ name: 'Leave as It Is', value: '0', description: 'End the session only' },
			{ name: 'Bounce', value: '1', description: 'Turn the port off and on again' },
			{ name: 'Shut Down', value: '2', description: 'Turn the port off until it is turned on by hand' },
		],
		default: '0',
		description: 'What to do with the switch port of the endpoint',
	},
] satisfies INodeProperties[]);

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	return await sendCoa(
		this,
		client,
		'Disconnect',
		this.getNodeParameter('portOption', itemIndex) as string,
		itemIndex,
	);
};
