import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { caCertificate, ignoreTlsErrors } from './shared/fields';

/** Where the penalty ledger keeps its state. */
export class CiscoRtcLedgerApi implements ICredentialType {
	name = 'ciscoRtcLedgerApi';

	displayName = 'Cisco RTC Ledger API';

	icon = {
		light: 'file:../nodes/PenaltyLedger/penaltyLedger.svg',
		dark: 'file:../nodes/PenaltyLedger/penaltyLedger.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-cisco-rtc/n8n-nodes-cisco-rtc/blob/main/docs/penalty-ledger.md#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Store',
			name: 'store',
			type: 'options',
			options: [
				{
					name: 'SQLite',
					value: 'sqlite',
					description: 'A file on the machine that runs n8n. Needs nothing else.',
				},
				{
					name: 'PostgreSQL',
					value: 'postgres',
					description: 'A server, version 15 or later, for n8n processes on several machines (queue mode)',
				},
			],
			default: 'sqlite',
			description: 'Where scores, detections, intents and the audit trail are kept',
		},
		{
			displayName: 'Database File',
			name: 'file',
			type: 'string',
			default: '',
			placeholder: 'e.g. /data/cisco-rtc/ledger.db',
			description:
				'File of the ledger; it is created when it does not exist. Leave empty for cisco-rtc/ledger.db in the .n8n folder. All n8n processes that share the ledger must run on one machine.',
			displayOptions: { show: { store: ['sqlite'] } },
		},
		{
			displayName: 'Refuse Relative Paths',
			name: 'refuseRelativePaths',
			type: 'boolean',
			default: true,
			description:
				'Whether to refuse a database file without an absolute path. When off, a relative path starts at the .n8n folder.',
			displayOptions: { show: { store: ['sqlite'] } },
		},
		{
			displayName: 'Host',
			name: 'host',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. postgres.example.com',
			description: 'Primary server. A pooler in between must keep sessions (PgBouncer: pool_mode = session).',
			displayOptions: { show: { store: ['postgres'] } },
		},
		{
			displayName: 'Port',
			name: 'port',
			type: 'number',
			default: 5432,
			displayOptions: { show: { store: ['postgres'] } },
		},
		{
			displayName: 'Database',
			name: 'database',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. n8n',
			description: "An existing database. It may be n8n's own: the ledger stays in its schema.",
			displayOptions: { show: { store: ['postgres'] } },
		},
		{
			displayName: 'Schema',
			name: 'schema',
			type: 'string',
			default: 'cisco_rtc',
			description:
				"The ledger's own schema; it is created when it does not exist. A schema that holds anything else is refused.",
			displayOptions: { show: { store: ['postgres'] } },
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			required: true,
			description: 'Needs CREATE on the database, or to own the schema',
			displayOptions: { show: { store: ['postgres'] } },
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { store: ['postgres'] } },
		},
		{
			displayName: 'TLS',
			name: 'tls',
			type: 'boolean',
			default: true,
			description: 'Whether to encrypt the connection. Turn this off only for a server on the same machine.',
			displayOptions: { show: { store: ['postgres'] } },
		},
		caCertificate("PEM of the authority that issued the server's certificate, when it is your own", {
			show: { store: ['postgres'], tls: [true] },
		}),
		ignoreTlsErrors(
			'Whether to connect without checking who answers. Anyone between n8n and the server could then read and change the ledger: better add the CA certificate above.',
			{ show: { store: ['postgres'], tls: [true] } },
		),
	];
}
