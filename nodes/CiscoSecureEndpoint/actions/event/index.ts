import type { SecureEndpointResource } from '../fields';
import { getMany } from './getMany';
import { getTypes } from './getTypes';

export const event: SecureEndpointResource = {
	option: { name: 'Event', value: 'event' },
	operations: [getTypes, getMany],
	defaultOperation: 'getMany',
};
