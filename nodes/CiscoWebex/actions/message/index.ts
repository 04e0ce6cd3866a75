import type { ResourceDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { del } from './delete';
import { edit } from './edit';
import { get } from './get';
import { getMany } from './getMany';
import { getManyDirect } from './getManyDirect';
import { send } from './send';

export const message: ResourceDefinition<WebexClient> = {
	option: { name: 'Message', value: 'message' },
	operations: [del, edit, get, getMany, getManyDirect, send],
	defaultOperation: 'send',
};
