import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LedgerPlace } from '../ledger';
import { hashPassword } from '../nodes/RtcConsole/http/password';
import { ROLES } from '../nodes/RtcConsole/pages/page';
import type { LabProcess } from './labProcess';
import type { CredentialFile, WorkflowFile } from './n8nInstance';

const folder = path.resolve(__dirname, '../workflows');

/** The list "Rapid Threat Containment" of the lab's Umbrella. */
export const LAB_BLOCK_LIST = '15755703';

/** The simple custom detection list "Rapid Threat Containment" of the lab's Secure Endpoint. */
export const LAB_FILE_LIST = 'd31a3507-3640-42b1-8f71-55280da9fe1a';

/** Where the workflow "Console" serves it, below the address of n8n. */
export const CONSOLE_PATH = '/webhook/rtc-console';

/** Who may sign in to the console, one per role; the passwords are made anew by every process. */
export const CONSOLE_LOGINS = ROLES.map((role) => ({ name: role, role, password: randomBytes(9).toString('base64url') }));

/** What the launcher fills in, as a user does after importing. */
export interface BundleSettings {
	/** Seconds between polls; the bundled files say one minute. */
	pollSeconds: number;
	/** Seconds that a poll goes back before the end of the one before; default: what the bundled files say. */
	overlapSeconds?: number;
	webexRoomId: string;
}

/** The bundled workflows with the user's settings in them, each after those that it calls. */
export async function loadWorkflows(settings: BundleSettings): Promise<WorkflowFile[]> {
	const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
	const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
	return calledFirst(texts.map((text) => withSettings(JSON.parse(text) as WorkflowFile, settings)));
}

/** n8n publishes a workflow only after the workflows that it calls. */
function calledFirst(workflows: WorkflowFile[]): WorkflowFile[] {
	const ordered = new Set<WorkflowFile>();
	const visit = (workflow: WorkflowFile) => {
		const called = workflow.nodes
			.filter(({ type }) => type === 'n8n-nodes-base.executeWorkflow')
			.map(({ parameters }) => (parameters.workflowId as { value: string }).value);
		for (const other of workflows) if (called.includes(other.id)) visit(other);
		ordered.add(workflow);
	};
	workflows.forEach(visit);
	return [...ordered];
}

/** What callers of the lab's manual quarantine send as their token; docs/manual-quarantine.md names it. */
export const LAB_QUARANTINE_CALLER = 'lab-manual-quarantine-caller-0001';

/** What Prometheus sends to the workflow "Metrics", as the header `Authorization`; made anew by every process. */
export const METRICS_AUTHORIZATION = `Bearer ${randomBytes(24).toString('base64url')}`;

/**
 * Credentials for the accounts that the lab's vendors accept, and for the ledger; default: its file in the user folder.
 *
 * @param processes of n8n that share the accounts
 */
export async function labCredentials(lab: LabProcess, ledger?: LedgerPlace, processes = 1): Promise<CredentialFile[]> {
	const { secureEndpoint, umbrella, secureNetworkAnalytics, ise, webex, serviceNow, secureMalwareAnalytics, virusTotal, cmx } = await lab.get<LabAccounts>('/_lab/credentials');
	return [
		credential('labSecureEndpoint', 'Cisco Secure Endpoint', 'ciscoRtcSecureEndpointApi', {
			region: 'us',
			clientId: secureEndpoint.clientId,
			apiKey: secureEndpoint.apiKey,
			processes,
		}),
		credential('labUmbrella', 'Cisco Umbrella', 'ciscoRtcUmbrellaApi', {
			apiKey: umbrella.apiKey,
			apiSecret: umbrella.keySecret,
			processes,
		}),
		credential('labNetAnalytics', 'Cisco Secure Network Analytics', 'ciscoRtcSecureNetworkAnalyticsApi', {
			managerUrl: secureNetworkAnalytics.url,
			username: secureNetworkAnalytics.username,
			password: secureNetworkAnalytics.password,
			tenantId: String(secureNetworkAnalytics.tenantId),
		}),
		credential('labIse', 'Cisco ISE', 'ciscoRtcIseApi', {
			primaryUrl: ise.ersUrl,
			secondaryUrl: ise.secondNodeUrl,
			mntUrl: ise.mntUrl,
			mntSecondaryUrl: ise.secondNodeUrl,
			username: ise.accounts[0].user,
			password: ise.accounts[0].password,
		}),
		credential('labWebexBot', 'Cisco Webex bot', 'ciscoRtcWebexBotApi', {
			accessToken: botToken(webex),
			deciders: webex.people.filter(({ type }) => type === 'person').map(({ email }) => `${email}: approver`).join('\n'),
		}),
		credential('labServiceNow', 'ServiceNow', 'serviceNowBasicApi', {
			user: serviceNow.accounts[0].user,
			password: serviceNow.accounts[0].password,
			subdomain: serviceNow.subdomain,
		}),
		credential('labMalwareAnalytics', 'Cisco Secure Malware Analytics', 'ciscoRtcSecureMalwareAnalyticsApi', secureMalwareAnalytics),
		credential('labVirusTotal', 'VirusTotal', 'virusTotalApi', { accessToken: virusTotal.apiKey }),
		credential('labCmx', 'Cisco CMX', 'httpBasicAuth', { user: cmx.user, password: cmx.password }),
		credential('labLedger', 'Penalty ledger', 'ciscoRtcLedgerApi', ledgerFields(ledger)),
		credential('labManualQuarantine', 'Manual quarantine tokens', 'ciscoRtcManualQuarantineApi', {
			callers: `lab: operator: ${createHash('sha256').update(LAB_QUARANTINE_CALLER).digest('hex')}`,
		}),
		credential('labMetrics', 'Metrics token', 'httpHeaderAuth', { name: 'Authorization', value: METRICS_AUTHORIZATION }),
		credential('labConsole', 'RTC console', 'ciscoRtcConsoleApi', {
			users: { user: await consoleUsers() },
			signingSecret: randomBytes(33).toString('base64url'),
		}),
	];
}

/** The parts of `GET /_lab/credentials` that the bundled workflows need. */
export interface LabAccounts {
	secureEndpoint: { clientId: string; apiKey: string };
	umbrella: { apiKey: string; keySecret: string };
	secureNetworkAnalytics: { url: string; username: string; password: string; tenantId: number };
	ise: {
		ersUrl: string;
		secondNodeUrl: string;
		mntUrl: string;
		accounts: { user: string; password: string }[];
	};
	webex: { room: { id: string }; people: { type: string; email: string; token?: string }[] };
	serviceNow: { subdomain: string; accounts: { user: string; password: string }[] };
	secureMalwareAnalytics: { cloud: string; apiKey: string };
	virusTotal: { apiKey: string };
	cmx: { url: string; user: string; password: string };
}

/** Where the lab's CMX answers. */
const LAB_CMX_URL = 'https://cmx.lab.example';

/** Products that the console asks only when somebody turns their nodes on. */
const OPTIONAL_LOOK_UPS = ['Find its place', 'Read file report', 'Read file verdict'];

/** A file is where the credential looks for it without being told. */
function ledgerFields(place: LedgerPlace | undefined): Record<string, unknown> {
	return place && 'postgres' in place ? { store: 'postgres', ...place.postgres } : {};
}

async function consoleUsers(): Promise<Record<string, string>[]> {
	return await Promise.all(CONSOLE_LOGINS.map(async ({ name, role, password }) => ({ name, role, passwordHash: await hashPassword(name, password) })));
}

function botToken({ people }: LabAccounts['webex']): string {
	const bot = people.find(({ type, token }) => type === 'bot' && token);
	if (!bot?.token) throw new Error('The lab knows no Webex bot');
	return bot.token;
}

function credential(id: string, name: string, type: string, data: Record<string, unknown>): CredentialFile {
	return { id, name, type, data };
}

function withSettings(workflow: WorkflowFile, { pollSeconds, overlapSeconds, webexRoomId }: BundleSettings): WorkflowFile {
	for (const node of workflow.nodes) {
		if (node.type === 'n8n-nodes-base.scheduleTrigger' && node.name === 'Every minute') {
			node.parameters.rule = { interval: [{ field: 'seconds', secondsInterval: pollSeconds }] };
		}
		if (node.name === 'Console settings') {
			setAssignment(node.parameters, 'settings.umbrellaDestinationListId', LAB_BLOCK_LIST);
			setAssignment(node.parameters, 'settings.secureEndpointFileListGuid', LAB_FILE_LIST);
			setAssignment(node.parameters, 'settings.cmxUrl', LAB_CMX_URL);
		}
		if (OPTIONAL_LOOK_UPS.includes(node.name)) delete (node as { disabled?: boolean }).disabled;
		if (node.name === 'Get cursor' && overlapSeconds !== undefined) node.parameters.overlapSeconds = overlapSeconds;
		if (node.name === 'Settings') setAssignment(node.parameters, 'settings.webexRoomId', webexRoomId);
	}
	return workflow;
}

function setAssignment(parameters: Record<string, unknown>, name: string, value: string): void {
	const { assignments } = parameters.assignments as { assignments: { name: string; value: string }[] };
	const found = assignments.find((assignment) => assignment.name === name);
	if (!found) throw new Error(`The workflow's settings have no field ${name}`);
	found.value = value;
}
