import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { IWebhookFunctions } from 'n8n-workflow';
import { openLedger, type AuditRecord, type LedgerService, type Policy } from '../../../../../ledger';
import type { ActionName } from '../../../../../nodes/RtcConsole/actions/catalogue';
import { closeKeptLedgers } from '../../../../../nodes/RtcConsole/http/ledgers';
import { hashPassword } from '../../../../../nodes/RtcConsole/http/password';
import { issueToken } from '../../../../../nodes/RtcConsole/http/token';
import { ROLES } from '../../../../../nodes/RtcConsole/pages/page';
import { RtcConsole } from '../../../../../nodes/RtcConsole/RtcConsole.node';

export const SECRET = 'a secret that signs the forms of this test';
export const FORM = 'application/x-www-form-urlencoded';
const PATH = '/webhook/rtc-console';
const PASSWORD = 'correct horse';

export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	text: string;
}

export interface Call {
	method?: string;
	/** After the console's own, e.g. `?page=hosts`. */
	path?: string;
	/** Name of a role, whose user has the same name; without one nobody is signed in. */
	user?: string;
	password?: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
}

/** The console's node behind a real HTTP server, which hands it every request as n8n does: with its body unread. */
export class ConsoleDoor {
	/** What the workflow behind the console was given, oldest first. */
	readonly items: unknown[] = [];

	private constructor(
		readonly ledger: LedgerService,
		private readonly file: string,
		private readonly folder: string,
		private readonly http: Server,
		private readonly users: { name: string; role: string; passwordHash: string }[],
	) {}

	static async open(policy?: Policy): Promise<ConsoleDoor> {
		const folder = mkdtempSync(join(tmpdir(), 'console-door-'));
		const file = join(folder, 'ledger.db');
		const ledger = await openLedger({ file });
		if (policy) await ledger.updatePolicy(policy, { name: 'test' }, 'for a test');
		const http = createServer();
		const door = new ConsoleDoor(ledger, file, folder, http, await Promise.all(ROLES.map(async (role) => ({ name: role, role, passwordHash: await hashPassword(role, PASSWORD) }))));
		http.on('request', (request, response) => {
			const context = {
				getRequestObject: () => Object.assign(request, { originalUrl: request.url, ip: request.socket.remoteAddress }),
				getResponseObject: () => response,
				getCredentials: async (type: string) => (type === 'ciscoRtcConsoleApi' ? door.credential() : { file }),
				getNodeParameter: () => ({ xdr: 'https://xdr.example', ise: 'javascript:alert(1)' }),
				getWorkflow: () => ({ id: 'w1', name: 'Console' }),
				logger: { error: () => undefined, warn: () => undefined },
			} as unknown as IWebhookFunctions;
			void new RtcConsole().webhook.call(context).then(({ workflowData }) => {
				door.items.push(...(workflowData?.[0] ?? []).map(({ json }) => json));
			});
		});
		await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
		return door;
	}

	get port(): number {
		return (this.http.address() as AddressInfo).port;
	}

	async close(): Promise<void> {
		this.http.closeAllConnections();
		await new Promise((resolve) => this.http.close(resolve));
		await closeKeptLedgers();
		await this.ledger.close();
		rmSync(this.folder, { recursive: true, force: true });
	}

	async call({ method = 'GET', path = '', user, password, headers = {}, body }: Call): Promise<Answer> {
		return await new Promise((resolve, reject) => {
			const request = httpRequest({ port: this.port, host: '127.0.0.1', method, path: PATH + path, agent: false, headers: { ...signIn(user, password), ...lengthOf(headers, body), ...headers } }, (response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }));
				response.on('error', reject);
			});
			// The console answers before it has read a body that is too large, and then closes the connection.
			request.on('error', (error: NodeJS.ErrnoException) => (['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? undefined : reject(error)));
			request.end(body);
		});
	}

	/** Sends a form as a browser does. */
	async post(user: string, fields: Record<string, string>, path = ''): Promise<Answer> {
		return await this.call({ method: 'POST', user, path, headers: { 'content-type': FORM }, body: new URLSearchParams(fields).toString() });
	}

	/** Everything in the ledger but its audit trail. */
	state(): string {
		const db = new DatabaseSync(this.file, { readOnly: true });
		const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('audit', 'head', 'key_parts')`).all() as { name: string }[];
		const { body } = db.prepare('SELECT body FROM head').get() as { body: string };
		const { auditSeq: _seq, auditHash: _hash, ...head } = JSON.parse(body) as Record<string, unknown>;
		const state = JSON.stringify([head, ...tables.map(({ name }) => db.prepare(`SELECT * FROM ${name}`).all())]);
		db.close();
		return state;
	}

	async auditSince(seq: number): Promise<AuditRecord[]> {
		const { items } = await this.ledger.getAudit({ limit: 200 });
		return items.filter((record) => record.seq > seq).reverse();
	}

	async auditSeq(): Promise<number> {
		return (await this.ledger.getAudit({ limit: 1 })).items[0].seq;
	}

	private credential(): unknown {
		return { users: { user: this.users }, signingSecret: SECRET };
	}
}

function signIn(user: string | undefined, password = PASSWORD): Record<string, string> {
	return user === undefined ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

function lengthOf(headers: Record<string, string>, body: string | Buffer | undefined): Record<string, string> {
	return body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

/** A token as the console draws it into a form. */
export function tokenOf(user: string, action: string, object: string, { secret = SECRET, atMs = Date.now() } = {}): string {
	return issueToken(secret, { user, action, object }, atMs);
}

/** Valid forms of every action, but for the token. */
export const FORMS: Record<ActionName, { object: string; fields: Record<string, string> }> = {
	quarantine: { object: 'hostname:pc1', fields: { reason: 'r' } },
	release: { object: 'hostname:pc1', fields: { reason: 'r' } },
	approve: { object: '11111111-2222-3333-4444-555555555555', fields: { reason: 'r' } },
	deny: { object: '11111111-2222-3333-4444-555555555555', fields: { reason: 'r' } },
	retryIntent: { object: '11111111-2222-3333-4444-555555555555', fields: { reason: 'r' } },
	isolate: { object: '11111111-2222-3333-4444-555555555555', fields: { reason: 'r', entity: 'hostname:pc1' } },
	stopIsolation: { object: '11111111-2222-3333-4444-555555555555', fields: { reason: 'r' } },
	blockObservable: { object: 'domain:bad.example', fields: { reason: 'r' } },
	protect: { object: 'hostname:pc1', fields: { reason: 'r' } },
	unprotect: { object: 'hostname:pc1', fields: { reason: 'r' } },
	lookUp: { object: 'hostname:pc1', fields: {} },
	purge: { object: 'hostname:pc1', fields: { reason: 'r' } },
	updatePolicy: { object: '1', fields: { policy: '{}', comment: 'c' } },
	restorePolicy: { object: '1', fields: { version: '1', comment: 'c' } },
};

/** What a refusal has to be: said, without effect, and in the audit trail where somebody was signed in. */
export async function expectRefused(door: ConsoleDoor, send: () => Promise<Answer>, expected: { status: number; by?: string; says?: RegExp }): Promise<Answer> {
	const [before, seq, items] = [door.state(), await door.auditSeq(), door.items.length];
	const answer = await send();
	expect({ status: answer.status, text: answer.text }).toMatchObject({ status: expected.status, text: expect.stringMatching(expected.says ?? /./) });
	expect(door.state()).toBe(before);
	expect(door.items).toHaveLength(items);
	const audit = await door.auditSince(seq);
	if (expected.by === undefined) expect(audit).toEqual([]);
	else expect(audit).toEqual([expect.objectContaining({ actor: expected.by, action: 'console.refused', details: expect.objectContaining({ status: expected.status }) })]);
	expect(await door.ledger.verifyAudit()).toMatchObject({ ok: true });
	return answer;
}
