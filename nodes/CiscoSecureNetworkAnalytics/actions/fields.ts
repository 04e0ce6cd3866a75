import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/execute';
import type { OperationDefinition, ResourceDefinition } from '../../shared/operations';
import type { NetworkAnalyticsClient } from '../transport/client';

export type NetworkAnalyticsOperation = OperationDefinition<NetworkAnalyticsClient>;
export type NetworkAnalyticsResource = ResourceDefinition<NetworkAnalyticsClient>;
export type Execute = Operation<NetworkAnalyticsClient>;

/** The span of time that a search covers. */
export const timeFields: INodeProperties[] = [
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		default: '',
		description: 'Start of the span of time. Empty for one hour before its end.',
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'dateTime',
		default: '',
		description: 'End of the span of time. Empty for now.',
	},
];

/** Entry of an options collection. */
export const waitOption: INodeProperties = {
	displayName: 'Wait At Most (Seconds)',
	name: 'waitSeconds',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 3600 },
	default: 60,
	description: 'How long the manager may take for the search',
};

/** Entry of an options collection. */
export const internalNetworksOption: INodeProperties = {
	displayName: 'Internal Networks',
	name: 'internalNetworks',
	type: 'string',
	default: '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7',
	description:
		'Networks whose addresses are ours, with commas between. They decide which end of an event is the target of the detection.',
};

/** An options collection with these entries. */
export function optionsField(...options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	};
}

export const ipAddressField: INodeProperties = {
	displayName: 'IP Address',
	name: 'ipAddress',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 10.20.0.15',
	description: 'The host',
};

export const hostGroupField: INodeProperties = {
	displayName: 'Host Group',
	name: 'hostGroup',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchHostGroups', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 50076' },
	],
};

export const membersField: INodeProperties = {
	displayName: 'Members',
	name: 'members',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 10.20.0.15',
	description:
		'IP addresses or networks such as 10.20.0.0/24: one, several with commas between, or an array from an expression',
};
