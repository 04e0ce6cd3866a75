import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

/** Keys of Cisco Umbrella's APIs before `api.umbrella.com`. Each API has its own; any may be missing. */
export class CiscoRtcUmbrellaLegacyApi implements ICredentialType {
	name = 'ciscoRtcUmbrellaLegacyApi';

	displayName = 'Cisco Umbrella Legacy (RTC) API';

	icon: Icon = {
		light: 'file:../nodes/CiscoUmbrella/umbrella.svg',
		dark: 'file:../nodes/CiscoUmbrella/umbrella.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/umbrella.md#legacy-apis';

	properties: INodeProperties[] = [
		{
			displayName: 'Organization ID',
			name: 'organizationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1234567',
			description: 'The number in the address of the Umbrella dashboard. Needed for activity and reports.',
		},
		{
			displayName: 'Reporting API Key',
			name: 'reportingApiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Key of type "Umbrella Reporting", for activity and reports',
		},
		{
			displayName: 'Reporting Key Secret',
			name: 'reportingApiSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'Enforcement Customer Key',
			name: 'enforcementApiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Of the custom integration under Policies > Policy Components > Integrations: the text behind "customerKey=" in its address',
		},
		{
			displayName: 'Investigate Access Token',
			name: 'investigateToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Made under Investigate > API Keys',
		},
	];
}
