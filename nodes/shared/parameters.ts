import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from './errors';
import { timeMs } from './time';

/** Text of a parameter or resource locator. @throws NodeOperationError when it is empty */
export function requiredText(
	context: IExecuteFunctions,
	name: string,
	label: string,
	itemIndex: number,
): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (text === '') throw parameterError(context.getNode(), `${label} is empty`, itemIndex);
	return text;
}

/** Epoch ms; `undefined` when the field is empty. @throws NodeOperationError when it is no time */
export function optionalTime(
	context: IExecuteFunctions,
	value: unknown,
	label: string,
	itemIndex: number,
): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const ms = timeMs(value, context.getTimezone());
	if (ms !== undefined) return ms;
	throw parameterError(
		context.getNode(),
		`${label} is not a date and time`,
		itemIndex,
		'Give ISO 8601, for example 2026-01-31T12:00:00Z.',
	);
}
