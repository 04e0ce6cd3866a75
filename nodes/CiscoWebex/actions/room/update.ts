import type { IDataObject } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexJson } from '../../transport/request';
import { readRoom, roomField } from '../common';
import { optionalFields } from './fields';

export const update: OperationDefinition<WebexClient> = {
	option: { name: 'Update', value: 'update', description: 'Change a room', action: 'Update room' },
	fields: [
		roomField(),
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				...optionalFields,
				{ displayName: 'Title', name: 'title', type: 'string', default: '' },
			],
		},
	],
	async execute(client, itemIndex) {
		const path = `/rooms/${idSegment(readRoom(this, itemIndex))}`;
		const changes = this.getNodeParameter('updateFields', itemIndex, {}) as IDataObject;
		if (Object.keys(changes).length === 0)
			throw parameterError(this.getNode(), 'Nothing to update', itemIndex);
		// Webex wants the title in every update.
		const title = changes.title ?? (await webexJson(this, client, { method: 'GET', path, itemIndex })).title;
		return await webexJson(this, client, { method: 'PUT', path, body: { ...changes, title }, itemIndex });
	},
};
