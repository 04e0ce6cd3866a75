import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { splitEntries } from '../../destinations';

export const domainsField = (displayName: string, placeholder: string): INodeProperties => ({
	displayName,
	name: 'domains',
	type: 'string',
	typeOptions: { rows: 3 },
	required: true,
	default: '',
	placeholder,
	description: 'One per line, separated by commas, or a list from an expression',
});

/** @throws NodeOperationError when nothing is entered. */
export function enteredEntries(context: IExecuteFunctions, itemIndex: number, label: string): string[] {
	const entries = splitEntries(context.getNodeParameter('domains', itemIndex));
	if (entries.length > 0) return entries;
	throw parameterError(
		context.getNode(),
		`The field "${label}" is empty`,
		itemIndex,
		'Enter at least one domain.',
	);
}
