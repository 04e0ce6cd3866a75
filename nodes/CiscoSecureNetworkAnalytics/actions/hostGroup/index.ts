import type { NetworkAnalyticsResource } from '../fields';
import { addMembers } from './addMembers';
import { find } from './find';
import { get } from './get';
import { getMany } from './getMany';
import { getMembers } from './getMembers';
import { removeMembers } from './removeMembers';

export const hostGroup: NetworkAnalyticsResource = {
	option: { name: 'Host Group', value: 'hostGroup' },
	operations: [addMembers, find, get, getMany, getMembers, removeMembers],
	defaultOperation: 'getMany',
};
