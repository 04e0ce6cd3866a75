import type { IDataObject } from 'n8n-workflow';
import { readJson } from '../../../shared/http';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexList, webexSend } from '../../transport/request';
import { readRoom, roomField } from '../common';

export const create: OperationDefinition<WebexClient> = {
	option: {
		name: 'Create',
		value: 'create',
		description: 'Add a person to a room; somebody who is a member already is fine',
		action: 'Create membership',
	},
	fields: [
		roomField(),
		{
			displayName: 'Person',
			name: 'person',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. jane@example.com',
			description: 'Email or ID of the person',
		},
		{
			displayName: 'Is Moderator',
			name: 'isModerator',
			type: 'boolean',
			default: false,
			description: 'Whether the person moderates the room',
		},
	],
	async execute(client, itemIndex) {
		const roomId = readRoom(this, itemIndex);
		const person = String(this.getNodeParameter('person', itemIndex)).trim();
		const who = person.includes('@') ? { personEmail: person } : { personId: person };
		const isModerator = this.getNodeParameter('isModerator', itemIndex, false) as boolean;
		const call = {
			method: 'POST' as const,
			path: '/memberships',
			body: { roomId, ...who, isModerator },
			accept: [409],
			itemIndex,
		};
		const response = await webexSend(this, client, call);
		if (response.status !== 409) {
			return { ...readJson<IDataObject>(this, client.api, call, response), alreadyMember: false };
		}
		const query = { roomId, ...who };
		const [membership] = await webexList(this, client, '/memberships', { query, limit: 1, itemIndex });
		return { roomId, ...who, ...membership, alreadyMember: true };
	},
};
