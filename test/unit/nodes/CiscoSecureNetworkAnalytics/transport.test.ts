import { connect } from '../../../../nodes/CiscoSecureNetworkAnalytics/transport/client';
import { ciscoRtcSecureNetworkAnalyticsApiTest } from '../../../../nodes/CiscoSecureNetworkAnalytics/methods/credentialTest';
import { fakeExecute, withoutWaiting, type SentRequest } from '../support/fakeContext';
import { credentials, EVENTS, eventSearch, fixture, manager, run, SESSION } from './support';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const getTypes = { resource: 'securityEvent', operation: 'getTypes' };
const LOGIN = 'POST /token/v2/authenticate';
const TEMPLATES = `GET ${EVENTS}/templates`;

describe('the session', () => {
	it('is opened with a form, and goes back as cookies and as a header', async () => {
		const { settled, requests } = await run({}, getTypes);
		await settled;
		const [login, ...calls] = requests;
		expect(login.headers['content-type']).toBe('application/x-www-form-urlencoded');
		expect(new URLSearchParams(login.body as string).get('password')).toBe('p&ss wörd+%');
		expect(login.headers).not.toHaveProperty('cookie');
		for (const { headers } of calls) {
			expect(headers).toMatchObject({
				cookie: 'stealthwatch.jwt=head.body.sign; XSRF-TOKEN=11-22',
				'x-xsrf-token': '11-22',
				accept: 'application/json, text/plain, */*',
			});
		}
	});

	it('is shared by the executions of a user, and opened anew before it ends', async () => {
		const account = { credentials: credentials() };
		const first = await run({}, getTypes, account);
		await first.settled;
		jest.setSystemTime(Date.now() + 17 * 60_000);
		const second = await run({}, getTypes, account);
		await second.settled;
		expect(second.sent()).not.toContain(LOGIN);
		jest.setSystemTime(Date.now() + 2 * 60_000);
		const third = await run({}, getTypes, account);
		await third.settled;
		expect(third.sent()).toContain(LOGIN);
	});

	it('is one for executions that start together', async () => {
		const account = { credentials: credentials() };
		const both = await Promise.all([run({}, getTypes, account), run({}, getTypes, account)]);
		await Promise.all(both.map(({ settled }) => settled));
		const logins = both.flatMap(({ sent }) => sent()).filter((call) => call === LOGIN);
		expect(logins).toHaveLength(1);
	});

	it('that was closed is opened again, once', async () => {
		let valid = false;
		const answers = {
			[LOGIN]: () => SESSION,
			[TEMPLATES]: () => {
				const answer = valid ? { body: { data: [] } } : { status: 401 };
				valid = true;
				return answer;
			},
		};
		const { settled, sent } = await run(answers, getTypes);
		await settled;
		expect(sent().filter((call) => call === LOGIN)).toHaveLength(2);
		const refused = await run({ [TEMPLATES]: { status: 401 } }, getTypes);
		await expect(refused.settled).rejects.toMatchObject({ httpCode: '401' });
		expect(refused.sent().filter((call) => call === LOGIN)).toHaveLength(2);
	});

	it.each([
		[
			'a wrong password',
			{ status: 401, body: { errors: [{ description: 'Authentication failed' }] } },
			'401',
		],
		['a server that is no manager', { body: '<html></html>' }, 'set no cookie'],
	])('is not there after %s', async (_name, answer, message) => {
		const { settled, requests } = await run({ [LOGIN]: answer }, getTypes);
		await expect(settled).rejects.toThrow(message);
		expect(requests).toHaveLength(1);
	});

	it('has no secret in what it says', async () => {
		const { settled } = await run({ [TEMPLATES]: { status: 500, body: 'oops' } }, getTypes);
		const error: unknown = await settled.catch((caught: unknown) => caught);
		expect(JSON.stringify(error)).not.toMatch(/p&ss|head\.body|11-22/);
	});
});

describe('the tenant', () => {
	const twoTenants = {
		body: {
			data: [
				{ id: 102, displayName: 'a' },
				{ id: 103, displayName: 'b' },
			],
		},
	};

	it('is the one in the credential, without a call for it', async () => {
		const account = { credentials: credentials({ tenantId: '103' }) };
		const path = '/sw-reporting/v1/tenants/103/security-events/templates';
		const { settled, sent } = await run({ [`GET ${path}`]: { body: { data: [] } } }, getTypes, account);
		await settled;
		expect(sent()).toEqual([LOGIN, `GET ${path}`]);
	});

	it.each([
		['more than one', twoTenants, '102 (a), 103 (b)'],
		['none', { body: { data: [] } }, 'data role'],
	])('must be clear: %s', async (_name, answer, description) => {
		const { settled } = await run({ 'GET /sw-reporting/v1/tenants': answer }, getTypes);
		await expect(settled).rejects.toMatchObject({
			description: expect.stringContaining(description) as string,
		});
	});
});

it.each(['smc.example.com', 'ftp://smc.example.com', ''])(
	'does not take %j for a URL',
	async (managerUrl) => {
		const context = fakeExecute({ credentials: credentials({ managerUrl }) });
		await expect(connect(context)).rejects.toThrow('Manager URL');
	},
);

it('checks certificates unless told otherwise, also against an own CA', async () => {
	const ca = '-----BEGIN CERTIFICATE----- AAAA -----END CERTIFICATE-----';
	const strict = await run({}, getTypes, { credentials: credentials({ caCertificate: ca }) });
	await strict.settled;
	for (const { options } of strict.requests) {
		expect(options).not.toHaveProperty('skipSslCertificateValidation');
		expect(options.agentOptions).toEqual({ ca: ca.replace(/ AAAA /, '\nAAAA\n') + '\n' });
	}
	const lax = await run({}, getTypes, { credentials: credentials({ allowUnauthorizedCerts: true }) });
	await lax.settled;
	expect(lax.requests[0].options.skipSslCertificateValidation).toBe(true);
});

describe('a search', () => {
	const getMany = { resource: 'securityEvent', operation: 'getMany', output: 'events', returnAll: true };
	const window = { from: '2021-02-04T13:00:00Z', to: '2021-02-04T14:00:00Z' };
	const job = `${EVENTS}/queries/6029011fe4b0d6d2a1ffd2d7`;
	const results = fixture('security-events-results');

	it('is waited for, with pauses that grow, and deleted', async () => {
		const times: number[] = [];
		const answers = eventSearch(results, 6);
		const look = answers[`GET ${job}`] as (request: SentRequest) => object;
		answers[`GET ${job}`] = (request) => {
			times.push(Date.now());
			return look(request);
		};
		const { settled, sent } = await run(answers, { ...getMany, ...window });
		await expect(settled).resolves.toHaveLength(2);
		expect(sent().slice(-2)).toEqual([`GET ${EVENTS}/results/6029011fe4b0d6d2a1ffd2d7`, `DELETE ${job}`]);
		const pauses = times.slice(1).map((time, i) => time - times[i]);
		expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
		expect(pauses.at(-1)).toBeGreaterThan(pauses[0]);
	});

	it('that takes too long is given up and deleted', async () => {
		const { settled, sent } = await run(eventSearch(results, 1_000), {
			...getMany,
			...window,
			options: { waitSeconds: 20 },
		});
		await expect(settled).rejects.toMatchObject({
			message: expect.stringContaining('was not over after 20 seconds') as string,
			description: expect.stringContaining('40 %') as string,
		});
		expect(sent().at(-1)).toBe(`DELETE ${job}`);
	});

	it.each(['FAILED', 'CANCELLED', 'ERROR'])('that ends as %s is an error, and deleted', async (status) => {
		const answers = {
			...eventSearch(results),
			[`GET ${job}`]: { body: { data: { percentComplete: 100, status } } },
		};
		const { settled, sent } = await run(answers, { ...getMany, ...window });
		await expect(settled).rejects.toMatchObject({
			description: expect.stringContaining(status) as string,
		});
		expect(sent().at(-1)).toBe(`DELETE ${job}`);
	});

	it('whose results can not be read is deleted', async () => {
		const answers = {
			...eventSearch(results),
			[`GET ${EVENTS}/results/6029011fe4b0d6d2a1ffd2d7`]: { status: 500, body: '' },
		};
		const { settled, sent } = await run(answers, { ...getMany, ...window });
		await expect(settled).rejects.toMatchObject({ httpCode: '500' });
		expect(sent().at(-1)).toBe(`DELETE ${job}`);
	});

	it('of a cancelled execution is deleted', async () => {
		const cancel = new AbortController();
		const answers = eventSearch(results, 1_000);
		const look = answers[`GET ${job}`] as (request: SentRequest) => object;
		answers[`GET ${job}`] = (request) => {
			cancel.abort();
			return look(request);
		};
		const setup = { cancelSignal: cancel.signal };
		const { settled, requests } = await run(answers, { ...getMany, ...window }, setup);
		await expect(settled).rejects.toThrow();
		const last = requests.at(-1)!;
		expect(`${last.method} ${last.url.pathname}`).toBe(`DELETE ${job}`);
		expect(last.options.abortSignal).toBeUndefined();
	});

	it('that can not be deleted has its results all the same', async () => {
		const answers = { ...eventSearch(results), [`DELETE ${job}`]: { status: 503 } };
		const { settled, sent } = await run(answers, { ...getMany, ...window });
		await expect(settled).resolves.toHaveLength(2);
		expect(sent().filter((call) => call.startsWith('DELETE'))).toHaveLength(1);
	});

	it('that is over at once is not looked at', async () => {
		const done = { data: { searchJob: { id: 'x1', searchJobStatus: 'COMPLETED', percentComplete: 100 } } };
		const answers = {
			[`POST ${EVENTS}/queries`]: { body: done },
			[`GET ${EVENTS}/results/x1`]: { body: results },
		};
		const { settled, sent } = await run(answers, { ...getMany, ...window });
		await expect(settled).resolves.toHaveLength(2);
		expect(sent()).not.toContain(`GET ${EVENTS}/queries/x1`);
	});

	it('without an id is an error', async () => {
		const { settled } = await run({ [`POST ${EVENTS}/queries`]: { body: { data: {} } } }, getMany);
		await expect(settled).rejects.toThrow('did not start');
	});
});

describe('the credential test', () => {
	async function test(data: object, answers = {}) {
		const sent: string[] = [];
		const server = manager({ 'DELETE /token': { status: 200 }, ...answers });
		const request = async (options: { method: string; uri: string; headers: object; body?: string }) => {
			const url = new URL(options.uri);
			sent.push(`${options.method} ${url.pathname}`);
			const answer = await server({ ...options, url } as unknown as SentRequest);
			if (answer instanceof Error) throw answer;
			const { status: statusCode = 200, headers, body } = answer;
			return { statusCode, headers, body: typeof body === 'object' ? JSON.stringify(body) : body };
		};
		const credential = { data: { ...credentials().ciscoRtcSecureNetworkAnalyticsApi, ...data } };
		const result = await withoutWaiting(
			ciscoRtcSecureNetworkAnalyticsApiTest.call({ helpers: { request } } as never, credential as never),
		);
		return { result, sent };
	}

	it('logs in, lists the tenants and logs out', async () => {
		const { result, sent } = await test({});
		expect(result).toEqual({ status: 'OK', message: expect.stringContaining('102 (companyname)') as string });
		expect(sent).toEqual([LOGIN, 'GET /sw-reporting/v1/tenants', 'DELETE /token']);
	});

	it.each([
		['a refused password', {}, { [LOGIN]: { status: 401 } }, '401'],
		['no URL', { managerUrl: 'smc' }, {}, 'not a URL'],
		['an unknown tenant', { tenantId: '7' }, {}, 'no tenant 7'],
		['no tenants', {}, { 'GET /sw-reporting/v1/tenants': { body: { data: [] } } }, 'no tenant'],
	])('tells of %s', async (_name, data, answers, message) => {
		const { result } = await test(data, answers);
		expect(result).toEqual({ status: 'Error', message: expect.stringContaining(message) as string });
	});
});
