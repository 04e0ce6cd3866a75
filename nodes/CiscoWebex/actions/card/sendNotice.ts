import type { IExecuteFunctions } from 'n8n-workflow';
import type { Intent } from '../../../../ledger/api';
import { parameterError } from '../../../shared/errors';
import { readJson, type ApiCall } from '../../../shared/http';
import type { OperationDefinition } from '../../../shared/operations';
import { CARD_CONTENT_TYPE } from '../../card';
import { noticeCard } from '../../decisions/notice';
import { cardKey } from '../../decisions/token';
import { MAX_TEXT_BYTES, truncateToBytes } from '../../text';
import type { WebexClient, WebexCredential } from '../../transport/client';
import { idSegment, webexJson, webexSend } from '../../transport/request';
import { readRoom, roomField } from '../common';

const HOUR_MS = 3_600_000;

export const sendNotice: OperationDefinition<WebexClient> = {
	option: {
		name: 'Send Notice',
		value: 'sendNotice',
		description: 'Send the card that a notice asks for: who, why, and the buttons to decide',
		action: 'Send a notice as a card',
	},
	fields: [
		roomField(),
		{
			displayName: 'Notice',
			name: 'notice',
			type: 'json',
			default: '={{ $json }}',
			required: true,
			description: 'Intent of the kind notify, as "Penalty Ledger: Claim" returns it',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Buttons',
					name: 'buttons',
					type: 'boolean',
					default: true,
					description: 'Whether the card has buttons. Turn it off where no workflow takes the decisions.',
				},
				{
					displayName: 'Valid for Hours',
					name: 'validHours',
					type: 'number',
					typeOptions: { minValue: 1 },
					default: 168,
					description:
						'How long Release and Protect work. An approval ends when the policy of the ledger says so.',
				},
				{
					displayName: 'Room If the First Is Gone',
					name: 'otherRoomId',
					type: 'string',
					default: '',
					placeholder: 'e.g. Y2lzY29zcGFyazovL3VzL1JPT00v…',
					description:
						'ID of the room to send the card to when Webex does not find the room above, e.g. because somebody has deleted it or removed the bot',
				},
			],
		},
	],
	async execute(client, itemIndex) {
		const intent = readNotice(this, itemIndex);
		const {
			buttons = true,
			validHours = 168,
			otherRoomId = '',
		} = this.getNodeParameter('options', itemIndex, {}) as {
			buttons?: boolean;
			validHours?: number;
			otherRoomId?: string;
		};
		const { accessToken } = await this.getCredentials<WebexCredential>('ciscoRtcWebexBotApi');
		const settings = { key: cardKey(accessToken), now: Date.now(), validMs: validHours * HOUR_MS, buttons };
		const { card, text } = noticeCard(intent, settings);
		const parentId = await threadOf(this, client, intent, itemIndex);
		const roomId = readRoom(this, itemIndex);
		const message = {
			text: truncateToBytes(text, MAX_TEXT_BYTES),
			attachments: [{ contentType: CARD_CONTENT_TYPE, content: card }],
		};
		const call: ApiCall = {
			method: 'POST',
			path: '/messages',
			body: { roomId, ...message, ...(parentId && { parentId }) },
			itemIndex,
		};
		if (otherRoomId === '' || otherRoomId === roomId) return await webexJson(this, client, call);
		const response = await webexSend(this, client, { ...call, accept: [404] });
		if (response.status !== 404) return readJson(this, client.api, call, response);
		return await webexJson(this, client, { ...call, body: { roomId: otherRoomId, ...message } });
	},
};

function readNotice(context: IExecuteFunctions, itemIndex: number): Intent {
	const given: unknown = context.getNodeParameter('notice', itemIndex);
	const intent = (typeof given === 'string' ? parsed(given) : given) as Intent | undefined;
	if (intent?.notice && intent.host && intent.trigger) return intent;
	const advice = 'Give the intent that "Penalty Ledger: Claim" returns for the kind notify.';
	throw parameterError(context.getNode(), 'The field "Notice" holds no notice', itemIndex, advice);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A release belongs into the thread of the containment, if that is still there. */
async function threadOf(
	context: IExecuteFunctions,
	client: WebexClient,
	{ notice }: Intent,
	itemIndex: number,
): Promise<string | undefined> {
	const messageId = notice?.references?.webexMessageId;
	if (notice?.event !== 'released' || !messageId) return undefined;
	const path = `/messages/${idSegment(messageId)}`;
	const { status, text } = await webexSend(context, client, {
		method: 'GET',
		path,
		accept: [404],
		itemIndex,
	});
	if (status === 404) return undefined;
	return (JSON.parse(text) as { parentId?: string }).parentId ?? messageId;
}
