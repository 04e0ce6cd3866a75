import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { isIP } from 'node:net';
import { parameterError } from '../../../shared/errors';
import { splitEntries } from '../../destinations';

const text = (
	name: string,
	displayName: string,
	placeholder: string,
	operations: string[],
	description?: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	required: true,
	default: '',
	placeholder,
	...(description && { description }),
	displayOptions: { show: { resource: ['investigate'], operation: operations } },
});

export const description: INodeProperties[] = [
	text('domain', 'Domain', 'e.g. bad.example', [
		'getCoOccurrences',
		'getRiskScore',
		'getSecurityFeatures',
		'getWhois',
	]),
	text(
		'domains',
		'Domains',
		'e.g. bad.example',
		['getCategorization'],
		'One or many: separated by commas, one per line, or a list from an expression',
	),
	text('ip', 'IP Address', 'e.g. 203.0.113.7', ['getIp']),
	text('name', 'Domain or IP Address', 'e.g. bad.example', ['getPassiveDns']),
	text('name', 'Domain, IP Address or URL', 'e.g. bad.example', ['getSamples']),
];

/** @throws NodeOperationError when the field is empty. */
export function enteredText(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): string {
	const value = String(context.getNodeParameter(name, itemIndex) ?? '').trim();
	if (value !== '') return value;
	throw parameterError(
		context.getNode(),
		`The field "${label}" is empty`,
		itemIndex,
		'Enter what to look up.',
	);
}

/** Lower-case, without a dot at the end. */
export function enteredDomain(context: IExecuteFunctions, itemIndex: number): string {
	return domainName(enteredText(context, itemIndex, 'domain', 'Domain'));
}

/** @throws NodeOperationError when nothing is entered. */
export function enteredDomains(context: IExecuteFunctions, itemIndex: number): string[] {
	const domains = [...new Set(splitEntries(context.getNodeParameter('domains', itemIndex)).map(domainName))];
	if (domains.length > 0) return domains;
	throw parameterError(
		context.getNode(),
		'The field "Domains" is empty',
		itemIndex,
		'Enter at least one domain.',
	);
}

/** @throws NodeOperationError when it is not an IP address. */
export function enteredIp(context: IExecuteFunctions, itemIndex: number): string {
	const ip = enteredText(context, itemIndex, 'ip', 'IP Address');
	if (isIP(ip) !== 0) return ip;
	throw parameterError(
		context.getNode(),
		'The field "IP Address" holds no IP address',
		itemIndex,
		'Enter an IPv4 or IPv6 address.',
	);
}

const domainName = (domain: string): string => domain.trim().toLowerCase().replace(/\.$/, '');
