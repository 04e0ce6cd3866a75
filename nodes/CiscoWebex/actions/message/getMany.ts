import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexList } from '../../transport/request';
import { readRoom, roomField } from '../common';

interface Filters {
	before?: string;
	beforeMessage?: string;
	onlyMentions?: boolean;
	parentId?: string;
}

export const getMany: OperationDefinition<WebexClient> = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many messages of a room, newest first',
		action: 'Get many messages',
	},
	fields: [
		roomField(),
		...returnAllFields('message', ['getMany']),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Before',
					name: 'before',
					type: 'dateTime',
					default: '',
					description: 'Only messages sent before',
				},
				{ displayName: 'Before Message ID', name: 'beforeMessage', type: 'string', default: '' },
				{
					displayName: 'Only Mentions of the Bot',
					name: 'onlyMentions',
					type: 'boolean',
					default: true,
					description:
						'Whether to return only messages that mention the bot. Bots may read no others in group rooms.',
				},
				{
					displayName: 'Parent Message ID',
					name: 'parentId',
					type: 'string',
					default: '',
					description: 'Only answers to this message',
				},
			],
		},
	],
	async execute(client, itemIndex) {
		const {
			onlyMentions = true,
			before,
			...filters
		} = this.getNodeParameter('filters', itemIndex, {}) as Filters;
		const query = {
			roomId: readRoom(this, itemIndex),
			...filters,
			...(before && { before: new Date(before).toISOString() }),
			...(onlyMentions && { mentionedPeople: 'me' }),
		};
		return await webexList(this, client, '/messages', {
			query,
			limit: wantedCount(this, itemIndex),
			itemIndex,
		});
	},
};
