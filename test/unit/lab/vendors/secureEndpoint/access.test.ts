import { ACCOUNTS } from '../../../../../lab/vendors/secureEndpoint/accounts';
import { basic, send } from '../shared/testLab';
import { parsed, secureEndpointLab, US } from './support';

describe('Secure Endpoint: access', () => {
	it('answers the version call with the rate limit headers', async () => {
		const { call } = secureEndpointLab();
		const response = await call('GET', '/version');
		expect(parsed(response)).toEqual({
			version: 'v1.2.0',
			metadata: { links: { self: `${US}/version` } },
			data: {},
		});
		expect(response.headers).toMatchObject({
			'x-ratelimit-limit': '3000',
			'x-ratelimit-remaining': '2999',
			'x-ratelimit-reset': '3600',
			'x-ratelimit-resetdate': '2026-03-02T10:00:00Z',
		});
		expect(response.violation).toBeUndefined();
	});

	it.each([
		['no credentials', undefined],
		['a wrong key', basic(ACCOUNTS.us.readWrite.clientId, 'wrong')],
		['a bearer token', 'Bearer x'],
	])('refuses %s with the documented body', async (_name, authorization) => {
		const { vendor } = secureEndpointLab();
		const response = await send(vendor, 'GET', `${US}/version`, {
			headers: authorization ? { authorization } : {},
		});
		expect(response.status).toBe(401);
		expect(parsed(response)).toEqual({
			version: 'v1.0.0',
			data: {},
			errors: [{ error_code: 401, description: 'Unauthorized', details: ['Unknown API key or Client ID'] }],
		});
		expect(response.violation).toBeDefined();
	});

	it('keeps accounts and data of the regions apart', async () => {
		const { vendor, credentials, emit, call } = secureEndpointLab();
		emit();
		const { eu } = credentials.regions;
		const own = { headers: { authorization: basic(eu.clientId, eu.apiKey) } };
		const europe = await send(vendor, 'GET', `${eu.baseUrl}/v1/events`, own);
		expect(parsed(europe).data).toEqual([]);
		expect((await send(vendor, 'GET', `${US}/events`, own)).violation).toBe('credentials of region eu');
		expect(parsed(await call('GET', '/events')).data).toHaveLength(1);
	});

	it.each([
		['an unknown parameter', 'GET', '/events?severity=High', 400, 'severity'],
		['a scalar hostname', 'GET', '/computers?hostname=LAP-001', 400, 'hostname'],
		['a limit over 500', 'GET', '/events?limit=501', 400, 'limit'],
		['an epoch as start_date', 'GET', '/events?start_date=1772442000000', 400, 'start_date'],
		['a plus that was not encoded', 'GET', '/events?start_date=2026-03-02T09:00:00+00:00', 400, 'start_date'],
		['an event type by name', 'GET', '/events?event_type[]=Threat', 400, 'event_type'],
		['an unknown path', 'GET', '/endpoints', 404, '/v1/endpoints'],
		['a wrong method', 'POST', '/events', 405, 'POST'],
	])('names what is wrong with %s', async (_name, method, path, status, word) => {
		const { call } = secureEndpointLab();
		const response = await call(method, path);
		expect(response.status).toBe(status);
		expect(parsed(response).errors[0].details[0]).toContain(word);
		expect(response.violation).toContain(word);
	});

	it('lets a read-only client read but not write', async () => {
		const { vendor, credentials } = secureEndpointLab();
		const headers = { authorization: basic(credentials.readOnly.clientId, credentials.readOnly.apiKey) };
		const path = `${US}/computers/00000000-0000-4000-8000-000000000001/isolation`;
		expect((await send(vendor, 'GET', path, { headers })).status).toBe(200);
		expect(await send(vendor, 'PUT', path, { headers })).toMatchObject({
			status: 403,
			violation: expect.stringContaining('read-only'),
		});
	});

	it('breaks off after 3000 calls in an hour, and counts on in the next hour', async () => {
		const { call, advance } = secureEndpointLab();
		for (let index = 0; index < 3000; index += 1) await call('GET', '/version');
		const refused = await call('GET', '/version');
		expect(refused).toMatchObject({
			status: 429,
			violation: expect.stringMatching(/^rate limit/),
			headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' },
		});
		advance(3_600_000);
		expect((await call('GET', '/version')).status).toBe(200);
	});
});
