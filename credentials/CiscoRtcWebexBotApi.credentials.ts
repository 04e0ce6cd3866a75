import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

/** Access token of a Cisco Webex bot. It does not expire. */
export class CiscoRtcWebexBotApi implements ICredentialType {
	name = 'ciscoRtcWebexBotApi';

	displayName = 'Cisco Webex Bot (RTC) API';

	icon: Icon = {
		light: 'file:../nodes/CiscoWebex/webex.svg',
		dark: 'file:../nodes/CiscoWebex/webex.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/webex.md#make-a-bot';

	properties: INodeProperties[] = [
		{
			displayName: 'Bot Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Shown once, when the bot is made at developer.webex.com under My Webex Apps',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://webexapis.com/v1',
			required: true,
			description: 'Change it only for Webex for Government or a gateway of your own',
		},
		{
			displayName: 'People Who May Decide',
			name: 'deciders',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. ann@example.com: approver',
			description:
				'One person per line: mail address or person ID, a colon, and operator (may release and protect) or approver (may also approve and deny). Nobody else can decide from Webex, whoever is in the room.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.accessToken}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/people/me' },
	};
}
