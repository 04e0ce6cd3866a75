import type { ResourceDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { create } from './create';
import { del } from './delete';
import { getMany } from './getMany';
import { update } from './update';

export const webhook: ResourceDefinition<WebexClient> = {
	option: { name: 'Webhook', value: 'webhook' },
	operations: [create, del, getMany, update],
	defaultOperation: 'getMany',
};
