import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** Who may use the RTC Console, and the secret that signs its forms. */
export class CiscoRtcConsoleApi implements ICredentialType {
	name = 'ciscoRtcConsoleApi';

	displayName = 'Cisco RTC Console API';

	icon = {
		light: 'file:../nodes/RtcConsole/rtcConsole.svg',
		dark: 'file:../nodes/RtcConsole/rtcConsole.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/console.md#users';

	properties: INodeProperties[] = [
		{
			displayName: 'Users',
			name: 'users',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add User',
			default: {},
			description: 'Who may sign in to the console',
			options: [
				{
					displayName: 'User',
					name: 'user',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							description: 'The name to sign in with; it stands in the audit trail',
						},
						{
							displayName: 'Role',
							name: 'role',
							type: 'options',
							options: [
								{ name: 'Admin', value: 'admin', description: 'Also changes the policy and purges scores' },
								{ name: 'Approver', value: 'approver', description: 'Also approves, blocks and protects' },
								{
									name: 'Operator',
									value: 'operator',
									description: 'Also quarantines, isolates, releases and retries',
								},
								{ name: 'Viewer', value: 'viewer', description: 'Sees everything and changes nothing' },
							],
							default: 'viewer',
						},
						{
							displayName: 'Password Hash',
							name: 'passwordHash',
							type: 'string',
							typeOptions: { password: true },
							default: '',
							placeholder: 'scrypt2$32768$8$1$…',
							description:
								'Made of the name and the password by the command in the documentation. After removing, reordering or renaming users, enter the hashes from there on again. May be empty for users who only come through a trusted proxy.',
						},
					],
				},
			],
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'At least 32 random characters, e.g. of "openssl rand -base64 33". Forms that are open when it changes have to be opened again.',
		},
		{
			displayName: 'Trust a Proxy',
			name: 'trustProxy',
			type: 'boolean',
			default: false,
			description:
				'Whether a reverse proxy signs people in and says who they are. It must remove these headers from what browsers send.',
		},
		{
			displayName: 'Proxy Proof Header',
			name: 'proxyProofHeader',
			type: 'string',
			default: 'x-rtc-proxy-secret',
			description: 'Header in which the proxy proves that it is the proxy',
			displayOptions: { show: { trustProxy: [true] } },
		},
		{
			displayName: 'Proxy Secret',
			name: 'proxySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'At least 32 random characters that only the proxy and this credential know',
			displayOptions: { show: { trustProxy: [true] } },
		},
		{
			displayName: 'Proxy User Header',
			name: 'proxyUserHeader',
			type: 'string',
			default: 'x-forwarded-user',
			description: 'Header with the name of the person; it must be one of the users above, whose role counts',
			displayOptions: { show: { trustProxy: [true] } },
		},
	];
}
