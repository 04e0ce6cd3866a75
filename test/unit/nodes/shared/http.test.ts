import { NodeApiError } from 'n8n-workflow';
import {
	readJson,
	sameOriginPath,
	send,
	sendJson,
	type ApiCall,
	type ApiClient,
} from '../../../../nodes/shared/http';
import { Quota } from '../../../../nodes/shared/quota';
import { fakeExecute, withoutWaiting, type FakeAnswer } from '../support/fakeContext';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const SECRET = 'Basic c2VjcmV0';
const get: ApiCall = { method: 'GET', path: '/v1/things' };
const post: ApiCall = { method: 'POST', path: '/v1/things', body: { name: 'x' } };

function client(overrides: Partial<ApiClient> = {}): ApiClient {
	return {
		product: 'Test Product',
		baseUrl: 'https://api.example',
		authorize: async () => ({ Authorization: SECRET }),
		canRefresh: false,
		describeError: ({ text }) => text,
		quota: new Quota([]),
		...overrides,
	};
}

/** A context whose server gives these answers one after the other, the last one for ever. */
function answering(...answers: (FakeAnswer | Error)[]) {
	let next = 0;
	return fakeExecute({ server: () => answers[Math.min(next++, answers.length - 1)] });
}

const networkProblem = (code: string) => Object.assign(new Error(`connect ${code} 10.0.0.1:443`), { code });

describe('what is sent', () => {
	it('has the query, the JSON body and the authorisation', async () => {
		const context = answering({ body: {} });
		await send(context, client(), {
			...post,
			query: {
				'group_guid[]': ['a', 'b'],
				start_date: '2026-01-01T00:00:00+00:00',
				limit: 5,
				nothing: undefined,
			},
		});
		const [request] = context.requests;
		expect(request.url.href).toBe(
			'https://api.example/v1/things?group_guid%5B%5D=a&group_guid%5B%5D=b&start_date=2026-01-01T00%3A00%3A00%2B00%3A00&limit=5',
		);
		expect(request.body).toEqual({ name: 'x' });
		expect(request.headers).toMatchObject({ authorization: SECRET, 'content-type': 'application/json' });
	});

	it('verifies certificates unless told otherwise, and passes the CA on', async () => {
		const context = answering({});
		await send(context, client({ tls: { ca: 'PEM', cert: '' } }), get);
		await send(context, client({ tls: { skipVerification: true } }), get);
		expect(context.requests[0].options).toMatchObject({ agentOptions: { ca: 'PEM' } });
		expect(context.requests[0].options.agentOptions).not.toHaveProperty('cert');
		expect(context.requests[0].options).not.toHaveProperty('skipSslCertificateValidation');
		expect(context.requests[1].options.skipSslCertificateValidation).toBe(true);
	});

	it.each([
		'https://evil.example/v1/things',
		'http://api.example/v1/things',
		'@evil.example/v1',
		'.evil.example/',
	])('never goes to another server: %s', async (path) => {
		const context = answering({});
		await expect(send(context, client(), { method: 'GET', path })).rejects.toThrow('another server');
		expect(context.requests).toHaveLength(0);
	});

	it('may go to an absolute address on the same server', async () => {
		const context = answering({});
		await send(context, client(), { method: 'GET', path: 'https://api.example/v1/things?offset=5' });
		expect(context.requests[0].url.search).toBe('?offset=5');
	});
});

describe('retries', () => {
	it.each([429, 423, 502, 503, 504])('repeats an idempotent call after %i', async (status) => {
		const context = answering({ status }, { body: { ok: true } });
		await expect(withoutWaiting(sendJson(context, client(), get))).resolves.toEqual({ ok: true });
		expect(context.requests).toHaveLength(2);
	});

	it.each(['ECONNRESET', 'ETIMEDOUT', 'ECONNREFUSED'])(
		'repeats an idempotent call after %s',
		async (code) => {
			const context = answering(networkProblem(code), { body: {} });
			await withoutWaiting(send(context, client(), get));
			expect(context.requests).toHaveLength(2);
		},
	);

	it.each([
		['ECONNRESET', 1],
		['ECONNREFUSED', 4],
	])('after %s a POST goes out %i times', async (code, times) => {
		const context = answering(networkProblem(code));
		await expect(withoutWaiting(send(context, client(), post))).rejects.toThrow(NodeApiError);
		expect(context.requests).toHaveLength(times);
	});

	it.each([
		[503, 1],
		[429, 4],
	])('after %i a POST goes out %i times', async (status, times) => {
		const context = answering({ status });
		await expect(withoutWaiting(send(context, client(), post))).rejects.toThrow(NodeApiError);
		expect(context.requests).toHaveLength(times);
	});

	it.each([400, 403, 404, 409, 500])('does not repeat after %i', async (status) => {
		const context = answering({ status });
		await expect(send(context, client(), get)).rejects.toMatchObject({ httpCode: String(status) });
		expect(context.requests).toHaveLength(1);
	});

	it('waits as long as Retry-After asks', async () => {
		const context = answering({ status: 429, headers: { 'Retry-After': '7' } }, {});
		const start = Date.now();
		await withoutWaiting(send(context, client(), get));
		expect(Date.now() - start).toBeGreaterThanOrEqual(7_000);
		expect(Date.now() - start).toBeLessThan(8_000);
	});

	it('fails at once when the server wants more patience than an execution has', async () => {
		const context = answering({ status: 429, headers: { 'x-reset': '1991' }, body: 'Too many' });
		const strict = client({ quotaResetMs: (headers) => Number(headers['x-reset']) * 1_000 });
		await expect(send(context, strict, get)).rejects.toMatchObject({ httpCode: '429' });
		expect(context.requests).toHaveLength(1);
	});

	it('stops waiting when the execution is cancelled', async () => {
		const cancel = new AbortController();
		const context = fakeExecute({ server: () => ({ status: 503 }), cancelSignal: cancel.signal });
		const work = send(context, client(), get);
		const outcome = expect(work).rejects.toThrow(/abort/i);
		await jest.advanceTimersByTimeAsync(1);
		cancel.abort();
		await outcome;
		expect(context.requests).toHaveLength(1);
	});
});

describe('a server that asks to be left alone', () => {
	const at = (baseUrl: string) => client({ baseUrl, quota: undefined });
	const busy: FakeAnswer = { status: 429, headers: { 'Retry-After': '600' } };

	it('is, by later executions too, though it publishes no quota', async () => {
		await expect(send(answering(busy), at('https://busy.example'), get)).rejects.toMatchObject({ httpCode: '429' });
		const later = answering({});
		await expect(send(later, at('https://busy.example'), get)).rejects.toThrow(/used up for the next 10 minutes/);
		expect(later.requests).toHaveLength(0);

		jest.advanceTimersByTime(600_000);
		await expect(send(later, at('https://busy.example'), get)).resolves.toMatchObject({ status: 200 });
	});

	it('does not keep anybody from others', async () => {
		await expect(send(answering(busy), at('https://one.example'), get)).rejects.toMatchObject({ httpCode: '429' });
		await expect(send(answering({}), at('https://other.example'), get)).resolves.toMatchObject({ status: 200 });
	});
});

describe('a refused log-in', () => {
	it('is renewed once', async () => {
		const logins: unknown[] = [];
		const refreshing = client({
			canRefresh: true,
			authorize: async (refused) => {
				logins.push(refused);
				return { Authorization: `Bearer ${logins.length}` };
			},
		});
		const context = answering({ status: 401 }, {});
		await send(context, refreshing, get);
		expect(logins).toEqual([undefined, { Authorization: 'Bearer 1' }]);
		expect(context.requests[1].headers.authorization).toBe('Bearer 2');
	});

	it('is an error the second time', async () => {
		const context = answering({ status: 401 });
		await expect(send(context, client({ canRefresh: true }), get)).rejects.toMatchObject({ httpCode: '401' });
		expect(context.requests).toHaveLength(2);
	});
});

describe('the quota', () => {
	it('delays calls beyond it', async () => {
		const quota = new Quota([{ limit: 1, windowMs: 10_000 }]);
		const context = answering({});
		const start = Date.now();
		await send(context, client({ quota }), get);
		await withoutWaiting(send(context, client({ quota }), get));
		expect(Date.now() - start).toBe(10_000);
	});

	it('fails without a call when the wait is too long, and books nothing', async () => {
		const quota = new Quota([{ limit: 1, windowMs: 3_600_000 }]);
		const context = answering({});
		await send(context, client({ quota }), get);
		const refused = send(context, client({ quota }), get);
		await expect(refused).rejects.toMatchObject({ httpCode: '429', failure: { cause: 'quota-exhausted' } });
		await expect(refused).rejects.toThrow('used up for the next 60 minutes');
		expect(context.requests).toHaveLength(1);
		jest.setSystemTime(Date.now() + 3_600_000);
		await send(context, client({ quota }), get);
		expect(context.requests).toHaveLength(2);
	});

	it.each(['x-ratelimit-remaining', 'X-Rate-Limit-Remaining'])('takes note of %s: 0', async (name) => {
		const quota = new Quota([]);
		const context = answering({ headers: { [name]: '0' } });
		await send(context, client({ quota, quotaResetMs: () => 30_000 }), get);
		expect(quota.wait(Date.now())).toBe(30_000);
	});

	it('makes the other callers wait after a 429', async () => {
		const quota = new Quota([]);
		const context = answering({ status: 429, headers: { 'retry-after': '500' } });
		await expect(send(context, client({ quota }), get)).rejects.toThrow();
		expect(quota.wait(Date.now())).toBe(500_000);
	});
});

describe('answers', () => {
	it('keep large integers', async () => {
		await expect(sendJson(answering({ body: '{"id":6533241145273614339}' }), client(), get)).resolves.toEqual(
			{
				id: '6533241145273614339',
			},
		);
	});

	it('may be empty', async () => {
		await expect(sendJson(answering({ status: 204 }), client(), get)).resolves.toBeUndefined();
	});

	it('that are cut off are asked for once more', async () => {
		const context = answering({ body: '{"data":[1,' }, { body: { data: [1, 2] } });
		await expect(withoutWaiting(sendJson(context, client(), get))).resolves.toEqual({ data: [1, 2] });
	});

	it('that stay unreadable are an error that says so', async () => {
		const context = answering({ body: '<html>Log in</html>' });
		await expect(withoutWaiting(sendJson(context, client(), get))).rejects.toMatchObject({
			description: expect.stringContaining('not valid JSON') as string,
		});
		expect(context.requests).toHaveLength(2);
	});

	it('to a POST are not asked for again', async () => {
		const context = answering({ body: '{' });
		await expect(sendJson(context, client(), post)).rejects.toThrow();
		expect(context.requests).toHaveLength(1);
	});

	it('with an accepted status are not errors', async () => {
		const context = answering({ status: 409, body: '{"errors":[]}' });
		const response = await send(context, client(), { ...get, accept: [409] });
		expect(response.status).toBe(409);
		expect(readJson(context, client(), get, response)).toEqual({ errors: [] });
	});
});

describe('sameOriginPath', () => {
	it.each([
		['https://api.example/v1/events?offset=500', '/v1/events?offset=500'],
		['/v1/events?offset=500', '/v1/events?offset=500'],
		['https://api.example.evil/v1/events', undefined],
		['http://api.example/v1/events', undefined],
		['//evil.example/v1', undefined],
		['https://api.example:8443/v1', undefined],
		['http://[', undefined],
	])('%s', (link, expected) => {
		expect(sameOriginPath({ baseUrl: 'https://api.example' }, link)).toBe(expected);
	});
});
