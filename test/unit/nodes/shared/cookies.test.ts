import { cookieHeader, cookieJar, setCookieHeaders } from '../../../../nodes/shared/cookies';
import { send } from '../../../../nodes/shared/http';
import { fakeExecute } from '../support/fakeContext';

const JWT = 'stealthwatch.jwt=aaa.bbb==; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure; HttpOnly';
const XSRF = 'XSRF-TOKEN=0f3c-11; Path=/';

describe('Set-Cookie headers', () => {
	it.each([
		['a list', { 'set-cookie': [JWT, XSRF] }, [JWT, XSRF]],
		['joined with commas', { 'Set-Cookie': `${JWT}, ${XSRF}` }, [JWT, XSRF]],
		['one', { 'set-cookie': JWT }, [JWT]],
		['none', { etag: 'x' }, []],
		['no headers', undefined, []],
	])('%s', (_name, headers, expected) => {
		expect(setCookieHeaders(headers)).toEqual(expected);
	});

	it('stay apart on the way through the request policy', async () => {
		const headers = { 'Set-Cookie': [JWT, XSRF] as unknown as string };
		const context = fakeExecute({ server: () => ({ headers, body: {} }) });
		const client = {
			product: 'Test Product',
			baseUrl: 'https://api.example',
			authorize: async () => ({}),
			canRefresh: false,
			describeError: () => undefined,
		};
		const response = await send(context, client, { method: 'GET', path: '/' });
		expect(response.setCookies).toEqual([JWT, XSRF]);
	});
});

describe('a cookie jar', () => {
	it('keeps names and values, the last of each name', () => {
		const jar = cookieJar([JWT, XSRF, 'XSRF-TOKEN=2; Path=/']);
		expect(cookieHeader(jar)).toBe('stealthwatch.jwt=aaa.bbb==; XSRF-TOKEN=2');
	});

	it('forgets what the server takes back, and what is no cookie', () => {
		expect(cookieHeader(cookieJar([XSRF, 'XSRF-TOKEN=; Max-Age=0', 'nonsense', '=x']))).toBe('');
		expect(cookieHeader(cookieJar())).toBe('');
	});
});
