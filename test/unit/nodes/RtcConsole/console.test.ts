import { openLedger, type LedgerService } from '../../../../ledger';
import { ACTION_NAMES, ACTIONS } from '../../../../nodes/RtcConsole/actions/catalogue';
import { answer, type ConsoleParts, type ConsoleRequest } from '../../../../nodes/RtcConsole/console';
import { TOKEN_LIFE_MS } from '../../../../nodes/RtcConsole/http/token';
import { SignInDesk } from '../../../../nodes/RtcConsole/http/signIn';
import type { ConsoleSettings } from '../../../../nodes/RtcConsole/http/settings';
import { PAGES } from '../../../../nodes/RtcConsole/pages';
import { ROLES, type Role } from '../../../../nodes/RtcConsole/pages/page';
import { detection, START_MS } from '../../ledger/helpers';

const EVIL = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;
const HOST = 'hostname:pc1';
const SECRET = 's'.repeat(40);
/** Proxy headers sign people in without deriving a key for every request. */
const settings: ConsoleSettings = {
	users: new Map(ROLES.map((role) => [role, { name: role, role, password: undefined }])),
	signingSecret: SECRET,
	proxy: { secretHeader: 'x-proof', secret: SECRET, userHeader: 'x-user' },
	fingerprint: 'test',
};

let nowMs: number;
let ledger: LedgerService;
let parts: ConsoleParts;
beforeEach(async () => {
	nowMs = START_MS;
	ledger = await openLedger({ file: ':memory:', now: () => nowMs });
	parts = { pages: PAGES, settings, desk: new SignInDesk(), ledger, pivots: {}, now: () => nowMs };
	const evil = {
		...detection({ source: 'umbrella' }), eventType: { id: 'e', name: EVIL }, categories: [EVIL], targets: [{ hostname: 'pc1', user: EVIL }],
		observables: [{ type: 'domain', value: EVIL }, { type: EVIL, value: 'x' }],
	};
	expect((await ledger.score([evil], { actor: { name: EVIL } })).outcomes).toMatchObject([{ outcome: 'recorded' }]);
});
afterEach(async () => await ledger.close());

async function ask(user: Role | undefined, address: string, given: Partial<ConsoleRequest> & { form?: Record<string, string> | URLSearchParams } = {}) {
	const { form, ...rest } = given;
	const { reply, request } = await answer(parts, {
		method: form ? 'POST' : 'GET',
		query: new URLSearchParams(address),
		headers: { ...(user && { 'x-proof': SECRET, 'x-user': user }), ...(form && { 'content-type': 'application/x-www-form-urlencoded' }), ...rest.headers },
		address: '10.0.0.1',
		body: async () => ({ text: String(new URLSearchParams(form)) }),
		...(rest.method && { method: rest.method }), ...(rest.body && { body: rest.body }),
	});
	return { status: reply.status, headers: reply.headers, text: String(reply.body), request };
}

const ENTITY = '?page=entity&of=hostname&of=pc1';

/** The hidden fields of the form for an action, as the page gives them out. */
async function formOf(user: Role, action: string, address = ENTITY): Promise<Record<string, string>> {
	const { text } = await ask(user, address);
	const forms = [...text.matchAll(/<form class="action"[^>]*>(.*?)<\/form>/gs)].map(([, inner]) => Object.fromEntries([...inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name, value])));
	const found = forms.find((form) => form.action === action);
	if (!found) throw new Error(`${user} is offered no ${action}`);
	return found;
}

const refusals = async () => (await ledger.getAudit({ action: 'console.refused', limit: 50 })).items;

describe('answers', () => {
	it('carry a policy that gives the page an origin of its own and lets it load nothing', async () => {
		for (const address of ['?page=hosts', '?page=nowhere', ENTITY]) {
			const { headers, text } = await ask('viewer', address);
			const policy = headers['content-security-policy'];
			expect(policy).toContain("default-src 'none'");
			expect(policy).toContain("frame-ancestors 'none'");
			expect(policy).toMatch(/sandbox [^;]*allow-forms/);
			expect(policy).not.toMatch(/allow-same-origin|unsafe|\*/);
			const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy) as RegExpExecArray;
			expect([...text.matchAll(/<(?:script|style)[^>]*>/g)].map(([tag]) => tag)).toEqual([`<style nonce="${nonce}">`, `<script nonce="${nonce}">`]);
			expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
		}
	});

	it('never repeat a nonce', async () => {
		expect((await ask('viewer', '?')).headers['content-security-policy']).not.toBe((await ask('viewer', '?')).headers['content-security-policy']);
	});

	it.each(PAGES.map(({ path }) => [path]))('show text of attackers as text on the page %s', async (path) => {
		for (const address of [`?page=${path}&q=${encodeURIComponent(EVIL)}&sort=${encodeURIComponent(EVIL)}&subject=${encodeURIComponent(EVIL)}`, `?page=${path}&of=hostname&of=pc1`, `?page=${path}&of=user&of=${encodeURIComponent(EVIL)}`, `?page=${path}`]) {
			const { text, status } = await ask('admin', address);
			expect(status).toBeLessThan(500);
			expect(text).not.toContain('<script>alert');
			expect(text).not.toContain('<img');
			expect(text).not.toMatch(/href="javascript:/i);
		}
	});

	it('ask strangers to sign in, and show them nothing', async () => {
		const { status, headers, text } = await ask(undefined, ENTITY);
		expect([status, headers['www-authenticate']]).toEqual([401, 'Basic realm="RTC Console", charset="UTF-8"']);
		expect(text).not.toContain('pc1');
	});

	it.each(['PUT', 'DELETE', 'PATCH', 'TRACE'])('refuse %s', async (method) => {
		expect(await ask('admin', '?', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } });
	});

	it.each(['?page=..%2F..%2Fetc', '?page=entity', '?page=entity&of=mac&of=', '?page=entity&of=__proto__&of=x', '?page=constructor', `?page=entity&of=hostname&of=${'x'.repeat(5000)}`])('know nothing at %s', async (address) => {
		expect((await ask('admin', address)).status).toBe(404);
	});
});

describe('a page', () => {
	it.each([ENTITY, '?page=search&q=bad.example', '?page=hostnames'])('stays below 200 kB whatever detections say: %s', async (address) => {
		const long = '<&>'.repeat(80);
		const detections = Array.from({ length: 120 }, () => ({
			...detection({ source: 'umbrella' }), eventType: { id: 'e', name: long }, categories: [long, long, long, long], link: 'https://x.example/',
			observables: [{ type: 'domain', value: 'bad.example' }, ...Array.from({ length: 20 }, (_, i) => ({ type: 'domain', value: `${'a'.repeat(240)}${i}.example` }))],
			targets: Array.from({ length: 20 }, (_, i) => ({ hostname: i === 0 ? 'pc1' : `pc-${'h'.repeat(200)}-${i}`, user: `u${'s'.repeat(200)}${i}` })),
		}));
		expect((await ledger.score(detections, { actor: { name: 'workflow' } })).outcomes.filter(({ outcome }) => outcome !== 'recorded').slice(0, 1)).toEqual([]);
		const { text, status } = await ask('admin', address);
		expect(status).toBe(200);
		expect(Buffer.byteLength(text)).toBeGreaterThan(30_000);
		expect(Buffer.byteLength(text)).toBeLessThan(200_000);
	});
});

describe('forms', () => {
	it('hand on what a user asked for, once, and put it in the audit', async () => {
		const form = { ...(await formOf('operator', 'quarantine')), reason: 'Seen on camera', duration: 'PT2H' };
		const { status, headers, request } = await ask('operator', ENTITY, { form });
		expect([status, headers.location]).toEqual([303, expect.stringMatching(/^\?page=entity&of=hostname&of=pc1&done=/)]);
		expect(request).toMatchObject({ action: 'quarantine', object: { type: 'entity', kind: 'hostname', key: 'pc1' }, fields: { duration: 'PT2H' }, reason: 'Seen on camera', actor: { name: 'operator', role: 'operator' } });
		expect((await ledger.getAudit({ action: 'console.quarantine', limit: 5 })).items).toMatchObject([{ actor: 'operator', subject: HOST }]);

		expect(await ask('operator', ENTITY, { form })).toMatchObject({ status: 409, request: undefined });
		expect((await ask('operator', String(headers.location))).text).toContain('handed to the workflow');
		nowMs += 60_000;
		expect((await ask('operator', String(headers.location))).text).not.toContain('handed to the workflow');
	});

	it('are done once, also where the clock is behind that of the process that drew them', async () => {
		const form = { ...(await formOf('operator', 'quarantine')), reason: 'x' };
		nowMs -= 2_000;
		expect((await ask('operator', ENTITY, { form })).status).toBe(303);
		nowMs += 300;
		expect(await ask('operator', ENTITY, { form })).toMatchObject({ status: 409, request: undefined });
	});

	it('are offered only to roles that may send them', async () => {
		await expect(formOf('viewer', 'quarantine')).rejects.toThrow('offered no');
		await expect(formOf('operator', 'purge')).rejects.toThrow('offered no');
		expect((await ask('viewer', ENTITY)).text).not.toContain('method="post"');
	});

	it.each<[string, Role, (form: Record<string, string>) => Record<string, string>, number]>([
		['of somebody else', 'approver', (form) => form, 403],
		['for another action', 'operator', (form) => ({ ...form, action: 'release' }), 403],
		['for another object', 'operator', (form) => ({ ...form, object: 'hostname:pc2' }), 403],
		['without a token', 'operator', ({ token: _token, ...form }) => form, 403],
		['with a token that was changed', 'operator', (form) => ({ ...form, token: `${form.token.slice(0, -1)}!` }), 403],
		['for an action that is none', 'operator', (form) => ({ ...form, action: 'constructor' }), 400],
		['without a reason', 'operator', (form) => ({ ...form, reason: ' ' }), 400],
		['with a field that the action lacks', 'operator', (form) => ({ ...form, role: 'admin' }), 400],
		['with a duration that is none', 'operator', (form) => ({ ...form, duration: '4h' }), 400],
		['with line breaks in the reason', 'operator', (form) => ({ ...form, reason: 'a\r\nSet-Cookie: b' }), 400],
		['with a field for a higher role', 'operator', (form) => ({ ...form, overrideProtection: 'on' }), 403],
	])('are refused %s, and the refusal is in the audit', async (_what, sender, change, status) => {
		const form = change({ ...(await formOf('operator', 'quarantine')), reason: 'x' });
		expect(await ask(sender, ENTITY, { form })).toMatchObject({ status, request: undefined });
		expect(await refusals()).toMatchObject([{ actor: sender, details: { status } }]);
		expect((await ledger.getAudit({ action: 'console.quarantine', limit: 5 })).items).toEqual([]);
	});

	it('are refused when they were open for too long', async () => {
		const form = { ...(await formOf('operator', 'quarantine')), reason: 'x' };
		nowMs += TOKEN_LIFE_MS + 1;
		expect((await ask('operator', ENTITY, { form })).status).toBe(403);
	});

	it('are refused when a field comes twice', async () => {
		const form = new URLSearchParams({ ...(await formOf('operator', 'quarantine')), reason: 'x' });
		form.append('reason', 'y');
		expect((await ask('operator', ENTITY, { form })).status).toBe(400);
	});

	it.each([['application/json', 415], ['text/plain', 415], ['multipart/form-data; boundary=x', 415]])('are refused as %s', async (type, status) => {
		expect((await ask('admin', '?', { form: {}, headers: { 'content-type': type } })).status).toBe(status);
		expect(await refusals()).toHaveLength(1);
	});

	it.each([408, 413, 400] as const)('are refused with %i when their body is', async (status) => {
		expect((await ask('admin', '?', { form: {}, body: async () => ({ status }) })).status).toBe(status);
	});

	it('never reach the workflow by GET', async () => {
		const form = { ...(await formOf('operator', 'quarantine')), reason: 'x' };
		expect((await ask('operator', `${ENTITY}&${new URLSearchParams(form)}`)).request).toBeUndefined();
	});

	it('lead back to this console whatever their address says', async () => {
		const form = { ...(await formOf('operator', 'quarantine')), reason: 'x' };
		const { headers } = await ask('operator', '?page=%2F%2Fevil.example%0d%0aSet-Cookie:a&of=x', { form });
		expect(headers.location).toMatch(/^\?page=%2F%2Fevil\.example%0D%0ASet-Cookie/);
	});
});

it('no field of an action has a name that forms use themselves', () => {
	for (const name of ACTION_NAMES) for (const field of Object.keys(ACTIONS[name].fields)) expect(['action', 'object', 'token', 'do']).not.toContain(field);
});

it('refuses a change of the policy that started from a version that is no longer active', async () => {
	const { policy } = await ledger.getPolicy();
	const { action, object, token } = await formOf('admin', 'updatePolicy', '?page=policy');
	const form = { action, object, token, policy: JSON.stringify(policy), comment: 'Late' };
	await ledger.updatePolicy(policy, { name: 'bob' }, 'First');
	const refused = await ask('admin', '?page=policy', { form });
	expect(refused).toMatchObject({ status: 409, request: undefined, text: expect.stringMatching(/started from version 1, and version 2 by bob is active now/) });
	expect((await ledger.getAudit({ action: 'console.refused', limit: 1 })).items).toMatchObject([{ actor: 'admin', details: { status: 409, action: 'updatePolicy' } }]);
});
