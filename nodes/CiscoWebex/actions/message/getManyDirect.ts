import { parameterError } from '../../../shared/errors';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexList } from '../../transport/request';

export const getManyDirect: OperationDefinition<WebexClient> = {
	option: {
		name: 'Get Many Direct',
		value: 'getManyDirect',
		description: 'Get many messages between the bot and a person, newest first',
		action: 'Get many direct messages',
	},
	fields: [
		{
			displayName: 'Person',
			name: 'person',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. jane@example.com',
			description: 'Email or ID of the person',
		},
		...returnAllFields('message', ['getManyDirect']),
	],
	async execute(client, itemIndex) {
		const person = String(this.getNodeParameter('person', itemIndex) ?? '').trim();
		if (!person) throw parameterError(this.getNode(), 'The field "Person" is empty', itemIndex);
		const query = person.includes('@') ? { personEmail: person } : { personId: person };
		const limit = wantedCount(this, itemIndex);
		return await webexList(this, client, '/messages/direct', { query, limit, itemIndex });
	},
};
