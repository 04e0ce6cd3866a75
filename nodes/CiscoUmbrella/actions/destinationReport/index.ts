import type { ResourceDefinition } from '../../../shared/operations';
import type { LegacyClient } from '../../transport/legacy/client';
import { getActivity } from './getActivity';
import { getIdentities } from './getIdentities';

export const destinationReport: ResourceDefinition<LegacyClient> = {
	option: { name: 'Destination Report', value: 'destinationReport' },
	operations: [getActivity, getIdentities],
	defaultOperation: 'getIdentities',
};
