import { send } from '../../../shared/http';
import { requiredText, segment } from '../../parameters';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const id = requiredText(this, 'eventStreamId', 'Event Stream ID', itemIndex);
	await send(this, client, { method: 'DELETE', path: `/v1/event_streams/${segment(id)}`, itemIndex });
	return { deleted: true };
};

/** DELETE /v1/event_streams/{id} */
export const deleteEventStream: SecureEndpointOperation = {
	option: {
		name: 'Delete',
		value: 'delete',
		description: 'Delete an event stream with all that waits in it',
		action: 'Delete an event stream',
	},
	fields: [
		{
			displayName: 'Event Stream ID',
			name: 'eventStreamId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 2216',
		},
	],
	execute,
};
