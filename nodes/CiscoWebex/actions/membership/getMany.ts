import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexList } from '../../transport/request';
import { readRoom, roomField } from '../common';

export const getMany: OperationDefinition<WebexClient> = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many members of a room',
		action: 'Get many memberships',
	},
	fields: [
		roomField(),
		...returnAllFields('membership', ['getMany']),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Email',
					name: 'personEmail',
					type: 'string',
					default: '',
					placeholder: 'e.g. name@email.com',
				},
			],
		},
	],
	async execute(client, itemIndex) {
		const { personEmail } = this.getNodeParameter('filters', itemIndex, {}) as { personEmail?: string };
		const query = { roomId: readRoom(this, itemIndex), personEmail };
		const limit = wantedCount(this, itemIndex);
		return await webexList(this, client, '/memberships', { query, limit, itemIndex });
	},
};
