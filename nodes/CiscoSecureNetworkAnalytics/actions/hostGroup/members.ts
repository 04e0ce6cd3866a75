import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { listParameter } from '../../../shared/identity';
import { canonicalRange } from '../../ranges';

/** Canonical ranges of the field Members. @throws NodeOperationError when there is none, or one can't be used */
export function chosenMembers(context: IExecuteFunctions, itemIndex: number): string[] {
	const entered = listParameter(context.getNodeParameter('members', itemIndex));
	if (entered.length === 0) {
		throw parameterError(
			context.getNode(),
			'Members is empty',
			itemIndex,
			'Enter at least one address or network.',
		);
	}
	return [...new Set(entered.map((text) => canonicalMember(context, text, itemIndex)))];
}

function canonicalMember(context: IExecuteFunctions, text: string, itemIndex: number): string {
	const range = canonicalRange(text);
	if (range !== undefined) return range;
	throw parameterError(
		context.getNode(),
		`Members holds "${text}", which is no IP address or network`,
		itemIndex,
		'Give addresses such as 10.20.0.15, or networks such as 10.20.0.0/24 that begin at their first address. Nothing was changed.',
	);
}
