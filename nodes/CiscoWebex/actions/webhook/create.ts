import type { IDataObject } from 'n8n-workflow';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexJson } from '../../transport/request';
import { withoutSecret } from './webhooks';

export const create: OperationDefinition<WebexClient> = {
	option: { name: 'Create', value: 'create', description: 'Create a webhook', action: 'Create webhook' },
	fields: [
		{ displayName: 'Name', name: 'name', type: 'string', default: '', required: true },
		{
			displayName: 'Target URL',
			name: 'targetUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://n8n.example.com/webhook/webex',
			description: 'Where Webex sends events to',
		},
		{
			displayName: 'Events Of',
			name: 'webhookResource',
			type: 'options',
			options: [
				{
					name: 'Attachment Actions',
					value: 'attachmentActions',
					description: 'Presses on buttons of cards',
				},
				{ name: 'Memberships', value: 'memberships' },
				{ name: 'Messages', value: 'messages', description: 'Bots only get messages that mention them' },
				{ name: 'Rooms', value: 'rooms' },
			],
			default: 'attachmentActions',
		},
		{
			displayName: 'Event',
			name: 'event',
			type: 'options',
			options: [
				{ name: 'All', value: 'all' },
				{ name: 'Created', value: 'created' },
				{ name: 'Deleted', value: 'deleted' },
				{ name: 'Updated', value: 'updated' },
			],
			default: 'created',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'Filter',
					name: 'filter',
					type: 'string',
					default: '',
					placeholder: 'e.g. roomId=Y2lzY29zcGFyazovL3VzL1JPT00v…',
				},
				{
					displayName: 'Secret',
					name: 'secret',
					type: 'string',
					typeOptions: { password: true },
					default: '',
					description: 'Webex signs every event with it (header X-Spark-Signature). Always set one.',
				},
			],
		},
	],
	async execute(client, itemIndex) {
		const read = (name: string) => this.getNodeParameter(name, itemIndex) as string;
		const body = {
			name: read('name'),
			targetUrl: read('targetUrl'),
			resource: read('webhookResource'),
			event: read('event'),
			...(this.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject),
		};
		return withoutSecret(
			await webexJson(this, client, { method: 'POST', path: '/webhooks', body, itemIndex }),
		);
	},
};
