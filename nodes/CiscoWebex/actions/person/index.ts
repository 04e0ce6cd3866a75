import type { ResourceDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { get } from './get';
import { getMany } from './getMany';

export const person: ResourceDefinition<WebexClient> = {
	option: { name: 'Person', value: 'person' },
	operations: [get, getMany],
	defaultOperation: 'get',
};
