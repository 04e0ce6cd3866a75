import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { OperationDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { webexList } from '../../transport/request';
import { withoutSecret } from './webhooks';

export const getMany: OperationDefinition<WebexClient> = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many webhooks of the bot',
		action: 'Get many webhooks',
	},
	fields: returnAllFields('webhook', ['getMany']),
	async execute(client, itemIndex) {
		const limit = wantedCount(this, itemIndex);
		return (await webexList(this, client, '/webhooks', { limit, itemIndex })).map(withoutSecret);
	},
};
