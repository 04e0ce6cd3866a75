import { parameterError } from '../../../shared/errors';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexList } from '../../transport/request';

export const getMany: OperationDefinition<WebexClient> = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many people by email or name',
		action: 'Get many people',
	},
	fields: [
		{
			displayName: 'Search By',
			name: 'searchBy',
			type: 'options',
			options: [
				{ name: 'Email', value: 'email' },
				{ name: 'Name', value: 'displayName', description: 'Names that start with the text' },
			],
			default: 'email',
		},
		{ displayName: 'Value', name: 'value', type: 'string', default: '', required: true },
		...returnAllFields('person', ['getMany']),
	],
	async execute(client, itemIndex) {
		const value = String(this.getNodeParameter('value', itemIndex) ?? '').trim();
		if (!value) throw parameterError(this.getNode(), 'The field "Value" is empty', itemIndex);
		const query = { [this.getNodeParameter('searchBy', itemIndex) as string]: value };
		return await webexList(this, client, '/people', {
			query,
			limit: wantedCount(this, itemIndex),
			itemIndex,
		});
	},
};
