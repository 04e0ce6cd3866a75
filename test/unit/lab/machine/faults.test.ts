import type { RunningLab } from '../../../../lab';
import { FakeVendor, ask, control, startTestLab } from './support';

describe('faults', () => {
	const vendor = new FakeVendor();
	const plain = new FakeVendor('plain', ['plain.example']);
	let lab: RunningLab;

	beforeAll(async () => {
		Object.assign(plain, { expireTokens: undefined, setFault: undefined });
		lab = await startTestLab([vendor, plain]);
	});

	afterAll(async () => await lab.close());

	beforeEach(async () => {
		await control(lab, 'POST', '/_lab/reset');
		vendor.requests.length = 0;
		vendor.faults.length = 0;
		vendor.answer = () => ({ status: 200, body: { ok: true } });
	});

	async function fault(input: object) {
		const { status, body } = await control(lab, 'POST', '/_lab/fault', { vendor: 'fake', ...input });
		expect({ status, body }).toMatchObject({ status: 200 });
		return body;
	}

	async function lastEntry() {
		const { body } = await control(lab, 'GET', '/_lab/journal?limit=1');
		return body.entries[0];
	}

	it('status: answers 429 with Retry-After, as often as asked for', async () => {
		await fault({ kind: 'status', status: 429, retryAfter: 7, times: 1 });
		const answer = await ask(lab);
		expect(answer.status).toBe(429);
		expect(answer.headers['retry-after']).toBe('7');
		expect(vendor.requests).toHaveLength(0);
		expect(await lastEntry()).toMatchObject({ status: 429, fault: 'status', avoidable429: false });
		expect((await ask(lab)).status).toBe(200);
		expect(await lastEntry()).not.toHaveProperty('fault');
	});

	it('status: without retryAfter there is no such header, and it lasts', async () => {
		await fault({ kind: 'status', status: 503 });
		expect((await ask(lab)).headers['retry-after']).toBeUndefined();
		expect((await ask(lab)).status).toBe(503);
	});

	it('status with afterHandling: the vendor acts, the answer is lost', async () => {
		await fault({ kind: 'status', status: 502, afterHandling: true });
		expect((await ask(lab, { method: 'PUT' })).status).toBe(502);
		expect(vendor.requests).toHaveLength(1);
	});

	it('hits only the path and method asked for', async () => {
		await fault({ kind: 'status', status: 500, path: '/v1/*', method: 'put' });
		expect((await ask(lab, { path: '/v1/a' })).status).toBe(200);
		expect((await ask(lab, { path: '/v2/a', method: 'PUT' })).status).toBe(200);
		expect((await ask(lab, { path: '/v1/a?q=1', method: 'PUT' })).status).toBe(500);
		expect((await ask(lab, { host: 'plain.example', path: '/v1/a', method: 'PUT' })).status).toBe(200);
	});

	it('lets as many calls pass as asked for before it hits', async () => {
		await fault({ kind: 'status', status: 500, path: '/page', skip: 2, times: 1 });
		const statuses = [];
		for (const path of ['/page', '/other', '/page', '/page', '/page']) statuses.push((await ask(lab, { path })).status);
		expect(statuses).toEqual([200, 200, 200, 500, 200]);
	});

	it('status with retryAfter: a call of that kind that comes before is a violation, others are none', async () => {
		const now = jest.spyOn(Date, 'now');
		await fault({ kind: 'status', status: 429, retryAfter: 7, path: '/v1/*', times: 1 });
		const violation = async (path: string, host?: string) => {
			await ask(lab, { path, ...(host && { host }) });
			return (await lastEntry()).violation;
		};
		const start = Date.now();
		expect(await violation('/v1/a')).toBeUndefined();
		expect(await violation('/v1/b')).toBeUndefined();
		now.mockImplementation(() => start + 2_000);
		expect(await violation('/v1/b')).toBe('called 6 s before the Retry-After of an earlier answer was over');
		expect(await violation('/v2/a')).toBeUndefined();
		expect(await violation('/v1/a', 'plain.example')).toBeUndefined();
		now.mockImplementation(() => start + 20_000);
		expect(await violation('/v1/a')).toBeUndefined();
		now.mockRestore();
	});

	it('hits about the share asked for', async () => {
		await fault({ kind: 'status', status: 500, probability: 0.5 });
		const answers = await Promise.all(Array.from({ length: 60 }, async () => await ask(lab)));
		const hits = answers.filter(({ status }) => status === 500).length;
		expect(hits).toBeGreaterThan(10);
		expect(hits).toBeLessThan(50);
	});

	it('slow: answers late', async () => {
		await fault({ kind: 'slow', delayMs: 150 });
		const startedAt = performance.now();
		expect((await ask(lab)).status).toBe(200);
		expect(performance.now() - startedAt).toBeGreaterThan(145);
		expect(await lastEntry()).toMatchObject({ fault: 'slow' });
	});

	it('reset: destroys the connection', async () => {
		await fault({ kind: 'reset', times: 1 });
		await expect(ask(lab)).rejects.toThrow(/hang up|ECONNRESET/);
		expect(await lastEntry()).toMatchObject({ status: null, fault: 'reset' });
		expect((await ask(lab)).status).toBe(200);
	});

	it('timeout: never answers', async () => {
		await fault({ kind: 'timeout', times: 1 });
		const winner = await Promise.race([
			ask(lab).then(
				() => 'answer',
				() => 'error',
			),
			new Promise((resolve) => setTimeout(() => resolve('silence'), 300)),
		]);
		expect(winner).toBe('silence');
	});

	it('truncate: cuts the JSON, with a Content-Length that fits', async () => {
		await fault({ kind: 'truncate' });
		const answer = await ask(lab);
		expect(answer.text).toBe('{"ok"');
		expect(answer.headers['content-length']).toBe('5');
		expect(() => JSON.parse(answer.text) as unknown).toThrow();
	});

	it.each([
		[{}, 200],
		[{ status: 503 }, 503],
	])('html: answers a page %j', async (more, status) => {
		await fault({ kind: 'html', ...more });
		const answer = await ask(lab);
		expect(answer.status).toBe(status);
		expect(answer.headers['content-type']).toContain('text/html');
		expect(answer.text).toContain('<html>');
	});

	it('expireTokens: asks the vendor once, before the call', async () => {
		const before = vendor.expired;
		await fault({ kind: 'expireTokens', path: '/page2' });
		await ask(lab, { path: '/page1' });
		expect(vendor.expired).toBe(before);
		await ask(lab, { path: '/page2' });
		await ask(lab, { path: '/page2' });
		expect(vendor.expired).toBe(before + 1);
	});

	describe('pages', () => {
		const pages: Record<string, string> = {
			'0': '{"meta":{"total":4},"data":[{"id":6533241145273614339},{"id":2}]}',
			'2': '{"meta":{"total":4},"data":[{"id":3},{"id":4}]}',
		};

		beforeEach(() => {
			vendor.answer = ({ url }) => ({ status: 200, body: pages[url.searchParams.get('offset') ?? '0'] });
		});

		it('duplicatePage: repeats the page before, and loses nothing, not even digits', async () => {
			await fault({ kind: 'duplicatePage', path: '/list' });
			expect((await ask(lab, { path: '/list?offset=0' })).text).toBe(
				'{"meta":{"total":4},"data":[{"id":6533241145273614339},{"id":2},{"id":6533241145273614339},{"id":2}]}',
			);
			expect((await ask(lab, { path: '/list?offset=2' })).text).toBe(
				'{"meta":{"total":4},"data":[{"id":6533241145273614339},{"id":2},{"id":3},{"id":4}]}',
			);
		});

		it('reorderPage: reverses items', async () => {
			await fault({ kind: 'reorderPage' });
			expect((await ask(lab, { path: '/list?offset=0' })).text).toBe(
				'{"meta":{"total":4},"data":[{"id":2},{"id":6533241145273614339}]}',
			);
		});

		it('finds the items one level down, and leaves alone what has none', async () => {
			await fault({ kind: 'reorderPage' });
			vendor.answer = () => ({ status: 200, body: { SearchResult: { total: 2, resources: [1, 2] } } });
			expect((await ask(lab)).text).toBe('{"SearchResult":{"total":2,"resources":[2,1]}}');
			vendor.answer = () => ({ status: 200, body: '<xml/>' });
			expect((await ask(lab)).text).toBe('<xml/>');
		});
	});

	it('lateEvents and vendor faults: tell the vendor, and end with the fault', async () => {
		await fault({ kind: 'lateEvents', delayMs: 30_000 });
		await fault({ kind: 'vendor', name: 'strictness', value: 3 });
		expect(vendor.faults).toEqual([
			['lateEvents', 30],
			['strictness', 3],
		]);
		const { body } = await control(lab, 'DELETE', '/_lab/fault');
		expect(body).toEqual({ cleared: 2 });
		expect(vendor.faults.slice(2)).toEqual([
			['lateEvents', undefined],
			['strictness', undefined],
		]);
	});

	it('clockOffset: moves the vendor’s clock alone, until cleared', async () => {
		await fault({ kind: 'clockOffset', offsetMs: -3_600_000 });
		expect(lab.lab.clock.now('fake') - Date.now()).toBeLessThan(-3_599_000);
		expect(Math.abs(lab.lab.clock.now('plain') - Date.now())).toBeLessThan(1000);
		await control(lab, 'DELETE', '/_lab/fault');
		expect(Math.abs(lab.lab.clock.now('fake') - Date.now())).toBeLessThan(1000);
	});

	it('are listed with their hits', async () => {
		await fault({ kind: 'status', status: 500, times: 2 });
		await ask(lab);
		const { body } = await control(lab, 'GET', '/_lab/fault');
		expect(body.faults).toMatchObject([{ id: expect.any(Number), vendor: 'fake', times: 1, hits: 1 }]);
	});

	it.each([
		[{ vendor: undefined, kind: 'reset' }, 'vendor'],
		[{ vendor: 'nobody', kind: 'reset' }, 'vendor'],
		[{}, 'kind'],
		[{ kind: 'explode' }, 'kind'],
		[{ kind: 'status' }, 'status'],
		[{ kind: 'status', status: '500' }, 'status'],
		[{ kind: 'status', status: 99 }, 'status'],
		[{ kind: 'slow' }, 'delayMs'],
		[{ kind: 'slow', delayMs: -1 }, 'delayMs'],
		[{ kind: 'reset', status: 500 }, 'status'],
		[{ kind: 'reset', path: 'v1' }, 'path'],
		[{ kind: 'reset', times: 0 }, 'times'],
		[{ kind: 'reset', skip: 0 }, 'skip'],
		[{ kind: 'vendor', name: 'strictness', skip: 1 }, 'skip'],
		[{ kind: 'reset', probability: 2 }, 'probability'],
		[{ kind: 'reset', colour: 'red' }, 'colour'],
		[{ kind: 'clockOffset' }, 'offsetMs'],
		[{ kind: 'clockOffset', offsetMs: 5, times: 3 }, 'times'],
		[{ kind: 'vendor' }, 'name'],
		[{ kind: 'vendor', name: 'unheardOf' }, 'name'],
		[{ vendor: 'plain', kind: 'expireTokens' }, 'kind'],
		[{ vendor: 'plain', kind: 'lateEvents', delayMs: 1 }, 'kind'],
	])('refuses %j naming %s', async (input, field) => {
		const { status, body } = await control(lab, 'POST', '/_lab/fault', { vendor: 'fake', ...input });
		expect({ status, field: body.field }).toEqual({ status: 400, field });
		expect((await control(lab, 'GET', '/_lab/fault')).body.faults).toEqual([]);
	});
});
