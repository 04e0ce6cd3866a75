import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../shared/errors';

/** "Destination List": from a searchable list, or by id. */
export function listLocator(resource: string, operations: string[]): INodeProperties {
	return {
		displayName: 'Destination List',
		name: 'destinationListId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { resource: [resource], operation: operations } },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchDestinationLists', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 15755711',
				validation: [{ type: 'regex', properties: { regex: '^\\d+$', errorMessage: 'The ID is a number' } }],
			},
		],
	};
}

/** @throws NodeOperationError when no list is chosen. */
export function chosenList(context: IExecuteFunctions, itemIndex: number): string {
	const value = context.getNodeParameter('destinationListId', itemIndex, '', { extractValue: true });
	const id = String(value ?? '').trim();
	if (/^\d+$/.test(id)) return id;
	const advice = 'Choose a list, or enter its ID, which is a number.';
	throw parameterError(context.getNode(), 'The field "Destination List" names no list', itemIndex, advice);
}
