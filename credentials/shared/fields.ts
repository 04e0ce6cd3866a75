import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** @param description Says which authority */
export function caCertificate(description: string, displayOptions?: IDisplayOptions): INodeProperties {
	return {
		displayName: 'CA Certificate',
		name: 'caCertificate',
		type: 'string',
		typeOptions: { rows: 4, password: true },
		default: '',
		placeholder: '-----BEGIN CERTIFICATE-----',
		description,
		...(displayOptions && { displayOptions }),
	};
}

/** @param description Begins with "Whether", and says what could happen */
export function ignoreTlsErrors(description: string, displayOptions?: IDisplayOptions): INodeProperties {
	return {
		displayName: 'Ignore TLS Certificate Errors (Insecure)',
		name: 'allowUnauthorizedCerts',
		type: 'boolean',
		default: false,
		description,
		...(displayOptions && { displayOptions }),
	};
}

/** Where limits are published for an account, and each process of n8n keeps count by itself. */
export const PROCESSES: INodeProperties = {
	displayName: 'Processes That Share the Limits',
	name: 'processes',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	description:
		'How many processes of n8n use this account. In queue mode: the workers, and one for the main. Each keeps to its part of the limits that Cisco publishes.',
};
