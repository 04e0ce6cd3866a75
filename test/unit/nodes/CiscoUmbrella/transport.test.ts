import { readActivity } from '../../../../nodes/CiscoUmbrella/transport/activity';
import { connect, describeError } from '../../../../nodes/CiscoUmbrella/transport/client';
import { readReport } from '../../../../nodes/CiscoUmbrella/transport/reports';
import { fakeExecute, withoutWaiting, type FakeAnswer, type SentRequest } from '../support/fakeContext';
import { calls, credentials, dnsRecord, isToken, withToken } from './support';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const contextWith = (server: (request: SentRequest) => FakeAnswer | Error, fields = {}) =>
	fakeExecute({ credentials: credentials(fields), server: withToken(server) });

const read = async (context: ReturnType<typeof fakeExecute>) =>
	await withoutWaiting(
		(async () => {
			const client = await connect(context);
			return await readReport(context, client.reports, '/activity', { limit: 1 });
		})(),
	);

describe('token', () => {
	it('is asked for once with Basic and a form, and sent as Bearer', async () => {
		const setup = { credentials: credentials(), server: withToken(() => ({ body: { data: [] } })) };
		const [first, second] = [fakeExecute(setup), fakeExecute(setup)];
		await read(first);
		await read(second);
		const [login] = first.requests;
		expect(login).toMatchObject({ method: 'POST', body: 'grant_type=client_credentials' });
		expect(login.url.href).toBe('https://api.umbrella.com/auth/v2/token');
		expect(login.headers).toMatchObject({
			authorization: `Basic ${Buffer.from(`${setup.credentials.ciscoRtcUmbrellaApi.apiKey}:secret`).toString('base64')}`,
			'content-type': 'application/x-www-form-urlencoded',
		});
		expect(first.requests[1].headers.authorization).toBe('Bearer token-1');
		expect(second.requests.filter(isToken)).toEqual([]);
		expect(second.requests[0].headers.authorization).toBe('Bearer token-1');
	});

	it('is replaced a minute before it ends', async () => {
		const setup = { credentials: credentials(), server: withToken(() => ({ body: { data: [] } })) };
		await read(fakeExecute(setup));
		jest.setSystemTime(Date.now() + 3_539_000);
		const before = fakeExecute(setup);
		await read(before);
		jest.setSystemTime(Date.now() + 2_000);
		const after = fakeExecute(setup);
		await read(after);
		expect(before.requests.filter(isToken)).toHaveLength(0);
		expect(after.requests.filter(isToken)).toHaveLength(1);
	});

	it('is replaced once after a 401', async () => {
		const context = contextWith(({ headers }) =>
			headers.authorization === 'Bearer token-1' ? { status: 401, body: {} } : { body: { data: [{ a: 1 }] } },
		);
		expect(await read(context)).toEqual([{ a: 1 }]);
		expect(context.requests.filter(isToken)).toHaveLength(2);
	});

	it.each<[string, FakeAnswer]>([
		['a 403', { status: 403, body: { message: 'Forbidden' } }],
		['a 400 that blames the request', { status: 400, body: { error: 'invalid_request' } }],
		['a 400 that blames the token', { status: 400, body: { error: 'invalid_token' } }],
	])('is replaced once after %s', async (_name, refusal) => {
		let refused: string[] = [];
		const server = withToken(({ headers }) =>
			refused.includes(headers.authorization) ? refusal : { body: { data: [{ a: 1 }] } },
		);
		const setup = { credentials: credentials(), server };
		await read(fakeExecute(setup));
		jest.setSystemTime(Date.now() + 60_000);
		refused = ['Bearer token-1'];
		const context = fakeExecute(setup);
		expect(await read(context)).toEqual([{ a: 1 }]);
		expect(context.requests.filter(isToken)).toHaveLength(1);

		jest.setSystemTime(Date.now() + 60_000);
		refused = ['Bearer token-2', 'Bearer token-3'];
		const hopeless = fakeExecute(setup);
		await expect(read(hopeless)).rejects.toMatchObject({ httpCode: String(refusal.status) });
		expect(calls(hopeless.requests)).toHaveLength(2);
	});

	it('that is new is not blamed for what a key may not do', async () => {
		const setup = { credentials: credentials(), server: withToken(() => ({ status: 403, body: {} })) };
		for (let call = 0; call < 5; call++) await expect(read(fakeExecute(setup))).rejects.toThrow('403');
		const context = fakeExecute(setup);
		await expect(read(context)).rejects.toThrow('403');
		expect(context.requests).toHaveLength(1);
	});

	it('is not blamed for a wrong parameter', async () => {
		const setup = { credentials: credentials(), server: withToken(() => ({ status: 400, body: { message: 'no' } })) };
		await expect(read(fakeExecute(setup))).rejects.toThrow('400');
		jest.setSystemTime(Date.now() + 120_000);
		const context = fakeExecute(setup);
		await expect(read(context)).rejects.toThrow('400');
		expect(context.requests).toHaveLength(1);
	});

	it('carries the organization of a child', async () => {
		const context = contextWith(() => ({ body: { data: [] } }), { organizationId: '1234567' });
		await read(context);
		expect(context.requests.map(({ headers }) => headers['x-umbrella-orgid'])).toEqual([
			'1234567',
			'1234567',
		]);
	});

	it('that is refused gives an error without secrets', async () => {
		const server = () => ({ status: 401, body: { message: 'Unauthorized' } });
		const context = fakeExecute({ credentials: credentials({ apiSecret: 'hunter2' }), server });
		const error = await read(context).catch((e: Error) => e);
		expect(error).toMatchObject({ httpCode: '401' });
		expect(JSON.stringify(error)).not.toMatch(/hunter2|Basic/);
	});
});

describe('base URL', () => {
	it.each([
		[{ baseUrl: 'https://api.umbrellagov.com' }, 'https://api.umbrellagov.com'],
		[
			{ baseUrl: 'custom', customBaseUrl: ' https://umbrella.corp.example:8443/ ' },
			'https://umbrella.corp.example:8443',
		],
	])('%p reaches %s', async (fields, origin) => {
		const context = contextWith(() => ({ body: { data: [] } }), fields);
		await read(context);
		expect(context.requests.map(({ url }) => url.origin)).toEqual([origin, origin]);
	});

	it('that is no URL is named', async () => {
		const context = contextWith(() => ({}), { baseUrl: 'custom', customBaseUrl: 'umbrella' });
		await expect(read(context)).rejects.toThrow('base URL');
	});
});

describe('redirects to a warehouse', () => {
	const warehouse = 'https://api.eu.reports.umbrella.com';
	const geo = ({ url }: SentRequest): FakeAnswer =>
		url.origin === warehouse
			? { body: { data: [{ a: 1 }] } }
			: { status: 302, headers: { Location: warehouse + url.pathname + url.search } };

	it('are followed with the token, and remembered for the next call', async () => {
		const context = contextWith(geo);
		const client = await connect(context);
		for (let call = 0; call < 2; call++) {
			const rows = withoutWaiting(readReport(context, client.reports, '/activity/dns', { limit: 5 }));
			expect(await rows).toEqual([{ a: 1 }]);
		}
		const sent = calls(context.requests);
		expect(sent.map(({ url }) => url.origin)).toEqual(['https://api.umbrella.com', warehouse, warehouse]);
		expect(sent.every(({ headers }) => headers.authorization === 'Bearer token-1')).toBe(true);
		expect(sent[1].url.search).toBe('?limit=5');
	});

	it.each([
		'https://umbrella.com.evil.example/x',
		'https://evilumbrella.com/x',
		'http://api.eu.reports.umbrella.com/x',
		'https://api.sse.cisco.com/x',
		'//evil.example/x',
		'not a url:',
		'',
	])('to %p are refused, and the token is not sent there', async (location) => {
		const context = contextWith(() => ({ status: 302, headers: { Location: location } }));
		const error = await read(context).catch((e: Error) => e);
		expect(error).toBeInstanceOf(Error);
		expect(new Set(context.requests.map(({ url }) => url.origin))).toEqual(
			new Set(['https://api.umbrella.com']),
		);
	});

	it('in a circle end', async () => {
		const context = contextWith(({ url }) => ({ status: 302, headers: { Location: url.href } }));
		await expect(read(context)).rejects.toMatchObject({ httpCode: '302' });
		expect(calls(context.requests)).toHaveLength(4);
	});

	it('stay within the product that the credential names', async () => {
		const context = contextWith(
			({ url }) =>
				url.hostname === 'api.us.reports.sse.cisco.com'
					? { body: { data: [] } }
					: { status: 302, headers: { location: `https://api.us.reports.sse.cisco.com${url.pathname}` } },
			{ baseUrl: 'https://api.sse.cisco.com' },
		);
		expect(await read(context)).toEqual([]);
	});
});

describe('errors', () => {
	it('wait a second at least after a 429 without headers, and give up in the end', async () => {
		const times: number[] = [];
		const context = contextWith(() => {
			times.push(Date.now());
			return { status: 429, body: { message: 'Too Many Requests' } };
		});
		await expect(read(context)).rejects.toMatchObject({ httpCode: '429' });
		expect(times).toHaveLength(5);
		times.slice(1).forEach((time, i) => expect(time - times[i]).toBeGreaterThanOrEqual(1_000));
	});

	it('repeat a call whose answer was cut off', async () => {
		let answers = 0;
		const context = contextWith(() => ({ body: ++answers === 1 ? '{"data":[{"a"' : { data: [{ a: 1 }] } }));
		expect(await read(context)).toEqual([{ a: 1 }]);
	});

	it('give the vendor text in each of its forms', () => {
		const text = (body: string) => describeError({ status: 400, headers: {}, text: body });
		expect(text('{"statusCode":400,"error":"Bad Request","message":"Validation Error","txId":"d"}')).toBe(
			'Validation Error',
		);
		expect(text('{"error":"invalid_client","error_description":"Bad key"}')).toBe('Bad key');
		const offset = { param: 'offset', value: '11000', error: 'invalid offset: must be at most 10000' };
		const limit = { param: 'limit', value: '0', error: 'invalid limit: must be at least 1' };
		expect(text(JSON.stringify({ meta: {}, data: { errors: [offset, limit] } }))).toBe(
			'invalid offset: must be at most 10000; invalid limit: must be at least 1',
		);
		expect(text('{"meta":{},"data":{}}')).toBeUndefined();
		expect(text('<html>')).toBeUndefined();
		expect(text('null')).toBeUndefined();
	});
});

describe('readActivity', () => {
	/** A server that pages as Cisco documents it, newest first, with the offset's upper end. */
	const warehouse = (records: ReturnType<typeof dnsRecord>[], shuffle = (page: typeof records) => page) =>
		contextWith(({ url }) => {
			const number = (name: string) => Number(url.searchParams.get(name));
			if (number('offset') > 10_000) return { status: 400, body: { message: 'offset too high' } };
			const span = records.filter(({ timestamp }) => timestamp > number('from') && timestamp < number('to'));
			const sorted = shuffle(span).sort((a, b) => b.timestamp - a.timestamp);
			return { body: { data: sorted.slice(number('offset'), number('offset') + number('limit')), meta: {} } };
		});

	const readAll = async (context: ReturnType<typeof fakeExecute>, seconds: number, wanted = Infinity) =>
		await withoutWaiting(
			(async () => {
				const { reports } = await connect(context);
				const window = { from: 1_699_999_999_000, to: (1_700_000_001 + seconds) * 1_000 };
				return await readActivity(context, reports, { path: '/activity', query: {} }, window, wanted);
			})(),
		);

	it('stops at a page that is not full', async () => {
		const context = warehouse([dnsRecord(1), dnsRecord(2)]);
		expect(await readAll(context, 10)).toHaveLength(2);
		expect(calls(context.requests)).toHaveLength(1);
		expect(Number(calls(context.requests)[0].url.searchParams.get('limit'))).toBeGreaterThanOrEqual(1_000);
	});

	it('asks for no more than is wanted', async () => {
		const context = warehouse([1, 2, 3].map((second) => dnsRecord(second)));
		expect(await readAll(context, 10, 2)).toHaveLength(2);
		expect(calls(context.requests).map(({ url }) => url.searchParams.get('limit'))).toEqual(['2']);
	});

	it('finds every record once, though the order within a second changes with every call', async () => {
		const records = Array.from({ length: 3_500 }, (_, i) => dnsRecord(Math.floor(i / 30), `d${i}.example`));
		let calls = 0;
		const shuffled = (page: typeof records) => (++calls % 2 === 0 ? [...page].reverse() : [...page]);
		const found = await readAll(warehouse(records, shuffled), 200);
		expect(new Set(found.map(({ domain }) => domain)).size).toBe(3_500);
		expect(found).toHaveLength(3_500);
	});

	it('splits a span that holds more than the server pages through', async () => {
		const records = Array.from({ length: 25_000 }, (_, i) => dnsRecord(Math.floor(i / 5), `d${i}.example`));
		expect(await readAll(warehouse(records), 5_000)).toHaveLength(25_000);
	});

	it('says so when one second holds more than that', async () => {
		const records = Array.from({ length: 12_000 }, (_, i) => dnsRecord(0, `d${i}.example`));
		await expect(readAll(warehouse(records), 0)).rejects.toThrow('two seconds');
	});

	it('ends when the server ignores the offset', async () => {
		const page = Array.from({ length: 1_000 }, (_, i) => dnsRecord(i));
		const context = contextWith(() => ({ body: { data: page } }));
		expect(await readAll(context, 10)).toHaveLength(1_000);
		expect(calls(context.requests).length).toBeLessThan(20);
	});

	it('stays under five calls per second', async () => {
		const times: number[] = [];
		const records = Array.from({ length: 9_500 }, (_, i) => dnsRecord(i));
		const context = warehouse(records, (page) => {
			times.push(Date.now());
			return page;
		});
		await readAll(context, 10_000);
		expect(times.length).toBeGreaterThan(9);
		times.slice(5).forEach((time, i) => expect(time - times[i]).toBeGreaterThanOrEqual(1_000));
	});
});
