import type { NetworkAnalyticsResource } from '../fields';
import { getMany } from './getMany';
import { getTypes } from './getTypes';

export const securityEvent: NetworkAnalyticsResource = {
	option: { name: 'Security Event', value: 'securityEvent' },
	operations: [getMany, getTypes],
	defaultOperation: 'getMany',
};
