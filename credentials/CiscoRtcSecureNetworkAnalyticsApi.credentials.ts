import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';
import { caCertificate, ignoreTlsErrors } from './shared/fields';

/** User of a Cisco Secure Network Analytics manager (formerly the Stealthwatch Management Console). */
export class CiscoRtcSecureNetworkAnalyticsApi implements ICredentialType {
	name = 'ciscoRtcSecureNetworkAnalyticsApi';

	displayName = 'Cisco Secure Network Analytics (RTC) API';

	icon: Icon = {
		light: 'file:../nodes/CiscoSecureNetworkAnalytics/secureNetworkAnalytics.svg',
		dark: 'file:../nodes/CiscoSecureNetworkAnalytics/secureNetworkAnalytics.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/secure-network-analytics.md#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Manager URL',
			name: 'managerUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://smc.example.com',
			description: 'The manager (formerly Stealthwatch Management Console), not a flow collector',
		},
		{
			displayName: 'User Name',
			name: 'username',
			type: 'string',
			default: '',
			required: true,
			description:
				'A local user. A new user must sign in to the manager once and change the password before the API takes it.',
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
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			default: '',
			placeholder: '102',
			description:
				'Domain to work in, as Tenant > Get Many shows it. Only needed where the manager has more than one.',
		},
		caCertificate('PEM of the authority that issued the certificate of the manager, when it is your own'),
		ignoreTlsErrors(
			'Whether to connect without checking who answers. Anyone between n8n and the manager could then read the password and forge answers: better add the CA certificate above.',
		),
	];
}
