import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ROLES } from '../../../../../nodes/RtcConsole/pages/page';
import { noticeFor } from '../../../../../nodes/RtcConsole/http/notices';
import { ConsoleDoor, expectRefused, FORM, FORMS, SECRET, tokenOf, type Call } from './consoleDoor';

let door: ConsoleDoor;
beforeAll(async () => (door = await ConsoleDoor.open()));
afterAll(async () => await door.close());

const release = () => new URLSearchParams({ action: 'release', object: FORMS.release.object, token: tokenOf('admin', 'release', FORMS.release.object), reason: 'r' }).toString();

describe('methods', () => {
	it.each(['PUT', 'PATCH', 'DELETE'])('%s changes nothing, whoever sends it', async (method) => {
		const call = { method, headers: { 'content-type': FORM }, body: release() };
		await expectRefused(door, async () => await door.call(call), { status: 401 });
		const answer = await expectRefused(door, async () => await door.call({ ...call, user: 'admin' }), { status: 405, by: 'admin', says: /GET, HEAD and POST only/ });
		expect(answer.headers).toMatchObject({ allow: 'GET, HEAD, POST', connection: 'close' });
	});

	it('GET with a valid form in its address or its body does nothing', async () => {
		const [state, items] = [door.state(), door.items.length];
		const calls: Call[] = [{ path: `?${release()}` }, { headers: { 'content-type': FORM }, body: release() }, { headers: { 'x-http-method-override': 'POST' }, path: `?page=hosts&${release()}` }];
		for (const call of calls) {
			expect((await door.call({ ...call, user: 'admin' })).status).toBe(200);
		}
		expect(door.items).toHaveLength(items);
		expect(door.state()).toBe(state);
	});

	it('HEAD says what GET would, without a body', async () => {
		const [get, head] = [await door.call({ user: 'viewer' }), await door.call({ method: 'HEAD', user: 'viewer' })];
		expect(head).toMatchObject({ status: 200, text: '' });
		expect(Math.abs(Number(head.headers['content-length']) - get.text.length)).toBeLessThan(100);
	});
});

describe('bodies', () => {
	const post = (changes: { headers?: Record<string, string>; body?: string | Buffer }) => ({ method: 'POST', user: 'admin', headers: { 'content-type': FORM }, body: release(), ...changes });

	it.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'application/x-www-form-urlencoded2', 'text/html, application/x-www-form-urlencoded', ''])('of type %j are refused', async (type) => {
		await expectRefused(door, async () => await door.call(post({ headers: { 'content-type': type } })), { status: 415, by: 'admin', says: /forms/ });
	});

	it('of 10 MB are refused, with their length announced', async () => {
		const answer = await expectRefused(door, async () => await door.call(post({ body: Buffer.alloc(10_000_000, 'a') })), { status: 413, by: 'admin', says: /64 kB/ });
		expect(answer.headers.connection).toBe('close');
	});

	it('of 10 MB are refused, without their length announced', async () => {
		const headers = { 'content-type': FORM, 'transfer-encoding': 'chunked' };
		await expectRefused(door, async () => await door.call(post({ headers, body: Buffer.alloc(10_000_000, 'a') })), { status: 413, by: 'admin', says: /64 kB/ });
	});

	it.each([['negative', '-1'], ['absurd', '9'.repeat(40)], ['a list', '5, 6']])('with a length that is %s reach nobody', async (_what, length) => {
		const items = door.items.length;
		const text = await raw(`POST /webhook/rtc-console HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('admin')}\r\nContent-Type: ${FORM}\r\nContent-Length: ${length}\r\n\r\naction=release`, 2_000);
		expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
		expect(door.items).toHaveLength(items);
	});

	it('that are compressed are not unpacked', async () => {
		await expectRefused(door, async () => await door.call(post({ headers: { 'content-type': FORM, 'content-encoding': 'gzip' }, body: Buffer.from('1f8b08000000000000034b4c2e', 'hex') })), { status: 400, by: 'admin' });
	});

	it('that dribble in are cut off after ten seconds, and their socket closed', async () => {
		const [state, startedAt] = [door.state(), Date.now()];
		const text = await raw(`POST /webhook/rtc-console HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('admin')}\r\nContent-Type: ${FORM}\r\nContent-Length: 5000\r\n\r\n`, 15_000, 'a');
		expect(text).toMatch(/^HTTP\/1\.1 408 /);
		expect(text).toContain('The form took too long to arrive.');
		expect(Date.now() - startedAt).toBeLessThan(13_000);
		expect(door.state()).toBe(state);
		expect(await door.auditSince(0)).toContainEqual(expect.objectContaining({ actor: 'admin', action: 'console.refused', details: expect.objectContaining({ status: 408 }) }));
	}, 20_000);

	it('that break off are refused', async () => {
		const [seq, items] = [await door.auditSeq(), door.items.length];
		const socket = connect(door.port, '127.0.0.1');
		socket.write(`POST /webhook/rtc-console HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('admin')}\r\nContent-Type: ${FORM}\r\nContent-Length: 5000\r\n\r\n${release()}`);
		await wait(300);
		socket.destroy();
		for (let i = 0; i < 40 && !(await door.auditSince(seq)).some(({ action }) => action === 'console.refused'); i++) await wait(50);
		expect(await door.auditSince(seq)).toContainEqual(expect.objectContaining({ action: 'console.refused', details: expect.objectContaining({ status: 400 }) }));
		expect(door.items).toHaveLength(items);
	});
});

describe('addresses', () => {
	const INJECTION = 'x\r\nSet-Cookie: stolen=1\r\n\r\n<script>alert(1)</script>';

	it.each([
		'?page=nothing', '?page=../../etc/passwd', '?page=__proto__', '?page=constructor', `?page=${'a'.repeat(6_000)}`, '?page=hosts%00', '?page=hosts%2f..%2fpolicy',
		'?page=entity', '?page=entity&of=mac', '?page=entity&of=process&of=1', '?page=entity&of=mac&of=..%2F..', `?page=entity&of=user&of=${'a'.repeat(5_000)}`,
		'?page=entity&of=mac&of=%00', '?page=policy&of=versions&of=..', '?page=policy&of=versions&of=999999999', '?page=audit&of=1e3', '?page=audit&of=99999999', '?page=policy&of=nothing',
	])('%s is not found', async (path) => {
		const state = door.state();
		const answer = await door.call({ path, user: 'viewer' });
		expect(answer.status).toBe(404);
		expect(answer.headers['content-security-policy']).toContain('sandbox');
		expect(door.state()).toBe(state);
	});

	it.each(['?%', '?%ff%fe', '?=&=&&', '??page=hosts', '?page=hosts&p=-1', '?page=hosts&p=1e99', '?page=hosts&p=NaN', '?page=hosts&sort=rank;DROP TABLE entities', "?page=hosts&q=' OR 1=1 --",
		'?page=hosts&band=constructor', '?page=audit&since=275760-09-13', '?page=audit&since=x', '?page=audit&before=-1', '?page=reports&hours=1e9', '?page=intents&kind=__proto__', '?page=search&q=%00'])(
		'%s shows a page', async (path) => {
			const state = door.state();
			expect((await door.call({ path: encodeURI(path).replaceAll('%25', '%'), user: 'viewer' })).status).toBe(200);
			expect(door.state()).toBe(state);
		},
	);

	it.each([['https://evil.example/x?page=hosts', 200], ['//evil.example/?page=hosts', 200], ['//[/?page=hosts', 200], ['/webhook/rtc-console/../../rest/login?page=hosts', 200], ['/webhook/rtc-console#?page=policy', 200]])(
		'a request line with %s leads nowhere else', async (target, status) => {
			const text = await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('viewer')}\r\nConnection: close\r\n\r\n`, 5_000);
			expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
			expect(text).toContain('<h1>Hosts</h1>');
		},
	);

	it('nothing of a request comes back as a header', async () => {
		const names = ['page', 'of', 'done', 'q', 'sort', 'state', 'format', INJECTION];
		for (const name of names) {
			const path = `?page=audit&format=csv&${new URLSearchParams([[name, INJECTION]])}`;
			const { headers } = await door.call({ path, user: 'viewer' });
			expect(headers).not.toHaveProperty('set-cookie');
			if (headers['content-disposition']) expect(headers['content-disposition']).toMatch(/^attachment; filename="audit-\d{8}T\d{6}\.csv"$/);
		}
		const token = tokenOf('admin', 'release', `user:${INJECTION.replaceAll(/[\r\n]/g, ' ')}`);
		const form = { action: 'release', object: `user:${INJECTION.replaceAll(/[\r\n]/g, ' ')}`, token, reason: 'r' };
		const answer = await door.post('admin', form, `?page=hosts&${new URLSearchParams([['q', INJECTION]])}`);
		expect(answer).toMatchObject({ status: 303, text: '' });
		expect(answer.headers).not.toHaveProperty('set-cookie');
		expect(answer.headers.location).toMatch(/^\?page=hosts&[\w%.~*+=&-]*$/);
	});

	it('no link can send people to another site after an action', async () => {
		for (const path of ['?page=https://evil.example', '?page=//evil.example', '?done=https://evil.example&page=hosts']) {
			const { object, fields } = FORMS.release;
			const { headers } = await door.post('admin', { action: 'release', object, token: tokenOf('admin', 'release', object), ...fields }, path);
			expect(headers.location).toMatch(/^\?page=/);
		}
	});

	it('a notice is shown to whom it is for, while it is new, and nothing else is', async () => {
		const word = noticeFor(SECRET, 'admin', 'release', 'hostname:pc1', Date.now());
		const shown = async (user: string, text: string) => (await door.call({ user, path: `?page=hosts&${new URLSearchParams({ done: text })}` })).text.includes('handed to the workflow');
		expect(await shown('admin', word)).toBe(true);
		expect(await shown('viewer', word)).toBe(false);
		expect(await shown('admin', word.replace('pc1', 'pc2'))).toBe(false);
		expect(await shown('admin', word.replace('release', 'purge'))).toBe(false);
		expect(await shown('admin', noticeFor(SECRET, 'admin', 'release', 'hostname:pc1', Date.now() - 60_000))).toBe(false);
		expect(await shown('admin', `release~${tokenOf('admin', 'release', 'hostname:pc1')}~hostname:pc1`)).toBe(false);
	});
});

describe('sign-in', () => {
	it.each([
		['nothing', {}], ['an unknown user', { authorization: basic('nobody') }], ['a wrong password', { authorization: basic('approver', 'wrong') }], ['an empty one', { authorization: basic('approver', '') }],
		['another scheme', { authorization: 'Bearer x' }], ['no base64', { authorization: 'Basic !!!' }], ['no colon', { authorization: `Basic ${Buffer.from('admin').toString('base64')}` }],
		['a proxy header', { 'x-forwarded-user': 'admin', 'x-rtc-proxy-secret': '' }], ['a cookie', { cookie: 'n8n-auth=x; user=admin' }], ['a user of the prototype', { authorization: basic('constructor') }],
	])('with %s shows no page and does nothing', async (_what, headers) => {
		for (const call of [{ path: '?page=policy' }, { method: 'POST', body: release() }]) {
			const answer = await expectRefused(door, async () => await door.call({ ...call, headers: { 'content-type': FORM, ...(headers as Record<string, string>) } }), { status: 401 });
			expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
			expect(answer.text).not.toContain('<nav aria-label="Pages of the console"><ul><li>');
		}
	});

	it('guessing is stopped, told to the audit trail, and stops nobody else', async () => {
		const user = 'operator';
		const tries: number[] = [];
		for (let i = 0; i < 8; i++) tries.push((await door.call({ headers: { authorization: basic(user, `guess ${i}`) } })).status);
		expect(tries).toEqual([401, 401, 401, 401, 429, 429, 429, 429]);
		expect(await door.call({ user })).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
		expect((await door.call({ user: 'viewer' })).status).toBe(200);
		expect(await door.auditSince(0)).toContainEqual(expect.objectContaining({ action: 'console.lockedOut', actor: user, subject: 'user:operator' }));
	});
});

it('every answer keeps browsers from doing harm with it', async () => {
	const calls = [{}, { user: 'viewer' }, { user: 'viewer', path: '?page=nothing' }, { user: 'viewer', path: '?page=audit&format=csv' }, { user: 'viewer', path: '?page=audit&format=jsonl' }, { user: 'viewer', method: 'POST' }, { method: 'DELETE' }];
	for (const call of calls) {
		const { headers } = await door.call(call);
		expect(headers).toMatchObject({
			'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'cross-origin-opener-policy': 'same-origin',
		});
		const policy = headers['content-security-policy'] as string;
		expect(policy).toMatch(/^default-src 'none'; .*base-uri 'none'; form-action 'self'; frame-ancestors 'none'; sandbox /);
		expect(policy).not.toMatch(/unsafe|allow-same-origin|allow-top-navigation|\*|https?:/);
	}
	const nonces = await Promise.all(ROLES.map(async () => /'nonce-([^']+)'/.exec((await door.call({ user: 'viewer' })).headers['content-security-policy'] as string)?.[1]));
	expect(new Set(nonces).size).toBe(ROLES.length);
});

function basic(name: string, password = 'correct horse'): string {
	return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** Sends bytes as they are, then one more each half second; gives what came back when the other side closed. */
async function raw(bytes: string, patienceMs: number, dribble?: string): Promise<string> {
	const socket = connect(door.port, '127.0.0.1');
	let text = '';
	socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
	socket.on('error', () => undefined);
	socket.write(bytes);
	const timer = dribble === undefined ? undefined : setInterval(() => socket.write(dribble), 500);
	await Promise.race([new Promise((resolve) => socket.once('close', resolve)), wait(patienceMs, undefined, { ref: false })]);
	clearInterval(timer);
	const closed = socket.closed;
	socket.destroy();
	expect(closed).toBe(true);
	return text;
}
