import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { openLedger, type AuditRecord } from '../../ledger';
import { openConsoleSite, signedInAs, type ConsoleSite } from '../support/consoleSite';

const FORM = 'application/x-www-form-urlencoded';
const PATH = '/webhook/rtc-console';
let site: ConsoleSite;

interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	text: string;
}

beforeAll(async () => {
	site = await openConsoleSite(async (file) => {
		const ledger = await openLedger({ file });
		await ledger.score([{
			id: 'umbrella:1', source: 'umbrella', eventType: { id: 'dns', name: '<img src=x onerror=alert(1)>' }, categories: ['Malware'], severity: 'High', occurredAt: new Date().toISOString(),
			observables: [{ type: 'domain', value: '"><script>alert(1)</script>' }], targets: [{ user: '<script>alert(1)</script>', hostname: 'pc1' }],
		}], { actor: { name: 'test' } });
		await ledger.close();
	});
}, 300_000);
afterAll(async () => await site?.close(), 60_000);

async function call(given: { method?: string; path?: string; user?: string; headers?: Record<string, string>; body?: string | Buffer }): Promise<Answer> {
	const { method = 'GET', path = PATH, user, headers = {}, body } = given;
	const length = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
	return await new Promise((resolve, reject) => {
		const request = httpRequest({ host: '127.0.0.1', port: site.n8n.port, agent: false, method, path, headers: { ...(user && signedInAs(user)), ...length, ...headers } }, (response) => {
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

const post = async (changes: { user?: string; headers?: Record<string, string>; body?: string | Buffer }) =>
	await call({ method: 'POST', user: 'admin', body: 'action=release', ...changes, headers: { 'content-type': FORM, ...changes.headers } });

/** Everything in the ledger but its audit trail, and the last refusals in that. */
async function looked(): Promise<{ state: string; refused: AuditRecord[]; total: number }> {
	const db = new DatabaseSync(site.n8n.ledgerFile, { readOnly: true });
	const tables = (db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('audit', 'head', 'key_parts')`).all() as { name: string }[]).map(({ name }) => name);
	const state = JSON.stringify(tables.map((name) => db.prepare(`SELECT * FROM ${name}`).all()));
	db.close();
	const ledger = await openLedger({ file: site.n8n.ledgerFile });
	const { items, total } = await ledger.getAudit({ action: 'console.refused', limit: 3 });
	await ledger.close();
	return { state, refused: items, total };
}

async function executions(): Promise<number> {
	const { data } = await (await site.n8n.api()).get<{ data: { results: unknown[] } }>('/rest/executions');
	return data.data.results.length;
}

async function expectRefused(send: () => Promise<Answer>, status: number, audited = true): Promise<Answer> {
	const [before, ran] = [await looked(), await executions()];
	const answer = await send();
	expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
	const after = await looked();
	expect(after.state).toBe(before.state);
	expect(after.total).toBe(before.total + (audited ? 1 : 0));
	if (audited) expect(after.refused[0]).toMatchObject({ actor: 'admin', details: { status } });
	expect(await executions()).toBe(ran);
	return answer;
}

describe('what n8n lets through to the console', () => {
	it('delivers the page with the console\'s own policy, and hostile texts as texts', async () => {
		const { status, headers, text } = await call({ user: 'viewer', path: `${PATH}?page=users` });
		expect(status).toBe(200);
		expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'nonce-[\w-]{24}'; script-src 'nonce-[\w-]{24}'; .*frame-ancestors 'none'; sandbox (?!.*allow-same-origin)/);
		expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
		expect(headers).not.toHaveProperty('set-cookie');
		expect(headers).not.toHaveProperty('access-control-allow-origin');
		expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
		expect(text).not.toContain('<script>alert');
	});

	it.each([['GET', 401], ['HEAD', 401], ['POST', 401], ['PUT', 401], ['PATCH', 401], ['DELETE', 401]])('%s without a name gets %i, and no page', async (method, status) => {
		const answer = await expectRefused(async () => await call({ method, headers: { 'content-type': FORM } }), status, false);
		expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
		expect(answer.text).not.toContain('pc1');
	});

	it('the owner of n8n is nobody to the console', async () => {
		const cookie = String((await site.n8n.api()).defaults.headers.Cookie ?? (await site.n8n.api()).defaults.headers.common?.Cookie ?? '');
		expect(cookie).toContain('n8n-auth=');
		expect((await call({ headers: { cookie } })).status).toBe(401);
	});

	it.each(['PUT', 'PATCH', 'DELETE'])('%s of a user is refused and noted', async (method) => {
		await expectRefused(async () => await call({ method, user: 'admin', headers: { 'content-type': FORM }, body: 'action=release' }), 405);
	});

	it('OPTIONS, with and without an origin of others, allows nothing and does nothing', async () => {
		const answer = await expectRefused(async () => await call({ method: 'OPTIONS', user: 'admin', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } }), 204, false);
		expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
		expect((await call({ method: 'TRACE', user: 'admin' })).status).toBeGreaterThanOrEqual(400);
	});

	it('no other site can read a page with somebody\'s credentials', async () => {
		const { headers } = await call({ user: 'admin', headers: { origin: 'https://evil.example' } });
		expect(headers['access-control-allow-credentials']).toBeUndefined();
	});
});

describe('bodies that n8n would read', () => {
	it.each([
		['application/json', '{"action":"release"}'], ['text/plain', 'action=release'], ['application/xml', '<a/>'], ['application/octet-stream', 'x'],
		['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="action"\r\n\r\nrelease\r\n--b--\r\n'],
	])('%s is refused', async (type, body) => {
		await expectRefused(async () => await post({ headers: { 'content-type': type }, body }), 415);
	});

	it('JSON that is broken is no server error', async () => {
		await expectRefused(async () => await post({ headers: { 'content-type': 'application/json' }, body: '{' }), 415);
	});

	it.each([['announced', {}], ['in chunks', { 'transfer-encoding': 'chunked' }]])('10 MB, %s, are refused', async (_how, headers) => {
		await expectRefused(async () => await post({ headers: headers as Record<string, string>, body: Buffer.alloc(10_000_000, 'a') }), 413);
	});

	it('a form without its token is refused', async () => {
		await expectRefused(async () => await post({ body: 'action=release&object=hostname:pc1&reason=x' }), 403);
	});

	it('what dribbles in is cut off, while others are served', async () => {
		const socket = connect(site.n8n.port, '127.0.0.1');
		let text = '';
		socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', () => undefined);
		socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: ${signedInAs('admin').authorization}\r\nContent-Type: ${FORM}\r\nContent-Length: 5000\r\n\r\n`);
		const dribble = setInterval(() => socket.write('a'), 500);
		expect((await call({ user: 'viewer' })).status).toBe(200);
		for (let i = 0; i < 150 && !socket.closed; i++) await wait(100);
		clearInterval(dribble);
		expect(socket.closed).toBe(true);
		expect(text).toMatch(/^HTTP\/1\.1 408 /);
		expect((await looked()).refused[0]).toMatchObject({ details: { status: 408 } });
	}, 30_000);
});

describe('addresses', () => {
	it.each([`${PATH}/..%2f..%2frest%2flogin`, `${PATH}/x`, `${PATH}%00`, `${PATH}/%2e%2e/rest/settings`, '/webhook/RTC-CONSOLE', `/webhook//rtc-console/x`, `/webhook/${'a'.repeat(7_000)}`, '/webhook-test/rtc-console'])(
		'%s is not the console, and no server error', async (path) => {
			const { status, text } = await call({ path, user: 'admin' });
			expect(status).toBeGreaterThanOrEqual(400);
			expect(status).toBeLessThan(500);
			expect(text).not.toContain('RTC Console</title>');
		},
	);

	it.each([`${PATH}?page=../../etc/passwd`, `${PATH}?page=%00`, `${PATH}?page=entity&of=mac&of=..%2f..`])('%s is a page that does not exist', async (path) => {
		expect((await call({ path, user: 'admin' })).status).toBe(404);
	});

	it('line breaks in an address break no header', async () => {
		const { headers, status } = await call({ path: `${PATH}?page=audit&format=csv&subject=x%0d%0aSet-Cookie:%20a=b`, user: 'viewer' });
		expect(status).toBe(200);
		expect(headers).not.toHaveProperty('set-cookie');
		expect(headers['content-disposition']).toMatch(/^attachment; filename="audit-\d{8}T\d{6}\.csv"$/);
	});
});

it('a form that was drawn is done once: the second time it is refused and runs nothing', async () => {
	const page = await call({ user: 'admin', path: `${PATH}?page=entity&of=hostname&of=pc1` });
	const form = /<form class="action" method="post"[^>]*>((?:(?!<\/form>).)*name="action" value="protect".*?)<\/form>/s.exec(page.text)?.[1] ?? '';
	const fields = Object.fromEntries([...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]));
	const body = new URLSearchParams({ ...fields, reason: 'crown jewels' }).toString();
	const ran = await executions();
	expect(await post({ body })).toMatchObject({ status: 303, headers: { location: expect.stringMatching(/^\?page=/) } });
	for (let i = 0; i < 50 && (await executions()) === ran; i++) await wait(100);
	expect(await executions()).toBe(ran + 1);
	await expectRefused(async () => await post({ body }), 409);
	expect(await post({ body, user: 'approver' })).toMatchObject({ status: 403 });
});

it('the audit trail is whole after all of this', async () => {
	const ledger = await openLedger({ file: site.n8n.ledgerFile });
	expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
	await ledger.close();
});
