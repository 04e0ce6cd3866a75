import type { SecureEndpointResource } from '../fields';
import { get } from './get';
import { getMany } from './getMany';

export const group: SecureEndpointResource = {
	option: { name: 'Group', value: 'group' },
	operations: [get, getMany],
	defaultOperation: 'getMany',
};
