import type { IDataObject } from 'n8n-workflow';
import { sendForJson, type ApiCall } from '../../../shared/http';
import { listParameter } from '../../../shared/identity';
import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import { CARD_CONTENT_TYPE } from '../../card';
import { decidedCard } from '../../decisions/outcome';
import { listOf } from '../../decisions/reply';
import { cardKey } from '../../decisions/token';
import { MAX_TEXT_BYTES, truncateToBytes } from '../../text';
import type { WebexClient, WebexCredential } from '../../transport/client';
import { idSegment, webexJson, webexSend } from '../../transport/request';
import { idField } from '../common';

export const close: OperationDefinition<WebexClient> = {
	option: {
		name: 'Close',
		value: 'close',
		description:
			'Show the outcome in place of the buttons. Webex edits no cards, so a new message takes the place of the old one.',
		action: 'Close a card',
	},
	fields: [
		idField('Message ID', 'messageId'),
		{
			displayName: 'Outcome',
			name: 'outcome',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Approved by Ann: seen on the phone',
		},
		{
			displayName: 'Decided IDs',
			name: 'decidedIds',
			type: 'string',
			default: '',
			description:
				'Of a card that lists several hosts, only these intents are decided and the others stay. Leave empty to close the whole card.',
		},
	],
	async execute(client, itemIndex) {
		const path = `/messages/${idSegment(requiredText(this, 'messageId', 'Message ID', itemIndex))}`;
		const read: ApiCall = { method: 'GET', path: client.basePath + path, accept: [404], itemIndex };
		const { status, text } = await sendForJson(this, client.api, read);
		if (status === 404) return { closed: false };
		const old = JSON.parse(text) as IDataObject;
		const content = listOf(old, 'attachments')[0]?.content;
		if (!content) return { closed: false };
		const outcome = this.getNodeParameter('outcome', itemIndex) as string;
		const decided = listParameter(this.getNodeParameter('decidedIds', itemIndex, ''));
		const { accessToken } = await this.getCredentials<WebexCredential>('ciscoRtcWebexBotApi');
		const card = decidedCard(content as IDataObject, outcome, decided, cardKey(accessToken));
		const body = {
			roomId: old.roomId,
			text: truncateToBytes(`${titleOf(old)}\n${outcome}`, MAX_TEXT_BYTES),
			attachments: [{ contentType: CARD_CONTENT_TYPE, content: card }],
			...(old.parentId ? { parentId: old.parentId } : {}),
		};
		const message = await webexJson(this, client, { method: 'POST', path: '/messages', body, itemIndex });
		await webexSend(this, client, { method: 'DELETE', path, accept: [404], itemIndex });
		return { ...message, closed: true, replaces: old.id };
	},
};

function titleOf({ text }: IDataObject): string {
	return String(text ?? '').split('\n')[0];
}
