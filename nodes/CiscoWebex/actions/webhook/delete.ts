import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexSend } from '../../transport/request';
import { idField } from '../common';

export const del: OperationDefinition<WebexClient> = {
	option: { name: 'Delete', value: 'delete', description: 'Delete a webhook', action: 'Delete webhook' },
	fields: [idField('Webhook ID', 'webhookId')],
	async execute(client, itemIndex) {
		const path = `/webhooks/${idSegment(requiredText(this, 'webhookId', 'Webhook ID', itemIndex))}`;
		await webexSend(this, client, { method: 'DELETE', path, itemIndex });
		return { deleted: true };
	},
};
