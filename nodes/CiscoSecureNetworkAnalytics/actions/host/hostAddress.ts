import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { requiredText } from '../../../shared/parameters';
import { addressList } from '../../parameters';

/** Canonical address of the field IP Address. @throws NodeOperationError unless it is exactly one */
export function hostAddress(context: IExecuteFunctions, itemIndex: number): string {
	const text = requiredText(context, 'ipAddress', 'IP Address', itemIndex);
	const [address, ...others] = addressList(context, text, 'IP Address', itemIndex);
	if (others.length === 0) return address;
	throw parameterError(context.getNode(), 'IP Address holds more than one address', itemIndex);
}
