import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../shared/errors';
import { listParameter } from '../shared/identity';

export { optionalTime, requiredText } from '../shared/parameters';

/** GUIDs of connectors: one, several with commas between, or an array. May be none. Lower-case. */
export function connectorGuidsOf(context: IExecuteFunctions, itemIndex: number): string[] {
	return listParameter(context.getNodeParameter('connectorGuids', itemIndex, '')).map((guid) =>
		guid.toLowerCase(),
	);
}

/** @throws NodeOperationError unless it is 64 hexadecimal digits */
export function sha256Of(context: IExecuteFunctions, value: unknown, itemIndex: number): string {
	const hash = typeof value === 'string' ? value.trim().toLowerCase() : '';
	if (/^[0-9a-f]{64}$/.test(hash)) return hash;
	throw parameterError(
		context.getNode(),
		`SHA-256 is not valid: "${hash.slice(0, 80)}"`,
		itemIndex,
		'Give 64 hexadecimal digits.',
	);
}

/** A path segment that stays one segment. */
export const segment = (text: string): string => encodeURIComponent(text);
