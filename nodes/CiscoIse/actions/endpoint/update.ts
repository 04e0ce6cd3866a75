import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import type { Operation } from '../../../shared/execute';
import type { IseClient } from '../../transport/client';
import { pathSegment, withoutLink } from '../../transport/ers';
import { ENDPOINT_PATH, endpointField, readEndpoint } from './endpoints';

interface Changes {
	groupId?: string;
	description?: string;
	customAttributes?: { attribute?: { name: string; value: string }[] };
}

export const description = updateDisplayOptions({ show: { resource: ['endpoint'], operation: ['update'] } }, [
	endpointField,
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		description: 'Fields to change; everything else stays as it is',
		options: [
			{
				displayName: 'Custom Attributes',
				name: 'customAttributes',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				placeholder: 'Add attribute',
				default: {},
				description:
					'Attributes must exist in Cisco ISE. Attributes that are not named here keep their values.',
				options: [
					{
						displayName: 'Attribute',
						name: 'attribute',
						values: [
							{ displayName: 'Name', name: 'name', type: 'string', default: '' },
							{ displayName: 'Value', name: 'value', type: 'string', default: '' },
						],
					},
				],
			},
			{
				displayName: 'Description',
				name: 'description',
				type: 'string',
				default: '',
			},
			{
				displayName: 'Endpoint Group Name or ID',
				name: 'groupId',
				type: 'options',
				typeOptions: { loadOptionsMethod: 'getEndpointGroups' },
				default: '',
				description:
					'Group to assign the endpoint to for good (static assignment). Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
		],
	},
] satisfies INodeProperties[]);

/** What ERS takes in an update. Releases add fields to what they tell, and refuse those that they tell only. */
const WRITABLE = new Set([
	'id',
	'name',
	'description',
	'mac',
	'profileId',
	'staticProfileAssignment',
	'groupId',
	'staticGroupAssignment',
	'portalUser',
	'identityStore',
	'identityStoreId',
	'mdmAttributes',
	'customAttributes',
]);

/** Reads the endpoint, changes what was asked, and writes it back: ERS replaces the whole record. */
export const execute: Operation<IseClient> = async function (client, itemIndex) {
	const changes = this.getNodeParameter('updateFields', itemIndex, {}) as Changes;
	if (Object.keys(changes).length === 0) {
		throw parameterError(
			this.getNode(),
			'Nothing to update',
			itemIndex,
			'Add a field under "Update Fields".',
		);
	}
	const endpoint = withoutLink(await readEndpoint(this, client, itemIndex));
	const changed = { ...endpoint, ...changedFields(endpoint, changes) };
	const answer = await client.ers.putJson<{ UpdatedFieldsList?: { updatedField?: IDataObject[] } }>(this, {
		path: `${ENDPOINT_PATH}/${pathSegment(String(endpoint.id))}`,
		body: { ERSEndPoint: writable(changed) },
		itemIndex,
	});
	return { ...changed, updatedFields: answer?.UpdatedFieldsList?.updatedField ?? [] };
};

function writable(endpoint: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(endpoint).filter(([name]) => WRITABLE.has(name)));
}

function changedFields(
	endpoint: IDataObject,
	{ groupId, description: text, customAttributes }: Changes,
): IDataObject {
	const attributes = customAttributes?.attribute ?? [];
	const present = (endpoint.customAttributes as IDataObject | undefined)?.customAttributes as
		| IDataObject
		| undefined;
	const named = Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
	return {
		...(groupId && { groupId, staticGroupAssignment: true }),
		...(text !== undefined && { description: text }),
		...(attributes.length > 0 && { customAttributes: { customAttributes: { ...present, ...named } } }),
	};
}
