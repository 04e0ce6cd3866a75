import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';
import { caCertificate, ignoreTlsErrors } from './shared/fields';

/** Client account of Cisco pxGrid 2.0, the publish and subscribe interface of Cisco ISE. */
export class CiscoRtcPxGridApi implements ICredentialType {
	name = 'ciscoRtcPxGridApi';

	displayName = 'Cisco pxGrid (RTC) API';

	icon: Icon = {
		light: 'file:../nodes/CiscoIse/ise.svg',
		dark: 'file:../nodes/CiscoIse/ise.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/ise.md#set-up-pxgrid';

	properties: INodeProperties[] = [
		{
			displayName: 'Node URLs',
			name: 'nodeUrls',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://ise.example.com:8910, https://ise2.example.com:8910',
			description:
				'The pxGrid nodes of the deployment, separated by commas. The next one is asked when one does not answer. Port 8910 is used where none is given.',
		},
		{
			displayName: 'Client Name',
			name: 'nodeName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'n8n-rtc',
			description:
				'Name of this client as Cisco ISE shows it under Administration > pxGrid Services > Client Management',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{
					name: 'Client Certificate',
					value: 'certificate',
					description: 'A certificate that Cisco ISE issued or trusts',
				},
				{
					name: 'Password',
					value: 'password',
					description: 'The password from the operation "Create" of the resource "pxGrid Account"',
				},
			],
			default: 'certificate',
		},
		{
			displayName: 'Client Certificate',
			name: 'clientCertificate',
			type: 'string',
			typeOptions: { rows: 4, password: true },
			default: '',
			required: true,
			placeholder: '-----BEGIN CERTIFICATE-----',
			description: 'PEM of the certificate, with the authorities between it and the root where there are any',
			displayOptions: { show: { authentication: ['certificate'] } },
		},
		{
			displayName: 'Client Private Key',
			name: 'clientPrivateKey',
			type: 'string',
			typeOptions: { rows: 4, password: true },
			default: '',
			required: true,
			placeholder: '-----BEGIN PRIVATE KEY-----',
			description: 'PEM of the key that belongs to the client certificate',
			displayOptions: { show: { authentication: ['certificate'] } },
		},
		{
			displayName: 'Client Key Passphrase',
			name: 'clientKeyPassphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { authentication: ['certificate'] } },
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Leave empty until the account is created',
			displayOptions: { show: { authentication: ['password'] } },
		},
		caCertificate(
			'PEM of the authority that issued the pxGrid certificates of the nodes: mostly the internal CA of Cisco ISE',
		),
		ignoreTlsErrors(
			'Whether to connect without checking who answers. Anyone between n8n and ISE could then forge sessions and take the account: better add the CA certificate above.',
		),
	];
}
