import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';
import { PROCESSES, caCertificate, ignoreTlsErrors } from './shared/fields';

/**
 * API client of Cisco Secure Endpoint: client ID and key for version 1 of the API, sent as HTTP Basic, or an OAuth2
 * client of Cisco XDR or Secure Client Cloud Management for version 3. The node Cisco Secure Endpoint tests it.
 */
export class CiscoRtcSecureEndpointApi implements ICredentialType {
	name = 'ciscoRtcSecureEndpointApi';

	displayName = 'Cisco Secure Endpoint (RTC) API';

	icon: Icon = {
		light: 'file:../nodes/CiscoSecureEndpoint/secureEndpoint.svg',
		dark: 'file:../nodes/CiscoSecureEndpoint/secureEndpoint.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/secure-endpoint.md#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'Asia Pacific, Japan, China', value: 'apjc' },
				{ name: 'Europe', value: 'eu' },
				{ name: 'North America', value: 'us' },
				{ name: 'Private Cloud Appliance', value: 'privateCloud' },
			],
			default: 'us',
			description: 'Where your Secure Endpoint console is',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://amp-api.example.com',
			description: 'Address of the appliance, without a path',
			displayOptions: { show: { region: ['privateCloud'] } },
		},
		{
			displayName: 'Console URL',
			name: 'consoleUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://amp-console.example.com',
			description: 'For links from detections into the console of the appliance. Leave empty for no links.',
			displayOptions: { show: { region: ['privateCloud'] } },
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{
					name: 'API Key (Version 1)',
					value: 'apiKey',
					description: 'For events, computers, isolation, file lists and everything else',
				},
				{
					name: 'OAuth2 Client (Version 3)',
					value: 'oAuth2Client',
					description: 'For organizations and their policies; not on a private cloud appliance',
				},
			],
			default: 'apiKey',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			displayOptions: { show: { authentication: ['apiKey'] } },
			description: 'Shown as 3rd Party API Client ID in the console under Administration > API Credentials',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Shown once, when the API client is made. Isolation and file lists need read and write scope.',
			displayOptions: { show: { authentication: ['apiKey'] } },
		},
		{
			displayName: 'OAuth2 Client ID',
			name: 'oAuthClientId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. client-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
			description:
				'Made in Cisco XDR or Secure Client Cloud Management under Administration > API Clients, with any scope',
			displayOptions: { show: { authentication: ['oAuth2Client'] } },
		},
		{
			displayName: 'OAuth2 Client Secret',
			name: 'oAuthClientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The client password, shown once',
			displayOptions: { show: { authentication: ['oAuth2Client'] } },
		},
		{ ...PROCESSES, displayOptions: { show: { authentication: ['apiKey'] } } },
		caCertificate(
			'PEM of the authority that issued the server certificate, when public ones do not vouch for it',
		),
		ignoreTlsErrors('Whether to connect even if the certificate of the appliance cannot be verified', {
			show: { region: ['privateCloud'] },
		}),
	];

	/** For n8n's HTTP Request node: version 1 only, because the tokens of version 3 take two more calls. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { authentication, clientId, apiKey, caCertificate, region, allowUnauthorizedCerts } = credentials;
		if (authentication === 'oAuth2Client') {
			throw new Error('The OAuth2 client can be used in the Cisco Secure Endpoint node only');
		}
		return {
			...requestOptions,
			auth: { username: String(clientId), password: String(apiKey) },
			...(caCertificate ? { agentOptions: { ca: String(caCertificate) } } : {}),
			...(region === 'privateCloud' && allowUnauthorizedCerts ? { skipSslCertificateValidation: true } : {}),
		};
	}
}
