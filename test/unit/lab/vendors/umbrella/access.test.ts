import { FULL_KEY } from '../../../../../lab/vendors/umbrella/accounts';
import { basic, send } from '../shared/testLab';
import { API, bodyOf, umbrellaLab, WINDOW } from './support';

describe('Umbrella: tokens', () => {
	it('gives a token for an hour of the lab clock', async () => {
		const { call, requestToken, advance } = umbrellaLab();
		expect(bodyOf(await requestToken())).toEqual({
			token_type: 'bearer',
			access_token: expect.any(String),
			expires_in: 3600,
		});
		expect((await call('GET', '/reports/v2/categories')).status).toBe(200);
		advance(3_599_000);
		expect((await call('GET', '/reports/v2/categories')).status).toBe(200);
		advance(1000);
		const expired = await call('GET', '/reports/v2/categories');
		expect(expired).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
		expect(expired.violation).toBeUndefined();
	});

	it('expires tokens on demand', async () => {
		const { call, vendor } = umbrellaLab();
		await call('GET', '/reports/v2/categories');
		vendor.expireTokens?.();
		expect((await call('GET', '/reports/v2/categories')).status).toBe(401);
	});

	it.each([
		[400, { error: 'invalid_request' }],
		[403, { message: 'Forbidden' }],
	])('answers %s to an expired token when asked to', async (status, body) => {
		const { call, vendor } = umbrellaLab();
		await call('GET', '/reports/v2/categories');
		vendor.setFault('endedTokenStatus', status);
		vendor.expireTokens?.();
		const expired = await call('GET', '/reports/v2/categories');
		expect(expired).toMatchObject({ status, body });
		expect(expired.violation).toBeUndefined();
	});

	it.each([
		['a wrong secret', { headers: { authorization: basic(FULL_KEY.apiKey, 'x') } }, 401, 'secret'],
		['no credentials', { headers: { authorization: '' } }, 401, 'Basic'],
		['a JSON body', { form: undefined, json: { grant_type: 'client_credentials' } }, 415, 'Content-Type'],
		['another grant', { form: { grant_type: 'password' } }, 400, 'grant_type'],
	])('refuses %s', async (_name, options, status, word) => {
		const { requestToken } = umbrellaLab();
		const response = await requestToken(undefined, undefined, options);
		expect(response.status).toBe(status);
		expect(response.violation).toContain(word);
	});

	it('gives at most 20 tokens a minute', async () => {
		const { requestToken, advance } = umbrellaLab();
		for (let index = 0; index < 20; index += 1) expect((await requestToken()).status).toBe(200);
		expect(await requestToken()).toMatchObject({
			status: 429,
			violation: expect.stringMatching(/^rate limit/),
		});
		advance(60_000);
		expect((await requestToken()).status).toBe(200);
	});
});

describe('Umbrella: access', () => {
	it('answers 403 to a key without the scope, and 401 to a foreign token', async () => {
		const { call, credentials, token } = umbrellaLab();
		const limited = await token(credentials.limited.apiKey, credentials.limited.keySecret);
		const headers = { authorization: `Bearer ${limited}` };
		expect((await call('GET', '/reports/v2/categories', { headers })).status).toBe(200);
		expect(await call('GET', '/policies/v2/destinationlists', { headers })).toMatchObject({
			status: 403,
			body: { statusCode: 403, error: 'Forbidden' },
			violation: expect.stringContaining('policies.destinationLists:read'),
		});
		const foreign = await call('GET', '/reports/v2/categories', { headers: { authorization: 'Bearer x' } });
		expect(foreign).toMatchObject({ status: 401, violation: expect.stringContaining('token') });
	});

	it('allows 5 report calls a second, and says no more than 429', async () => {
		const { call, advance } = umbrellaLab();
		const status = async () => (await call('GET', '/reports/v2/categories')).status;
		for (let index = 0; index < 5; index += 1) expect(await status()).toBe(200);
		const refused = await call('GET', '/reports/v2/categories');
		expect(refused).toMatchObject({ status: 429, violation: expect.stringMatching(/^rate limit/) });
		expect(Object.keys(refused.headers ?? {})).toEqual(['content-type']);
		advance(1000);
		expect(await status()).toBe(200);
	});

	it('allows 3 Investigate calls a second', async () => {
		const { call } = umbrellaLab();
		const path = '/investigate/v2/domains/categorization/test.com';
		for (let index = 0; index < 3; index += 1) expect((await call('GET', path)).status).toBe(200);
		expect((await call('GET', path)).status).toBe(429);
	});

	it('allows 2000 policy calls a minute', async () => {
		const { call } = umbrellaLab();
		const path = '/policies/v2/destinationlists';
		for (let index = 0; index < 2000; index += 1) await call('GET', path);
		expect((await call('GET', path)).status).toBe(429);
	});

	it('sends report calls on to the warehouse, which asks for the token again', async () => {
		const { call, vendor, emit } = umbrellaLab();
		emit({ data: { domain: 'evil.example', categories: ['Malware'] } });
		vendor.setFault('reportsRedirect', 'eu');
		const path = `/reports/v2/activity/dns?${WINDOW}`;
		const redirect = await call('GET', path);
		expect(redirect).toMatchObject({
			status: 302,
			headers: { location: `https://api.eu.reports.umbrella.com${path}` },
		});
		const location = String(redirect.headers?.location);
		expect(await send(vendor, 'GET', location)).toMatchObject({
			status: 401,
			violation: expect.stringContaining('after a redirect'),
		});
		expect(bodyOf(await call('GET', location)).data).toHaveLength(1);
		vendor.setFault('reportsRedirect', undefined);
		expect((await call('GET', path)).status).toBe(200);
		expect((await call('GET', `https://api.us.reports.umbrella.com${path}`)).status).toBe(200);
	});

	it('answers nothing but reports on the warehouses', async () => {
		const { call } = umbrellaLab();
		const response = await call('GET', 'https://api.us.reports.umbrella.com/policies/v2/destinationlists');
		expect(response).toMatchObject({ status: 404, violation: expect.any(String) });
	});

	it('knows its paths and methods', async () => {
		const { call } = umbrellaLab();
		expect(await call('GET', '/reports/v2/nothing')).toMatchObject({
			status: 404,
			violation: expect.any(String),
		});
		expect(await call('PUT', '/policies/v2/destinationlists')).toMatchObject({ status: 405 });
		expect((await call('GET', `${API}/reports/v2/categories?x=1`)).violation).toContain('x');
	});
});
