import { listParameter } from '../../../shared/identity';
import { requiredText } from '../../parameters';
import { getData } from '../../transport/pages';
import { eventTypesField, groupsField, type Execute, type SecureEndpointOperation } from '../fields';

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
		eventTypesField,
		groupsField,
	],
	execute,
};
