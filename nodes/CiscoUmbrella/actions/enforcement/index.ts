import type { ResourceDefinition } from '../../../shared/operations';
import type { LegacyClient } from '../../transport/legacy/client';
import { blockDomains } from './blockDomains';
import { getMany } from './getMany';
import { unblock } from './unblock';

export const enforcement: ResourceDefinition<LegacyClient> = {
	option: { name: 'Enforcement', value: 'enforcement' },
	operations: [blockDomains, getMany, unblock],
	defaultOperation: 'blockDomains',
};
