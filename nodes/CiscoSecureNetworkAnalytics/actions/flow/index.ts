import type { NetworkAnalyticsResource } from '../fields';
import { getMany } from './getMany';

export const flow: NetworkAnalyticsResource = {
	option: { name: 'Flow', value: 'flow' },
	operations: [getMany],
	defaultOperation: 'getMany',
};
