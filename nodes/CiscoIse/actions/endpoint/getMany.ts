import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Operation } from '../../../shared/execute';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import type { IseClient } from '../../transport/client';
import { ersList, withoutLink } from '../../transport/ers';
import { ENDPOINT_PATH } from './endpoints';

interface Filter {
	field: string;
	operator: string;
	value: string;
}

export const description: INodeProperties[] = [
	...returnAllFields('endpoint', ['getMany']),
	...updateDisplayOptions({ show: { resource: ['endpoint'], operation: ['getMany'] } }, [
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add filter',
			default: {},
			description: 'Only endpoints that meet every filter',
			options: [
				{
					displayName: 'Filter',
					name: 'filter',
					values: [
						{
							displayName: 'Field',
							name: 'field',
							type: 'options',
							options: [
								{ name: 'Endpoint Group ID', value: 'groupId' },
								{ name: 'MAC Address', value: 'mac' },
								{ name: 'Portal User', value: 'portalUser' },
								{ name: 'Profile ID', value: 'profileId' },
								{ name: 'Static Group Assignment', value: 'staticGroupAssignment' },
							],
							default: 'mac',
						},
						{
							displayName: 'Operator',
							name: 'operator',
							type: 'options',
							options: [
								{ name: 'Contains', value: 'CONTAINS' },
								{ name: 'Does Not Contain', value: 'NCONTAINS' },
								{ name: 'Ends With', value: 'ENDSW' },
								{ name: 'Equals', value: 'EQ' },
								{ name: 'Not Equal', value: 'NEQ' },
								{ name: 'Starts With', value: 'STARTSW' },
							],
							default: 'EQ',
						},
						{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					],
				},
			],
		},
	] satisfies INodeProperties[]),
];

export const execute: Operation<IseClient> = async function (client, itemIndex) {
	const { filter = [] } = this.getNodeParameter('filters', itemIndex, {}) as { filter?: Filter[] };
	const filters = filter.map(({ field, operator, value }) => `${field}.${operator}.${value}`);
	const limit = wantedCount(this, itemIndex);
	const rows = await ersList(this, client.ers, ENDPOINT_PATH, { limit, filters, itemIndex });
	return rows.map(withoutLink);
};
