import type { ICredentialTestRequest, ICredentialType, INodeProperties, Icon } from 'n8n-workflow';
import { PROCESSES } from './shared/fields';

/** API key of Cisco Umbrella or Secure Access: client id and secret of an OAuth 2.0 client-credentials flow. */
export class CiscoRtcUmbrellaApi implements ICredentialType {
	name = 'ciscoRtcUmbrellaApi';

	displayName = 'Cisco Umbrella (RTC) API';

	icon: Icon = {
		light: 'file:../nodes/CiscoUmbrella/umbrella.svg',
		dark: 'file:../nodes/CiscoUmbrella/umbrella.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/umbrella.md#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			required: true,
			default: '',
			description: 'Made in Umbrella under Admin > API Keys',
			typeOptions: { password: true },
		},
		{
			displayName: 'Key Secret',
			name: 'apiSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Shown once, when the key is made',
		},
		{
			displayName: 'Product',
			name: 'baseUrl',
			type: 'options',
			options: [
				{ name: 'Umbrella', value: 'https://api.umbrella.com' },
				{ name: 'Umbrella for Government', value: 'https://api.umbrellagov.com' },
				{ name: 'Secure Access', value: 'https://api.sse.cisco.com' },
				{ name: 'Other Address', value: 'custom' },
			],
			default: 'https://api.umbrella.com',
		},
		{
			displayName: 'Base URL',
			name: 'customBaseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://api.umbrella.com',
			displayOptions: { show: { baseUrl: ['custom'] } },
		},
		{
			displayName: 'Organization ID',
			name: 'organizationId',
			type: 'string',
			default: '',
			description: 'Of a child organization that a provider key acts for. Leave empty otherwise.',
		},
		{
			displayName: 'Investigate Tier',
			name: 'investigateTier',
			type: 'options',
			options: [
				{ name: 'Integration (3 Calls per Second, 2000 per Day)', value: 'integration' },
				{ name: 'Tier 1 (3 Calls per Second)', value: 'tier1' },
				{ name: 'Tier 2 (12 Calls per Second)', value: 'tier2' },
				{ name: 'Tier 3 (12 Calls per Second, Bulk Look-Ups)', value: 'tier3' },
			],
			default: 'tier1',
			description: 'How fast the license lets Investigate be called',
		},
		PROCESSES,
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ ($credentials.baseUrl === "custom" ? $credentials.customBaseUrl : $credentials.baseUrl).replace(/\\/+$/, "") }}',
			url: '/auth/v2/token',
			method: 'POST',
			headers: {
				'Content-Type': 'application/x-www-form-urlencoded',
				Accept: 'application/json',
				'X-Umbrella-OrgId': '={{ $credentials.organizationId || undefined }}',
			},
			auth: { username: '={{ $credentials.apiKey }}', password: '={{ $credentials.apiSecret }}' },
			body: 'grant_type=client_credentials',
		},
	};
}
