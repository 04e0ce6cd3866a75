import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

export const KINDS: INodePropertyOptions[] = [
	{ name: 'Hostname', value: 'hostname' },
	{ name: 'IP Address', value: 'ip' },
	{ name: 'MAC Address', value: 'mac' },
	{ name: 'User', value: 'user' },
];

/** "Kind" and "Key": which entity. */
export const entityFields: INodeProperties[] = [
	{
		displayName: 'Kind',
		name: 'kind',
		type: 'options',
		options: KINDS,
		default: 'mac',
		description: 'What kind of entity it is',
	},
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 00:11:22:33:44:55',
		description: 'The address or name of the entity',
	},
];

export const intentIdField: INodeProperties = {
	displayName: 'Intent ID',
	name: 'intentId',
	type: 'string',
	required: true,
	default: '={{ $json.id }}',
	description: 'Which intent it is about. What is entered at first takes it from the items that Score and Claim give.',
};

export const identityField: INodeProperties = {
	displayName: 'Identity',
	name: 'identity',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. { "macs": ["00:11:22:33:44:55"], "hostnames": ["pc-17"] }',
	description:
		'What was learnt of the host on the way: a JSON object with lists in macs, ips, hostnames, users and connectorGuids',
};

export const episodeIdField: INodeProperties = {
	displayName: 'Episode ID',
	name: 'episodeId',
	type: 'string',
	required: true,
	default: '={{ $json.episodeId }}',
	description: 'The episode, as intents have it in the field episodeId',
};

/** A person who answers for the operation, and why. */
export function accountableFields(field: 'approver' | 'requester', displayName: string): INodeProperties[] {
	return [
		{
			displayName,
			name: field,
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. alice@example.com',
			description: 'Who answers for this; kept in the audit trail',
		},
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			required: true,
			default: '',
			description: 'Why; kept in the audit trail',
		},
	];
}

/** "Options", with "Acting For" last. */
export function optionsField(...options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...options, actingFor] as Array<
			INodePropertyOptions | INodeProperties | INodePropertyCollection
		>,
	};
}

const actingFor: INodeProperties = {
	displayName: 'Acting For',
	name: 'actingFor',
	type: 'string',
	default: '',
	placeholder: 'e.g. alice@example.com',
	description: 'Name of the person for the audit trail. Leave empty for workflow.',
};
