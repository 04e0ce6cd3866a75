import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexSend } from '../../transport/request';
import { idField } from '../common';

export const del: OperationDefinition<WebexClient> = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Delete a message of the bot, for example a card that was answered',
		action: 'Delete message',
	},
	fields: [idField('Message ID', 'messageId')],
	async execute(client, itemIndex) {
		const path = `/messages/${idSegment(requiredText(this, 'messageId', 'Message ID', itemIndex))}`;
		await webexSend(this, client, { method: 'DELETE', path, itemIndex });
		return { deleted: true };
	},
};
