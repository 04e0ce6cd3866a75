import type { ResourceDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { create } from './create';
import { del } from './delete';
import { getMany } from './getMany';

export const membership: ResourceDefinition<WebexClient> = {
	option: { name: 'Membership', value: 'membership' },
	operations: [create, del, getMany],
	defaultOperation: 'create',
};
