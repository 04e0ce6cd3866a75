import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexSend } from '../../transport/request';
import { readRoom, roomField } from '../common';

export const del: OperationDefinition<WebexClient> = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Delete a room with its messages',
		action: 'Delete room',
	},
	fields: [roomField()],
	async execute(client, itemIndex) {
		const path = `/rooms/${idSegment(readRoom(this, itemIndex))}`;
		await webexSend(this, client, { method: 'DELETE', path, itemIndex });
		return { deleted: true };
	},
};
