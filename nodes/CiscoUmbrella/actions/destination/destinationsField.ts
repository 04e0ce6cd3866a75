import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { splitEntries } from '../../destinations';

/** The server takes no more in one call. */
export const BATCH_SIZE = 500;

export const description: INodeProperties[] = [
	{
		displayName: 'Destinations',
		name: 'destinations',
		type: 'string',
		typeOptions: { rows: 3 },
		required: true,
		default: '',
		placeholder: 'e.g. bad.example',
		description:
			'Domains, URLs or IPv4 addresses: one per line, separated by commas, or a list from an expression. URLs that contain a comma need the list.',
		displayOptions: { show: { resource: ['destination'], operation: ['add'] } },
	},
	{
		displayName: 'Destinations or IDs',
		name: 'destinations',
		type: 'string',
		typeOptions: { rows: 3 },
		required: true,
		default: '',
		placeholder: 'e.g. bad.example',
		description:
			'One per line, separated by commas, or a list from an expression. IDs need no look-up in the list.',
		displayOptions: { show: { resource: ['destination'], operation: ['remove'] } },
	},
];

/** @throws NodeOperationError when nothing is entered. */
export function enteredDestinations(
	context: IExecuteFunctions,
	label: 'Destinations' | 'Destinations or IDs',
	itemIndex: number,
): string[] {
	const entries = splitEntries(context.getNodeParameter('destinations', itemIndex));
	if (entries.length > 0) return entries;
	throw parameterError(
		context.getNode(),
		`The field "${label}" is empty`,
		itemIndex,
		'Enter at least one destination.',
	);
}
