import type { SecureEndpointResource } from '../fields';
import { get } from './get';
import { getActivity } from './getActivity';
import { getMany } from './getMany';
import { getNetworkAddresses } from './getNetworkAddresses';
import { getTrajectory } from './getTrajectory';
import { getUserActivity } from './getUserActivity';
import { moveToGroup } from './moveToGroup';

export const computer: SecureEndpointResource = {
	option: { name: 'Computer', value: 'computer' },
	operations: [get, getActivity, getMany, getNetworkAddresses, getTrajectory, getUserActivity, moveToGroup],
	defaultOperation: 'get',
};
