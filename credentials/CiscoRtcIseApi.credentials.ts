import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';
import { caCertificate, ignoreTlsErrors } from './shared/fields';

/** Account for Cisco Identity Services Engine: configuration (ERS) and monitoring (MnT) nodes. */
export class CiscoRtcIseApi implements ICredentialType {
	name = 'ciscoRtcIseApi';

	displayName = 'Cisco ISE (RTC) API';

	icon: Icon = {
		light: 'file:../nodes/CiscoIse/ise.svg',
		dark: 'file:../nodes/CiscoIse/ise.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/ise.md#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Primary Node URL',
			name: 'primaryUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://ise.example.com:9060',
			description:
				'Primary administration node. Port 9060, or no port where the API gateway of ISE 3.1 and later is on.',
		},
		{
			displayName: 'Secondary Node URL',
			name: 'secondaryUrl',
			type: 'string',
			default: '',
			placeholder: 'https://ise2.example.com:9060',
			description: 'Secondary administration node, asked when the primary one does not answer',
		},
		{
			displayName: 'Monitoring Node URL',
			name: 'mntUrl',
			type: 'string',
			default: '',
			placeholder: 'https://ise-mnt.example.com',
			description:
				'Primary monitoring (MnT) node. Leave empty when it is the same host as above, on port 443.',
		},
		{
			displayName: 'Secondary Monitoring Node URL',
			name: 'mntSecondaryUrl',
			type: 'string',
			default: '',
			placeholder: 'https://ise-mnt2.example.com',
			description: 'Asked when the primary monitoring node does not answer',
		},
		{
			displayName: 'User Name',
			name: 'username',
			type: 'string',
			default: '',
			required: true,
			description: 'An administrator in the groups "ERS Admin" and "MnT Admin"',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		{
			displayName: 'Use Another Account for Monitoring',
			name: 'separateMntAccount',
			type: 'boolean',
			default: false,
		},
		{
			displayName: 'Monitoring User Name',
			name: 'mntUsername',
			type: 'string',
			default: '',
			required: true,
			displayOptions: { show: { separateMntAccount: [true] } },
		},
		{
			displayName: 'Monitoring Password',
			name: 'mntPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { separateMntAccount: [true] } },
		},
		{
			displayName: 'CSRF Check Is On',
			name: 'csrfCheck',
			type: 'boolean',
			default: false,
			description:
				'Whether "Use CSRF Check" is on under Administration > System > Settings > API Settings, so that changes must carry a token',
		},
		caCertificate('PEM of the authority that issued the certificates of the nodes, when it is your own'),
		{
			displayName: 'Client Certificate',
			name: 'clientCertificate',
			type: 'string',
			typeOptions: { rows: 4, password: true },
			default: '',
			placeholder: '-----BEGIN CERTIFICATE-----',
			description: 'PEM. Only where ISE asks API clients for a certificate.',
		},
		{
			displayName: 'Client Private Key',
			name: 'clientPrivateKey',
			type: 'string',
			typeOptions: { rows: 4, password: true },
			default: '',
			placeholder: '-----BEGIN PRIVATE KEY-----',
			description: 'PEM of the key that belongs to the client certificate',
		},
		{
			displayName: 'Client Key Passphrase',
			name: 'clientKeyPassphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		ignoreTlsErrors(
			'Whether to connect without checking who answers. Anyone between n8n and ISE could then read the password and forge answers: better add the CA certificate above.',
		),
	];
}
