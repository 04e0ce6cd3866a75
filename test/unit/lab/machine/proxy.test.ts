import { request as httpRequest } from 'node:http';
import { readFileSync } from 'node:fs';
import type { RunningLab } from '../../../../lab';
import type { Vendor } from '../../../../lab/machine/vendor';
import { type Answer, FakeVendor, HOST, PORT_HOST, ask, control, startTestLab, tunnel } from './support';

describe('the lab proxy', () => {
	const vendor = new FakeVendor();
	let lab: RunningLab;

	beforeAll(async () => {
		lab = await startTestLab([vendor]);
	});

	afterAll(async () => await lab.close());

	beforeEach(async () => {
		vendor.requests.length = 0;
		vendor.answer = () => ({ status: 200, body: { ok: true } });
		await control(lab, 'POST', '/_lab/reset');
	});

	it('answers for a vendor host under a certificate of its CA', async () => {
		const answer = await ask(lab, { path: '/v1/things?a=1', headers: { 'X-Twice': ['one', 'two'] } });
		expect(answer).toMatchObject({ status: 200, text: '{"ok":true}' });
		expect(answer.headers['content-type']).toBe('application/json');
		expect(vendor.requests[0].url.href).toBe(`https://${HOST}/v1/things?a=1`);
		expect(vendor.requests[0].headers['x-twice']).toBe('one, two');
	});

	it('writes the CA certificate that clients must trust', () => {
		expect(readFileSync(lab.caFile, 'utf8')).toBe(lab.caPem);
		expect(lab.caPem).toMatch(/^-----BEGIN CERTIFICATE-----/);
	});

	it('is refused by a client that trusts another CA', async () => {
		const other = await startTestLab([new FakeVendor()]);
		await expect(ask(lab, { ca: other.caPem })).rejects.toThrow(/certificate/i);
		await other.close();
		expect(vendor.requests).toHaveLength(0);
	});

	it('keeps hosts on other ports apart', async () => {
		await ask(lab, { host: PORT_HOST, path: '/ers' });
		expect(vendor.requests[0].url.href).toBe(`https://${PORT_HOST}/ers`);
		const refusal = await tunnel(lab.proxyUrl, 'ise.vendor.example:443');
		expect(refusal.status).toBe(502);
	});

	it('passes method and body on, byte for byte', async () => {
		await ask(lab, { method: 'POST', path: '/upload', body: 'grüße\u0000' });
		expect(vendor.requests[0].method).toBe('POST');
		expect(vendor.requests[0].body.toString()).toBe('grüße\u0000');
	});

	it.each([
		['text', 'plain', 'plain'],
		['a buffer', Buffer.from('bytes'), 'bytes'],
		['nothing', undefined, ''],
		['an array as JSON', [1, 2], '[1,2]'],
	])('sends %s', async (_what, body, expected) => {
		vendor.answer = () => ({ status: 200, body });
		expect((await ask(lab)).text).toBe(expected);
	});

	it('sends 204 without body', async () => {
		vendor.answer = () => ({ status: 204 });
		const answer = await ask(lab, { method: 'PUT' });
		expect(answer).toMatchObject({ status: 204, text: '' });
		expect(answer.headers['content-length']).toBeUndefined();
	});

	it('does not let a path with two slashes become another host', async () => {
		await ask(lab, { path: '//elsewhere.example/x' });
		expect(vendor.requests[0].url.hostname).toBe(HOST);
	});

	it('passes the subject of a verified client certificate on, and of no other', async () => {
		const { body } = await control(lab, 'GET', '/_lab/credentials');
		await ask(lab, { cert: body.lab.clientCertificate, key: body.lab.clientKey });
		expect(vendor.requests[0].clientCertificate).toEqual({ subject: 'CN=n8n.corp.example' });
		const other = await startTestLab([new FakeVendor()]);
		const foreign = await control(other, 'GET', '/_lab/credentials');
		await ask(lab, { cert: foreign.body.lab.clientCertificate, key: foreign.body.lab.clientKey });
		await other.close();
		expect(vendor.requests[1].clientCertificate).toBeUndefined();
	});

	it('refuses unknown hosts in words, and notes it apart from calls', async () => {
		const refusal = await tunnel(lab.proxyUrl, 'api.n8n.io:443');
		expect(refusal.status).toBe(502);
		expect(refusal.text).toContain('does not play api.n8n.io');
		expect(refusal.text).toContain(`${lab.controlUrl}/_lab/hosts`);
		const { body } = await control(lab, 'GET', '/_lab/journal');
		expect(body.entries).toMatchObject([{ vendor: 'unknown', path: 'api.n8n.io', status: 502 }]);
		expect(body.totals).toMatchObject({ calls: 0, refused: 1 });
	});

	it.each([
		[`http://${HOST}/v1`, 502, 'HTTPS hosts only'],
		['/v1', 400, "lab's HTTPS proxy"],
	])('refuses plain HTTP for %s', async (target, status, words) => {
		const { hostname, port } = new URL(lab.proxyUrl);
		const answer = await new Promise<Pick<Answer, 'status' | 'text'>>((resolve, reject) => {
			const request = httpRequest({ host: hostname, port, path: target, agent: false }, (response) => {
				let text = '';
				response.on('data', (chunk) => (text += String(chunk)));
				response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
			});
			request.on('error', reject);
			request.end();
		});
		expect(answer.status).toBe(status);
		expect(answer.text).toContain(words);
	});

	it('answers 500 and blames itself when a simulator fails', async () => {
		vendor.answer = () => {
			throw new Error('broken simulator');
		};
		expect((await ask(lab)).status).toBe(500);
		const { body } = await control(lab, 'GET', '/_lab/journal');
		expect(body.entries[0].labError).toContain('broken simulator');
		expect(body.totals).toMatchObject({ labErrors: 1, violations: 0 });
	});

	it('refuses an upgrade that the vendor does not take', async () => {
		const answer = await ask(lab, { headers: { connection: 'Upgrade', upgrade: 'websocket' } });
		expect(answer.status).toBe(501);
	});

	it('hands an upgrade over to a vendor that takes it', async () => {
		const taking = Object.assign(new FakeVendor(), {
			upgrade: ((request, socket, _head, record) => {
				record({ status: 418 });
				socket.end(`HTTP/1.1 418 ${request.url.pathname}\r\nContent-Length: 0\r\n\r\n`);
				record({ status: 101, violation: 'tea only' });
			}) as Vendor['upgrade'],
		});
		const second = await startTestLab([taking as FakeVendor]);
		const answer = await ask(second, {
			path: '/ws',
			headers: { connection: 'Upgrade', upgrade: 'websocket' },
		});
		expect(answer.status).toBe(418);
		const { body } = await control(second, 'GET', '/_lab/journal');
		expect(body.entries).toMatchObject([
			{ path: '/ws', status: 418 },
			{ path: '/ws', status: 101, violation: 'tea only' },
		]);
		expect(body.totals).toMatchObject({ violations: 1 });
		await second.close();
	});
});
