import type { IDataObject } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexJson } from '../../transport/request';
import { idField } from '../common';
import { withoutSecret } from './webhooks';

export const update: OperationDefinition<WebexClient> = {
	option: {
		name: 'Update',
		value: 'update',
		description: 'Change a webhook, or turn it on again after Webex turned it off',
		action: 'Update webhook',
	},
	fields: [
		idField('Webhook ID', 'webhookId'),
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				{
					displayName: 'Secret',
					name: 'secret',
					type: 'string',
					typeOptions: { password: true },
					default: '',
					description: 'Webex signs every event with it (header X-Spark-Signature)',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: [
						{ name: 'Active', value: 'active' },
						{ name: 'Inactive', value: 'inactive' },
					],
					default: 'active',
				},
				{ displayName: 'Target URL', name: 'targetUrl', type: 'string', default: '' },
			],
		},
	],
	async execute(client, itemIndex) {
		const path = `/webhooks/${idSegment(requiredText(this, 'webhookId', 'Webhook ID', itemIndex))}`;
		const changes = this.getNodeParameter('updateFields', itemIndex, {}) as IDataObject;
		if (Object.keys(changes).length === 0)
			throw parameterError(this.getNode(), 'Nothing to update', itemIndex);
		// Webex wants name and target in every update.
		const { name, targetUrl } = await webexJson(this, client, { method: 'GET', path, itemIndex });
		const body = { name, targetUrl, ...changes };
		return withoutSecret(await webexJson(this, client, { method: 'PUT', path, body, itemIndex }));
	},
};
