import type { OperationDefinition } from '../../../shared/operations';
import { requiredText } from '../../../shared/parameters';
import type { WebexClient } from '../../transport/client';
import { idSegment, webexSend } from '../../transport/request';
import { idField } from '../common';

export const del: OperationDefinition<WebexClient> = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Take a person out of a room',
		action: 'Delete membership',
	},
	fields: [idField('Membership ID', 'membershipId')],
	async execute(client, itemIndex) {
		const path = `/memberships/${idSegment(requiredText(this, 'membershipId', 'Membership ID', itemIndex))}`;
		await webexSend(this, client, { method: 'DELETE', path, itemIndex });
		return { deleted: true };
	},
};
