import type { IDataObject } from 'n8n-workflow';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexJson } from '../../transport/request';
import { optionalFields } from './fields';

export const create: OperationDefinition<WebexClient> = {
	option: {
		name: 'Create',
		value: 'create',
		description: 'Create a room with the bot in it',
		action: 'Create room',
	},
	fields: [
		{ displayName: 'Title', name: 'title', type: 'string', default: '', required: true },
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				...optionalFields,
				{
					displayName: 'Team ID',
					name: 'teamId',
					type: 'string',
					default: '',
					description: 'Team that the room belongs to',
				},
			],
		},
	],
	async execute(client, itemIndex) {
		const title = this.getNodeParameter('title', itemIndex) as string;
		const body = { title, ...(this.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject) };
		return await webexJson(this, client, { method: 'POST', path: '/rooms', body, itemIndex });
	},
};
