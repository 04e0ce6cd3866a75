import type { NetworkAnalyticsResource } from '../fields';
import { getMany } from './getMany';

export const tenant: NetworkAnalyticsResource = {
	option: { name: 'Tenant', value: 'tenant' },
	operations: [getMany],
	defaultOperation: 'getMany',
};
