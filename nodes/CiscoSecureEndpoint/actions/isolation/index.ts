import type { SecureEndpointResource } from '../fields';
import { getStatus } from './getStatus';
import { start } from './start';
import { stop } from './stop';

export const isolation: SecureEndpointResource = {
	option: { name: 'Isolation', value: 'isolation' },
	operations: [getStatus, start, stop],
	defaultOperation: 'getStatus',
};
