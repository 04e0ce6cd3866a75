import type { IDataObject } from 'n8n-workflow';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexList } from '../../transport/request';

interface Filters {
	sortBy?: string;
	titleContains?: string;
	type?: string;
}

export const getMany: OperationDefinition<WebexClient> = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many rooms that the bot is a member of',
		action: 'Get many rooms',
	},
	fields: [
		...returnAllFields('room', ['getMany']),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Sort By',
					name: 'sortBy',
					type: 'options',
					options: [
						{ name: 'Created', value: 'created' },
						{ name: 'ID', value: 'id' },
						{ name: 'Last Activity', value: 'lastactivity' },
					],
					default: 'lastactivity',
				},
				{
					displayName: 'Title Contains',
					name: 'titleContains',
					type: 'string',
					default: '',
					description: 'Only rooms with this text in their title, in upper or lower case',
				},
				{
					displayName: 'Type',
					name: 'type',
					type: 'options',
					options: [
						{ name: 'Direct', value: 'direct', description: 'Between the bot and one person' },
						{ name: 'Group', value: 'group' },
					],
					default: 'group',
				},
			],
		},
	],
	async execute(client, itemIndex) {
		const { titleContains, ...query } = this.getNodeParameter('filters', itemIndex, {}) as Filters;
		const limit = wantedCount(this, itemIndex);
		const wanted = titleContains?.trim().toLowerCase();
		// Webex can't search by title, so rooms are picked from whole pages.
		const keep = wanted
			? ({ title }: IDataObject) => String(title).toLowerCase().includes(wanted)
			: undefined;
		return await webexList(this, client, '/rooms', { query, limit, keep, itemIndex });
	},
};
