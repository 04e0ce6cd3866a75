import { startLab } from '../../../../../lab';
import { createSecureNetworkAnalytics } from '../../../../../lab/vendors/secureNetworkAnalytics';
import { ask } from '../../machine/support';
import { send } from '../shared/testLab';
import { bodyOf, cookiesOf, EVENTS, LAST_HOUR, SMC, snaLab, TAGS } from './support';

const TENANTS = `${SMC}/sw-reporting/v1/tenants`;
const MINUTE = 60_000;

describe('Secure Network Analytics: access', () => {
	it('gives a session in two cookies', async () => {
		const { logIn } = snaLab();
		const answer = await logIn();
		expect(answer).toMatchObject({ status: 200 });
		expect(answer.violation).toBeUndefined();
		expect(answer.headers?.['set-cookie']).toEqual([
			expect.stringMatching(/^stealthwatch\.jwt=eyJ[^;]+; Path=\/; Secure; HttpOnly/),
			expect.stringMatching(/^XSRF-TOKEN=[0-9a-f-]{36}; Path=\/; Secure$/),
		]);
	});

	it('sends each cookie on a line of its own', async () => {
		const lab = await startLab({ vendors: [createSecureNetworkAnalytics] });
		try {
			const { username, password } = lab.lab.vendors[0].credentials() as Record<string, string>;
			const { headers } = await ask(lab, {
				host: 'smc.lab.example',
				method: 'POST',
				path: '/token/v2/authenticate',
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
				body: new URLSearchParams({ username, password }).toString(),
			});
			expect(headers['set-cookie']).toHaveLength(2);
		} finally {
			await lab.close();
		}
	});

	it.each([
		['a JSON body', { form: undefined, json: { username: 'rtc-api' } }, 415, 'application/json'],
		['a wrong password', { form: { username: 'rtc-api', password: 'no' } }, 401, 'wrong user name'],
		[
			'a form that was not URL-encoded',
			{
				form: undefined,
				raw: 'username=rtc-api&password=Lab&SNA+2026=100%25',
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
			},
			401,
			'wrong user name',
		],
	])('refuses a login with %s', async (_name, options, status, word) => {
		const { logIn } = snaLab();
		const answer = await logIn(options);
		expect(answer.status).toBe(status);
		expect(answer.violation).toContain(word);
		expect(answer.headers?.['set-cookie']).toBeUndefined();
	});

	it('has a password that breaks without URL-encoding, so that the test above means something', () => {
		const { credentials } = snaLab();
		expect(credentials.password).toBe('Lab&SNA+2026=100%25');
	});

	it('lists tenants with the cookies alone, but changes nothing without the token', async () => {
		const { vendor, logIn } = snaLab();
		const { cookie } = cookiesOf(await logIn());
		const tenants = await send(vendor, 'GET', TENANTS, { headers: { cookie } });
		expect(tenants).toMatchObject({
			status: 200,
			body: { data: [{ id: 102, displayName: 'corp.example' }] },
		});
		expect(tenants.violation).toBeUndefined();
		for (const [method, path] of [
			['POST', `${EVENTS}/queries`],
			['PUT', `${TAGS}/3`],
			['DELETE', `${TAGS}/3`],
			['DELETE', '/token'],
		]) {
			const answer = await send(vendor, method, SMC + path, { headers: { cookie }, json: {} });
			expect(answer).toMatchObject({ status: 403, violation: `${method} without the X-XSRF-TOKEN header` });
		}
	});

	it('compares the token with cookie and session', async () => {
		const { vendor, session } = snaLab();
		const [mine, other] = [await session(), await session()];
		const post = (headers: Record<string, string>) =>
			send(vendor, 'POST', `${SMC}${EVENTS}/queries`, { headers, json: { timeRange: LAST_HOUR } });
		const [jwt] = mine.cookie.split('; ');
		expect((await post({ ...mine, 'x-xsrf-token': other['x-xsrf-token'] })).violation).toContain(
			'not the token',
		);
		expect((await post({ ...mine, cookie: jwt })).violation).toContain('cookie was not sent back');
		expect(await post(mine)).toMatchObject({ status: 200 });
	});

	it.each([
		['no cookie', {}, 'no stealthwatch.jwt cookie'],
		['a foreign cookie', { cookie: 'stealthwatch.jwt=x' }, 'unknown stealthwatch.jwt cookie'],
	])('answers 401 to %s', async (_name, headers, violation) => {
		const { vendor } = snaLab();
		const answer = await send(vendor, 'GET', TENANTS, { headers });
		expect(answer).toMatchObject({ status: 401, violation });
		expect(bodyOf(answer)).toEqual({ errors: [{ code: 'UNAUTHORIZED', description: 'Not signed in' }] });
	});

	it('ends a session twenty minutes after the login, used or not, which is nobody’s fault', async () => {
		const { call, advance } = snaLab();
		const status = async () => (await call('GET', '/sw-reporting/v1/tenants')).status;
		expect(await status()).toBe(200);
		advance(20 * MINUTE);
		expect(await status()).toBe(200);
		advance(1);
		const late = await call('GET', '/sw-reporting/v1/tenants');
		expect(late.status).toBe(401);
		expect(late.violation).toBeUndefined();
	});

	it('ends a session by DELETE /token, and minds who goes on using it', async () => {
		const { vendor, session } = snaLab();
		const headers = await session();
		expect(await send(vendor, 'DELETE', `${SMC}/token`, { headers })).toMatchObject({ status: 200 });
		expect(await send(vendor, 'GET', TENANTS, { headers })).toMatchObject({
			status: 401,
			violation: 'the session was logged out',
		});
	});

	it('expires all sessions on demand, and gives new ones', async () => {
		const { vendor, session } = snaLab();
		const old = await session();
		vendor.expireTokens?.();
		const refused = await send(vendor, 'GET', TENANTS, { headers: old });
		expect(refused.status).toBe(401);
		expect(refused.violation).toBeUndefined();
		expect((await send(vendor, 'GET', TENANTS, { headers: await session() })).status).toBe(200);
	});

	it('lets a read-only user search, but not change', async () => {
		const { vendor, session, credentials } = snaLab();
		const headers = await session({ form: credentials.readOnly });
		const search = { headers, json: { timeRange: LAST_HOUR } };
		expect((await send(vendor, 'POST', `${SMC}${EVENTS}/queries`, search)).status).toBe(200);
		expect(await send(vendor, 'DELETE', `${SMC}${TAGS}/3`, { headers })).toMatchObject({
			status: 403,
			violation: 'The user may read only',
		});
	});

	it.each([
		['an unknown path', 'GET', '/sw-reporting/v1/tenants/102/hosts', 404, 'Unknown path'],
		['a wrong method', 'PUT', `${EVENTS}/queries`, 405, 'only POST'],
		['an unknown parameter', 'GET', `${EVENTS}/templates?limit=5`, 400, 'limit'],
		[
			'incidents of a tenant',
			'GET',
			'/sw-reporting/v2/tenants/102/incidents?ipAddress=10.1.2.3',
			400,
			'tenant 0',
		],
	])('names what is wrong with %s', async (_name, method, path, status, word) => {
		const { call } = snaLab();
		const answer = await call(method, path);
		expect(answer.status).toBe(status);
		expect(answer.violation).toContain(word);
	});

	it('has no other tenant', async () => {
		const { call } = snaLab();
		const answer = await call('GET', EVENTS.replace('102', '103').concat('/templates'));
		expect(answer.status).toBe(404);
		expect(answer.violation).toBeUndefined();
	});
});
