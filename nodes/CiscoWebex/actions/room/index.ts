import type { ResourceDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { create } from './create';
import { del } from './delete';
import { get } from './get';
import { getMany } from './getMany';
import { update } from './update';

export const room: ResourceDefinition<WebexClient> = {
	option: { name: 'Room', value: 'room' },
	operations: [create, del, get, getMany, update],
	defaultOperation: 'getMany',
};
