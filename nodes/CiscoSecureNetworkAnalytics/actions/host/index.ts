import type { NetworkAnalyticsResource } from '../fields';
import { getSnapshot } from './getSnapshot';
import { getTopConversations } from './getTopConversations';

export const host: NetworkAnalyticsResource = {
	option: { name: 'Host', value: 'host' },
	operations: [getSnapshot, getTopConversations],
	defaultOperation: 'getSnapshot',
};
