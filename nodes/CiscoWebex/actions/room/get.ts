import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexJson } from '../../transport/request';
import { readRoom, roomField } from '../common';

export const get: OperationDefinition<WebexClient> = {
	option: { name: 'Get', value: 'get', description: 'Get a room', action: 'Get room' },
	fields: [roomField()],
	async execute(client, itemIndex) {
		const path = `/rooms/${idSegment(readRoom(this, itemIndex))}`;
		return await webexJson(this, client, { method: 'GET', path, itemIndex });
	},
};
