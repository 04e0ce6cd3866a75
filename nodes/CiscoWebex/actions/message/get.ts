import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexJson } from '../../transport/request';
import { idField } from '../common';

export const get: OperationDefinition<WebexClient> = {
	option: { name: 'Get', value: 'get', description: 'Get a message', action: 'Get message' },
	fields: [idField('Message ID', 'messageId')],
	async execute(client, itemIndex) {
		const path = `/messages/${idSegment(requiredText(this, 'messageId', 'Message ID', itemIndex))}`;
		return await webexJson(this, client, { method: 'GET', path, itemIndex });
	},
};
