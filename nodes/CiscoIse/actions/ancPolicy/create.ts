import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import type { IseClient } from '../../transport/client';
import { ANC_POLICY_PATH } from './policies';

export const description = updateDisplayOptions(
	{ show: { resource: ['ancPolicy'], operation: ['create'] } },
	[
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Quarantine',
		},
		{
			displayName: 'Action',
			name: 'ancAction',
			type: 'options',
			options: [
				{
					name: 'Port Bounce',
					value: 'PORTBOUNCE',
					description: 'Turn the switch port off and on again',
				},
				{
					name: 'Quarantine',
					value: 'QUARANTINE',
					description: 'Authenticate again, into the authorization rule for this policy',
				},
				{
					name: 'Re-Authenticate',
					value: 'RE_AUTHENTICATE',
					description: 'Authenticate again. Newer releases only.',
				},
				{ name: 'Shut Down', value: 'SHUTDOWN', description: 'Turn the switch port off' },
			],
			default: 'QUARANTINE',
			description: 'What the policy does to endpoints; ISE takes exactly one',
		},
	] satisfies INodeProperties[],
);

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	const name = this.getNodeParameter('name', itemIndex) as string;
	const actions = [this.getNodeParameter('ancAction', itemIndex) as string];
	const response = await client.ers.send(this, {
		method: 'POST',
		path: ANC_POLICY_PATH,
		body: { ErsAncPolicy: { name, actions } },
		itemIndex,
	});
	const id = response.headers.location?.split('/').pop();
	return { id: id ? decodeURIComponent(id) : name, name, actions };
};
