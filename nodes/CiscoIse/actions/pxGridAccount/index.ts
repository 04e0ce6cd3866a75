import type { ResourceDefinition } from '../../../shared/operations';
import type { PxGrid } from '../../pxgrid/client';
import { activate } from './activate';
import { create } from './create';

/** The account of this client at the pxGrid controllers. */
export const pxGridAccount: ResourceDefinition<PxGrid> = {
	option: {
		name: 'pxGrid Account',
		value: 'pxGridAccount',
		description: 'Account that n8n uses pxGrid with',
	},
	operations: [activate, create],
	defaultOperation: 'activate',
};
