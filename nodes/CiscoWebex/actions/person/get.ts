import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexJson } from '../../transport/request';
import { idField } from '../common';

export const get: OperationDefinition<WebexClient> = {
	option: { name: 'Get', value: 'get', description: 'Get a person, or the bot itself', action: 'Get person' },
	fields: [
		{
			...idField('Person ID', 'personId'),
			default: 'me',
			description: 'ID of the person; "me" is the bot itself',
		},
	],
	async execute(client, itemIndex) {
		const path = `/people/${idSegment(requiredText(this, 'personId', 'Person ID', itemIndex))}`;
		return await webexJson(this, client, { method: 'GET', path, itemIndex });
	},
};
