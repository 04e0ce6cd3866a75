import type { ResourceDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { close } from './close';
import { sendNotice } from './sendNotice';

export const card: ResourceDefinition<WebexClient> = {
	option: { name: 'Containment Card', value: 'card', description: 'Card about a notice of the Penalty Ledger' },
	operations: [close, sendNotice],
	defaultOperation: 'sendNotice',
};
