import type { SecureEndpointResource } from '../fields';
import { create } from './create';
import { deleteEventStream } from './delete';
import { getMany } from './getMany';

export const eventStream: SecureEndpointResource = {
	option: { name: 'Event Stream', value: 'eventStream' },
	operations: [create, deleteEventStream, getMany],
	defaultOperation: 'getMany',
};
