import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { CiscoIse } from '../../../../nodes/CiscoIse/CiscoIse.node';
import { pathSegment } from '../../../../nodes/CiscoIse/transport/ers';
import { pemText } from '../../../../nodes/CiscoIse/transport/pem';
import {
	fakeExecute,
	fakeLoadOptions,
	withoutWaiting,
	type FakeServer,
	type SentRequest,
} from '../support/fakeContext';
import { credentials, ersError, jsonFixture } from './fakeIse';

const MAC = '00:50:56:8B:95:4A';
const listPolicies = { resource: 'ancPolicy', operation: 'getMany', returnAll: true };
const apply = {
	resource: 'ancEndpoint',
	operation: 'apply',
	policyName: 'Quarantine',
	identifyBy: 'macAddress',
	macAddresses: MAC,
	options: { verify: false },
};

async function run(server: FakeServer, parameters: IDataObject | IDataObject[], more: IDataObject = {}) {
	const account = { ciscoRtcIseApi: { ...credentials.ciscoRtcIseApi, ...more } };
	const context = fakeExecute({ parameters, credentials: account, server });
	const work = new CiscoIse().execute.call(context).then(([output]) => output.map(({ json }) => json));
	return { work, context };
}

const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const origins = ({ requests }: { requests: SentRequest[] }) => requests.map(({ url }) => url.origin);

const PRIMARY = 'https://ise.example.com:9060';
const SECONDARY = 'https://ise2.example.com:9060';

describe('lists', () => {
	const pages =
		(total: number): FakeServer =>
		({ url }) => {
			const [size, page] = [Number(url.searchParams.get('size')), Number(url.searchParams.get('page'))];
			const ids = Array.from({ length: total }, (_, index) => `p${index}`).slice(
				(page - 1) * size,
				page * size,
			);
			const resources = ids.map((id) => ({ id, name: id, link: { href: 'https://internal.host/x' } }));
			const nextPage =
				page * size < total ? { rel: 'next', href: 'https://internal.host:9060/steal' } : undefined;
			return { body: { SearchResult: { total, resources, nextPage } } };
		};

	it.each([0, 1, 99, 100, 101, 250])(
		'reads all of %d entries by page number, at most 100 at once',
		async (total) => {
			const { work, context } = await run(pages(total), listPolicies);
			expect((await work).map(({ id }) => id)).toEqual(
				Array.from({ length: total }, (_, index) => `p${index}`),
			);
			expect(new Set(origins(context))).toEqual(new Set([PRIMARY]));
			expect(context.requests).toHaveLength(Math.max(1, Math.ceil(total / 100)));
		},
	);

	it('goes on without a link while the total says that there is more', async () => {
		const server: FakeServer = async (request) => {
			const { SearchResult } = ((await pages(150)(request)) as { body: { SearchResult: IDataObject } }).body;
			return { body: { SearchResult: { ...SearchResult, nextPage: undefined } } };
		};
		expect(await (await run(server, listPolicies)).work).toHaveLength(150);
	});

	it('asks for no more than the limit and hides internal links', async () => {
		const { work, context } = await run(pages(250), { ...listPolicies, returnAll: false, limit: 2 });
		expect(await work).toEqual([
			{ id: 'p0', name: 'p0' },
			{ id: 'p1', name: 'p1' },
		]);
		expect(context.requests[0].url.search).toBe('?size=2&page=1');
	});

	it('reads the published example, whose total is too small', async () => {
		const { work } = await run(() => ({ body: jsonFixture('anc-policy-list.json') }), listPolicies);
		expect((await work).map(({ name }) => name)).toEqual(['port_bounce', 'quarantine', 'test']);
	});

	it('ends when a server repeats one page for ever', async () => {
		const server: FakeServer = () => ({
			body: { SearchResult: { total: 5, resources: [{ id: 'a' }], nextPage: { href: 'x' } } },
		});
		const { work, context } = await run(server, listPolicies);
		await expect(work).rejects.toThrow('more than 100,000');
		expect(context.requests).toHaveLength(1000);
	});
});

describe('fallback to the next node', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	it.each([
		['a refused connection', () => refused()],
		['502', () => ({ status: 502 })],
		['503', () => ({ status: 503 })],
		['504', () => ({ status: 504 })],
	])('after %s, and stays there', async (_, failure) => {
		const server: FakeServer = ({ url }) =>
			url.origin === PRIMARY ? failure() : { body: { SearchResult: {} } };
		const { work, context } = await run(server, [listPolicies, listPolicies], { secondaryUrl: SECONDARY });
		await withoutWaiting(work);
		expect(origins(context)).toEqual([PRIMARY, PRIMARY, SECONDARY, SECONDARY]);
	});

	it.each([400, 401, 403, 404, 500])('not after %d, which is an answer', async (status) => {
		const server: FakeServer = () => ({ status, body: ersError('Refused') });
		const { work, context } = await run(server, listPolicies, { secondaryUrl: SECONDARY });
		await expect(withoutWaiting(work)).rejects.toThrow(`answered ${status}`);
		expect(origins(context)).toEqual([PRIMARY]);
	});

	it('not for a call that must not happen twice', async () => {
		const create = {
			resource: 'ancPolicy',
			operation: 'create',
			name: 'Quarantine',
			ancAction: 'QUARANTINE',
		};
		const { work, context } = await run(() => refused(), create, { secondaryUrl: SECONDARY });
		await expect(withoutWaiting(work)).rejects.toThrow('could not be reached');
		expect(new Set(origins(context))).toEqual(new Set([PRIMARY]));
	});

	it('reports the last node when none answers', async () => {
		const { work, context } = await run(() => refused(), listPolicies, { secondaryUrl: SECONDARY });
		await expect(withoutWaiting(work)).rejects.toThrow('Cisco ISE could not be reached');
		expect(new Set(origins(context))).toEqual(new Set([PRIMARY, SECONDARY]));
	});

	it('of monitoring nodes uses their own list and account', async () => {
		const more = {
			mntUrl: 'https://mnt1.example.com',
			mntSecondaryUrl: 'https://mnt2.example.com',
			separateMntAccount: true,
			mntUsername: 'watch',
			mntPassword: 'other',
		};
		const server: FakeServer = ({ url }) =>
			url.hostname === 'mnt1.example.com' ? { status: 503 } : { body: '<activeList/>' };
		const { work, context } = await run(server, { resource: 'session', operation: 'getMany' }, more);
		await withoutWaiting(work);
		expect(origins(context)).toEqual([
			'https://mnt1.example.com',
			'https://mnt1.example.com',
			'https://mnt2.example.com',
		]);
		expect(context.requests[0].headers.authorization).toBe(
			`Basic ${Buffer.from('watch:other').toString('base64')}`,
		);
	});
});

describe('CSRF check', () => {
	const issue = (number: number) => ({
		body: { SearchResult: {} },
		headers: {
			'x-csrf-token': `token-${number}`,
			'set-cookie': `JSESSIONIDSSO=S${number}; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure,APPSESSIONID=A${number}; Path=/ers`,
		},
	});

	it('sends the token and cookies with changes, fetched once', async () => {
		const server: FakeServer = ({ headers }) =>
			headers['x-csrf-token'] === 'fetch' ? issue(1) : { status: 204 };
		const { work, context } = await run(server, [apply, apply], { csrfCheck: true });
		await work;
		expect(
			context.requests.map(({ method, headers }) => [method, headers['x-csrf-token'], headers.cookie]),
		).toEqual([
			['GET', 'fetch', undefined],
			['PUT', 'token-1', 'JSESSIONIDSSO=S1; APPSESSIONID=A1'],
			['PUT', 'token-1', 'JSESSIONIDSSO=S1; APPSESSIONID=A1'],
		]);
	});

	it('fetches a new token when the old one is refused, once', async () => {
		let issued = 0;
		const server: FakeServer = ({ headers }) => {
			if (headers['x-csrf-token'] === 'fetch') return issue(++issued);
			return headers['x-csrf-token'] === 'token-2' ? { status: 204 } : { status: 403 };
		};
		const { work } = await run(server, apply, { csrfCheck: true });
		expect(await work).toMatchObject([{ allApplied: true }]);
		expect(issued).toBe(2);
	});

	it('asks for the token again after that failed once', async () => {
		let failures = 1;
		const server: FakeServer = ({ headers }) => {
			if (headers['x-csrf-token'] !== 'fetch') return { status: 204 };
			return failures-- > 0 ? { status: 500, body: ersError('Internal failure') } : issue(1);
		};
		const tolerant = { ...apply, options: { verify: false, failOnPartial: false } };
		const { work, context } = await run(server, [tolerant, tolerant, tolerant], { csrfCheck: true });
		expect((await work).map(({ allApplied }) => allApplied)).toEqual([false, true, true]);
		expect(context.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'PUT', 'PUT']);
	});

	it('ends when the account may not do it', async () => {
		const server: FakeServer = ({ headers }) =>
			headers['x-csrf-token'] === 'fetch' ? issue(1) : { status: 403 };
		const { work, context } = await run(server, apply, { csrfCheck: true });
		await expect(work).rejects.toThrow('answered 403');
		expect(context.requests).toHaveLength(4);
	});

	it('asks for no token when it is off', async () => {
		const { work, context } = await run(() => ({ status: 204 }), apply);
		await work;
		expect(context.requests.map(({ headers }) => headers['x-csrf-token'])).toEqual([undefined]);
	});
});

describe('errors', () => {
	it('give what ERS says', async () => {
		const server: FakeServer = () => ({ status: 400, body: ersError('Invalid name\n') });
		await expect((await run(server, listPolicies)).work).rejects.toMatchObject({
			description: expect.stringContaining('Invalid name'),
		});
	});

	it.each([
		[{ ERSResponse: { messages: { title: 'Invalid name' } } }],
		[{ ERSResponse: { messages: [null, { title: 7 }, { title: 'Invalid name' }] } }],
		[{ message: 'Invalid name', code: 404 }],
	])('gives the reason in %j', async (body) => {
		await expect((await run(() => ({ status: 404, body }), listPolicies)).work).rejects.toMatchObject({
			description: expect.stringContaining('Invalid name') as string,
		});
	});

	it.each(['<html>Unauthorized</html>', '', '{"ERSResponse":{}}'])(
		'give advice when the answer is %j',
		async (body) => {
			await expect((await run(() => ({ status: 401, body }), listPolicies)).work).rejects.toMatchObject({
				description: expect.stringContaining('Check the credential'),
			});
		},
	);
});

describe('TLS', () => {
	it('verifies by default', async () => {
		const { work, context } = await run(() => ({ body: { SearchResult: {} } }), listPolicies);
		await work;
		expect(context.requests[0].options).not.toHaveProperty('skipSslCertificateValidation');
		expect(context.requests[0].options).not.toHaveProperty('agentOptions');
	});

	it('uses the CA, the client certificate and the opt-out of the credential', async () => {
		const [cert, key] = ['CERTIFICATE', 'PRIVATE KEY'].map(
			(kind) => `-----BEGIN ${kind}-----\nQUJD\n-----END ${kind}-----\n`,
		);
		const more = {
			caCertificate: cert,
			clientCertificate: cert.replace(/\n/g, ' '),
			clientPrivateKey: key,
			allowUnauthorizedCerts: true,
		};
		const { work, context } = await run(() => ({ body: { SearchResult: {} } }), listPolicies, more);
		await work;
		expect(context.requests[0].options).toMatchObject({
			skipSslCertificateValidation: true,
			agentOptions: { ca: cert, cert, key },
		});
	});

	it.each([
		['-----BEGIN A-----\\nQUJD\\n-----END A-----', '-----BEGIN A-----\nQUJD\n-----END A-----\n'],
		['', undefined],
		[' ', undefined],
	])('reads PEM text %j', (text, expected) => {
		expect(pemText(text)).toBe(expected);
	});
});

describe('pathSegment', () => {
	it('is always one segment that means the same value', () => {
		const values = fc.string({ minLength: 1 }).filter((text) => !['', '.', '..'].includes(text.trim()));
		fc.assert(
			fc.property(values, (value) => {
				const { pathname, search } = new URL(`https://host/a/${pathSegment(value)}`);
				expect(search).toBe('');
				expect(pathname.split('/')).toHaveLength(3);
				expect(decodeURIComponent(pathname.split('/')[2])).toBe(value.trim());
			}),
		);
	});

	it.each(['', ' ', '.', '..', ' .. '])('refuses %j', (value) => {
		expect(() => pathSegment(value)).toThrow('is not an ID or name');
	});
});

describe('dynamic options', () => {
	it('offer policies by name and groups by id, sorted', async () => {
		const resources = [
			{ id: '2', name: 'Shutdown' },
			{ id: '1', name: 'Quarantine' },
		];
		const context = fakeLoadOptions({
			credentials,
			server: () => ({ body: { SearchResult: { total: 2, resources } } }),
		});
		const { loadOptions } = new CiscoIse().methods;
		expect(await loadOptions.getAncPolicies.call(context)).toEqual([
			{ name: 'Quarantine', value: 'Quarantine' },
			{ name: 'Shutdown', value: 'Shutdown' },
		]);
		expect(await loadOptions.getEndpointGroups.call(context)).toEqual([
			{ name: 'Quarantine', value: '1' },
			{ name: 'Shutdown', value: '2' },
		]);
	});
});
