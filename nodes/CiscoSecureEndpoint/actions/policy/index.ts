import type { SecureEndpointResource } from '../fields';
import { get } from './get';
import { getMany } from './getMany';

export const policy: SecureEndpointResource = {
	option: { name: 'Policy', value: 'policy' },
	operations: [get, getMany],
	defaultOperation: 'getMany',
};
