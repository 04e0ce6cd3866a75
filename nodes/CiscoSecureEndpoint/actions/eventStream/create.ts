import { listParameter } from '../../../shared/identity';
import { requiredText } from '../../parameters';
import { getData } from '../../transport/pages';
import type { Execute, SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const eventTypes = listParameter(this.getNodeParameter('eventTypes', itemIndex, [])).map(Number);
	const groups = listParameter(this.getNodeParameter('groups', itemIndex, []));
	return await getData(this, client, {
		method: 'POST',
		path: '/v1/event_streams',
		body: {
			name: requiredText(this, 'name', 'Name', itemIndex),
			...(eventTypes.length > 0 && { event_type: eventTypes }),
			...(groups.length > 0 && { group_guid: groups }),
		},
		itemIndex,
	});
};

/** POST /v1/event_streams */
export const create: SecureEndpointOperation = {
	option: {
		name: 'Create',
		value: 'create',
		description: 'Create an AMQP stream of events. Its credentials are given this once.',
		action: 'Create an event stream',
	},
	fields: [
		{
			displayName:
				'The answer holds the user name and password of the stream, and they are given only once. Pass them on to a safe place, and turn off saving of execution data in the settings of this workflow.',
			name: 'credentialsNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			required: true,
			description: 'An organization can have five streams',
		},
		{
			displayName: 'Event Type Names or IDs',
			name: 'eventTypes',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getEventTypes' },
			default: [],
			description:
				'Only events of these types; empty for all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		{
			displayName: 'Group Names or IDs',
			name: 'groups',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getGroups' },
			default: [],
			description:
				'Only events of computers in these groups; empty for all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
	],
	execute,
};
