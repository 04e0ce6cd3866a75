import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexJson } from '../../transport/request';
import { idField, readRoom, roomField } from '../common';
import { contentFields, readContent } from './content';

interface SendOptions {
	fileUrl?: string;
	parentId?: string;
	truncate?: boolean;
}

export const send: OperationDefinition<WebexClient> = {
	option: {
		name: 'Send',
		value: 'send',
		description: 'Send a text or a card to a room or a person',
		action: 'Send message',
	},
	fields: [
		{
			displayName: 'Send To',
			name: 'sendTo',
			type: 'options',
			options: [
				{ name: 'Person by Email', value: 'toPersonEmail' },
				{ name: 'Person by ID', value: 'toPersonId' },
				{ name: 'Room', value: 'roomId' },
			],
			default: 'roomId',
		},
		{ ...roomField(), displayOptions: { show: { sendTo: ['roomId'] } } },
		{
			...idField('Email', 'toPersonEmail'),
			placeholder: 'e.g. name@email.com',
			displayOptions: { show: { sendTo: ['toPersonEmail'] } },
		},
		{ ...idField('Person ID', 'toPersonId'), displayOptions: { show: { sendTo: ['toPersonId'] } } },
		...contentFields,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'File URL',
					name: 'fileUrl',
					type: 'string',
					default: '',
					description: 'A file that Webex can load from the internet. Not together with a card.',
				},
				{
					displayName: 'Parent Message ID',
					name: 'parentId',
					type: 'string',
					default: '',
					description: 'Message to answer to, in its thread',
				},
				{
					displayName: 'Truncate',
					name: 'truncate',
					type: 'boolean',
					default: true,
					description:
						'Whether to cut text of more than 7,439 bytes, which Webex refuses, instead of failing',
				},
			],
		},
	],
	async execute(client, itemIndex) {
		const {
			fileUrl,
			parentId,
			truncate = true,
		} = this.getNodeParameter('options', itemIndex, {}) as SendOptions;
		const body: IDataObject = {
			...recipient(this, itemIndex),
			...readContent(this, itemIndex, truncate),
			...(parentId && { parentId }),
			...(fileUrl && { files: [fileUrl] }),
		};
		return await webexJson(this, client, { method: 'POST', path: '/messages', body, itemIndex });
	},
};

function recipient(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const kind = context.getNodeParameter('sendTo', itemIndex) as string;
	if (kind === 'roomId') return { roomId: readRoom(context, itemIndex) };
	const value = String(context.getNodeParameter(kind, itemIndex) ?? '').trim();
	if (value) return { [kind]: value };
	throw parameterError(context.getNode(), 'Nobody is named to send the message to', itemIndex);
}
