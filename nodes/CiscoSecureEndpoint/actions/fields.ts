import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/execute';
import type { OperationDefinition, ResourceDefinition } from '../../shared/operations';
import type { SecureEndpointClient } from '../transport/client';
import type { V3Client } from '../transport/v3';

export type SecureEndpointOperation = OperationDefinition<SecureEndpointClient>;
export type SecureEndpointResource = ResourceDefinition<SecureEndpointClient>;
export type Execute = Operation<SecureEndpointClient>;

export type V3Operation = OperationDefinition<V3Client>;
export type V3Resource = ResourceDefinition<V3Client>;

/** Types of events to keep; none keeps all. */
export const eventTypesField: INodeProperties = {
	displayName: 'Event Type Names or IDs',
	name: 'eventTypes',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getEventTypes' },
	default: [],
	description:
		'Only events of these types; empty for all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** Groups of computers whose events to keep; none keeps all. */
export const groupsField: INodeProperties = {
	displayName: 'Group Names or IDs',
	name: 'groups',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getGroups' },
	default: [],
	description:
		'Only events of computers in these groups; empty for all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** One computer. */
export const computerField: INodeProperties = {
	displayName: 'Computer',
	name: 'computer',
	type: 'resourceLocator',
	default: { mode: 'id', value: '' },
	required: true,
	description: 'The computer, by its connector',
	modes: [
		{
			displayName: 'By Connector GUID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 0b4883d4-8ecf-4404-9453-13cba0ee7662',
		},
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchComputers', searchable: true },
		},
	],
};

/** Any number of computers; none is a host without a connector. */
export const connectorGuidsField: INodeProperties = {
	displayName: 'Connector GUID',
	name: 'connectorGuids',
	type: 'string',
	default: '',
	placeholder: 'e.g. 0b4883d4-8ecf-4404-9453-13cba0ee7662',
	description:
		'GUID of the connector, several with commas between, or an array from an expression. Empty stands for a host without a connector.',
};

export const groupField: INodeProperties = guidLocator('Group', 'group', 'searchGroups');
export const policyField: INodeProperties = guidLocator('Policy', 'policy', 'searchPolicies');
export const fileListField: INodeProperties = guidLocator('File List', 'fileList', 'searchFileLists');

export const listTypeField: INodeProperties = {
	displayName: 'List Type',
	name: 'listType',
	type: 'options',
	options: [
		{
			name: 'Application Blocking',
			value: 'application_blocking',
			description: 'Files that may not run',
		},
		{
			name: 'Simple Custom Detection',
			value: 'simple_custom_detections',
			description: 'Files that are detected and quarantined',
		},
	],
	default: 'simple_custom_detections',
	description: 'What the list is for. A list acts on computers whose policy uses it.',
};

export const sha256Field: INodeProperties = {
	displayName: 'SHA-256',
	name: 'sha256',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. a78c29d1fa05c2b23d1dc9b75da8c053399143682fe3779bc466f10e1a997850',
	description: 'Hash of the file, 64 hexadecimal digits',
};

function guidLocator(displayName: string, name: string, searchListMethod: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. d7cf8b98-5f0c-4a3c-9f0e-2b7f0c1f7a11',
			},
		],
	};
}
