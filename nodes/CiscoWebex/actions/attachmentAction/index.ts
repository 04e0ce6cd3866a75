import type { ResourceDefinition } from '../../../shared/operations';
import type { WebexClient } from '../../transport/client';
import { get } from './get';

export const attachmentAction: ResourceDefinition<WebexClient> = {
	option: {
		name: 'Attachment Action',
		value: 'attachmentAction',
		description: 'Press on a button of a card',
	},
	operations: [get],
	defaultOperation: 'get',
};
