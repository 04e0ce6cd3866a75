import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import axios from 'axios';
import { CONSOLE_LOGINS, CONSOLE_PATH } from '../../demo/bundle';
import { N8nInstance, packTarball, type WorkflowFile } from '../../demo/n8nInstance';
import { hashPassword } from '../../nodes/RtcConsole/http/password';

const LISTENING_MS = 30_000;
const NOWHERE = { proxyUrl: 'http://127.0.0.1:9', controlUrl: '', caFile: '' };

/** A real n8n with the packed pack and nothing but a console, without a lab. */
export interface ConsoleSite {
	n8n: N8nInstance;
	/** Address of the console. */
	url: string;
	close(): Promise<void>;
}

/**
 * Installs the pack into an empty n8n and starts it with the console published. Needs a built pack.
 *
 * @param prepare is told the file of the ledger before n8n starts
 */
export async function openConsoleSite(prepare?: (ledgerFile: string) => Promise<void>): Promise<ConsoleSite> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'cisco-rtc-console-'));
	const n8n = await N8nInstance.prepare(path.join(folder, 'n8n'), NOWHERE, await packTarball(folder));
	const close = async () => {
		await n8n.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	};
	try {
		await prepare?.(n8n.ledgerFile);
		await n8n.importCredentials([
			{ id: 'siteConsole', name: 'RTC console', type: 'ciscoRtcConsoleApi', data: { users: { user: await users() }, signingSecret: randomBytes(33).toString('base64url') } },
			{ id: 'siteLedger', name: 'Penalty ledger', type: 'ciscoRtcLedgerApi', data: {} },
		]);
		await n8n.importWorkflows([consoleWorkflow()]);
		await n8n.start();
		await n8n.activate([WORKFLOW_ID]);
		const url = `${n8n.url}${CONSOLE_PATH}`;
		await untilListening(url);
		return { n8n, url, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** n8n says that a workflow is published a moment before its webhooks are. */
export async function untilListening(url: string): Promise<void> {
	for (const deadline = Date.now() + LISTENING_MS; Date.now() < deadline; await wait(100)) {
		const { status } = await axios.get(url, { proxy: false, validateStatus: () => true });
		if (status !== 404) return;
	}
	throw new Error(`Nothing listens at ${url} after ${LISTENING_MS / 1000} s`);
}

/** The header that signs one of the console's users in. */
export function signedInAs(name: string): { authorization: string } {
	const login = CONSOLE_LOGINS.find((known) => known.name === name);
	return { authorization: `Basic ${Buffer.from(`${name}:${login?.password}`).toString('base64')}` };
}

const WORKFLOW_ID = 'consoleAlone';

async function users(): Promise<Record<string, string>[]> {
	return await Promise.all(CONSOLE_LOGINS.map(async ({ name, role, password }) => ({ name, role, passwordHash: await hashPassword(name, password) })));
}

/** What is asked for goes to a node that does nothing, so that n8n keeps the item with the execution. */
function consoleWorkflow(): WorkflowFile {
	const node = (name: string, type: string, typeVersion: number, x: number) => ({ id: name, name, type, typeVersion, position: [x, 0], parameters: {} });
	return {
		id: WORKFLOW_ID,
		name: 'Console alone',
		active: false,
		nodes: [
			{
				...node('Console', 'n8n-nodes-cisco-rtc.rtcConsole', 1, 0),
				webhookId: 'console-alone',
				parameters: { path: path.basename(CONSOLE_PATH), productConsoles: { xdr: 'https://visibility.amp.cisco.com' } },
				credentials: {
					ciscoRtcConsoleApi: { id: 'siteConsole', name: 'RTC console' },
					ciscoRtcLedgerApi: { id: 'siteLedger', name: 'Penalty ledger' },
				},
			},
			node('Asked for', 'n8n-nodes-base.noOp', 1, 220),
		],
		connections: { Console: { main: [[{ node: 'Asked for', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	} as WorkflowFile;
}
