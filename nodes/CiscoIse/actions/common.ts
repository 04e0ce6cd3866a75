import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../shared/errors';
import { usableMac } from '../../shared/identity';

/** The field "MAC Address" of operations on one endpoint. */
export const macField: INodeProperties = {
	displayName: 'MAC Address',
	name: 'macAddress',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 00:50:56:8B:95:4A',
};

/** @throws NodeOperationError when the field holds no usable MAC address. */
export function readMac(context: IExecuteFunctions, itemIndex: number, field = 'macAddress'): string {
	const value = String(context.getNodeParameter(field, itemIndex) ?? '');
	const mac = usableMac(value);
	if (mac !== undefined) return mac;
	throw parameterError(
		context.getNode(),
		`"${value}" in the field "MAC Address" is not the MAC address of an endpoint`,
		itemIndex,
		'Use a form like 00:50:56:8B:95:4A. All-zero and broadcast addresses are refused.',
	);
}
