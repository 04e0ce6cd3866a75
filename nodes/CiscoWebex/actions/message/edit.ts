import type { IDataObject } from 'n8n-workflow';
import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexJson } from '../../transport/request';
import { idField } from '../common';
import { fittingText } from './content';

export const edit: OperationDefinition<WebexClient> = {
	option: {
		name: 'Edit',
		value: 'edit',
		description: 'Change the text of a message of the bot. Cards can only be deleted and sent again.',
		action: 'Edit message',
	},
	fields: [
		idField('Message ID', 'messageId'),
		{
			displayName: 'Format',
			name: 'format',
			type: 'options',
			options: [
				{ name: 'Markdown', value: 'markdown' },
				{ name: 'Text', value: 'text' },
			],
			default: 'markdown',
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 3 },
			default: '',
			required: true,
		},
		{
			displayName: 'Truncate',
			name: 'truncate',
			type: 'boolean',
			default: true,
			description: 'Whether to cut text of more than 7,439 bytes, which Webex refuses, instead of failing',
		},
	],
	async execute(client, itemIndex) {
		const path = `/messages/${idSegment(requiredText(this, 'messageId', 'Message ID', itemIndex))}`;
		const format = this.getNodeParameter('format', itemIndex) as string;
		const text = this.getNodeParameter('text', itemIndex) as string;
		const truncate = this.getNodeParameter('truncate', itemIndex, true) as boolean;
		const fitting = fittingText(this, text, truncate, itemIndex);
		// Webex wants the room in an edit, and the message knows it.
		const { roomId } = await webexJson<IDataObject>(this, client, { method: 'GET', path, itemIndex });
		const body = { roomId, [format]: fitting };
		return await webexJson(this, client, { method: 'PUT', path, body, itemIndex });
	},
};
