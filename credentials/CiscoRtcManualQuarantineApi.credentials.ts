import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

/** Who may ask for a quarantine over HTTP. Holds digests only: what callers send can't be read from it. */
export class CiscoRtcManualQuarantineApi implements ICredentialType {
	name = 'ciscoRtcManualQuarantineApi';

	displayName = 'Manual Quarantine (RTC) API';

	icon: Icon = {
		light: 'file:../nodes/RtcManualQuarantine/manualQuarantine.svg',
		dark: 'file:../nodes/RtcManualQuarantine/manualQuarantine.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/manual-quarantine.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Callers',
			name: 'callers',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. soc-portal: operator: 5e88489…',
			description:
				'One line per token: name of the caller, role, SHA-256 of the token in hexadecimal, with colons between. Roles: requester (an approver has to agree), operator (may quarantine and release), approver (may also override protection).',
		},
	];
}
