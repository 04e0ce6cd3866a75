import type { V3Resource } from '../fields';
import { getMany } from './getMany';
import { getPolicies } from './getPolicies';

export const organization: V3Resource = {
	option: { name: 'Organization', value: 'organization', description: 'Version 3 of the API' },
	operations: [getMany, getPolicies],
	defaultOperation: 'getMany',
};
