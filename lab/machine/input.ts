/** A request to the control port that can't be served. `field` is the input that is wrong. */
export class LabInputError extends Error {
	constructor(
		readonly field: string,
		message: string,
		readonly status = 400,
	) {
		super(message);
	}
}

export type Input = Record<string, unknown>;

/** The input as an object; an absent body counts as an empty one. */
export function asInput(value: unknown): Input {
	if (value === undefined) return {};
	if (value === null || typeof value !== 'object' || Array.isArray(value)) {
		throw new LabInputError('body', 'The body must be a JSON object');
	}
	return value as Input;
}

/** Refuses misspelt fields instead of ignoring them. */
export function knownFieldsOnly(input: Input, fields: readonly string[]): void {
	const stranger = Object.keys(input).find((name) => !fields.includes(name));
	if (stranger !== undefined) {
		throw new LabInputError(
			stranger,
			`"${stranger}" is not a field here; known fields: ${fields.join(', ')}`,
		);
	}
}

export function optionalString(input: Input, field: string): string | undefined {
	const value = input[field];
	if (value === undefined) return undefined;
	if (typeof value !== 'string' || value === '') {
		throw new LabInputError(field, `"${field}" must be a non-empty string`);
	}
	return value;
}

export function requiredString(input: Input, field: string): string {
	const value = optionalString(input, field);
	if (value === undefined) throw new LabInputError(field, `"${field}" is missing`);
	return value;
}

/** One string, or several in a list. */
export function requiredStrings(input: Input, field: string): string[] {
	const value = input[field];
	if (!Array.isArray(value)) return [requiredString(input, field)];
	if (value.length === 0 || value.some((item) => typeof item !== 'string' || item === '')) {
		throw new LabInputError(field, `"${field}" must be a non-empty string or a list of them`);
	}
	return value as string[];
}

export interface NumberRange {
	min?: number;
	max?: number;
	integer?: boolean;
}

export function optionalNumber(input: Input, field: string, range: NumberRange = {}): number | undefined {
	const value = input[field];
	if (value === undefined) return undefined;
	const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE, integer = false } = range;
	const fits =
		typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value));
	if (!fits) throw new LabInputError(field, `"${field}" must be ${describeRange(range)}`);
	return value;
}

export function requiredNumber(input: Input, field: string, range: NumberRange = {}): number {
	const value = optionalNumber(input, field, range);
	if (value === undefined) throw new LabInputError(field, `"${field}" is missing`);
	return value;
}

export function optionalBoolean(input: Input, field: string): boolean | undefined {
	const value = input[field];
	if (value !== undefined && typeof value !== 'boolean') {
		throw new LabInputError(field, `"${field}" must be true or false`);
	}
	return value;
}

/** One of the choices, which are named in the refusal. */
export function requiredChoice<T extends string>(input: Input, field: string, choices: readonly T[]): T {
	const value = requiredString(input, field);
	if (!choices.includes(value as T)) {
		throw new LabInputError(field, `"${field}" must be one of ${choices.join(', ')}`);
	}
	return value as T;
}

function describeRange({ min, max, integer }: NumberRange): string {
	const kind = integer ? 'a whole number' : 'a number';
	const bounds = [min === undefined ? '' : `at least ${min}`, max === undefined ? '' : `at most ${max}`];
	return [kind, bounds.filter(Boolean).join(' and ')].filter(Boolean).join(' of ');
}
