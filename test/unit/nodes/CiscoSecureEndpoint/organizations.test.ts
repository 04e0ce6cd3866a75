import type { ICredentialsDecrypted, ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { TOKEN_LIFETIME } from '../../../../lab/vendors/secureEndpoint/v3/tokens';
import { CiscoSecureEndpoint } from '../../../../nodes/CiscoSecureEndpoint/CiscoSecureEndpoint.node';
import { secureEndpointLab } from '../../lab/vendors/secureEndpoint/support';
import { START } from '../../lab/vendors/shared/testLab';
import { withoutWaiting, type FakeAnswer, type FakeServer, type SentRequest } from '../support/fakeContext';
import { run as runNode, vendorError } from './support';

/**
 * Version 3 of the API and its tokens, where it can be against the lab's simulator, which is written from Cisco's
 * documents and knows nothing of the node.
 */
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const DAY = 86_400_000;
const LIFETIME_MS = TOKEN_LIFETIME * 1_000;
const GRANT = '/iroh/oauth2/token';
const EXCHANGE = '/v3/access_tokens';
const LIST = '/v3/organizations';

let lab: ReturnType<typeof secureEndpointLab>;
let violations: string[];
let day = 0;

/** Tokens outlive a test as they outlive an execution, so every test has a day of its own. */
beforeEach(() => {
	jest.useFakeTimers({ now: START + ++day * DAY });
	lab = secureEndpointLab();
	violations = [];
});
afterEach(() => {
	jest.useRealTimers();
	expect(violations).toEqual([]);
});

const simulator: FakeServer = async ({ method, url, headers, options }) => {
	lab.advance(Date.now() - lab.now());
	const body = Buffer.from((options.body as string | undefined) ?? '');
	const answer = await lab.vendor.handle({ method, url, headers, body });
	if (answer.violation) violations.push(`${method} ${url.pathname}: ${answer.violation}`);
	return { status: answer.status, headers: answer.headers, body: answer.body };
};

interface Client {
	oAuthClientId: string;
	oAuthClientSecret: string;
}

function labClient(region: 'us' | 'eu' | 'apjc' = 'us'): Client {
	const { regions } = lab.credentials as unknown as {
		regions: Record<string, { oAuthClient: { clientId: string; clientSecret: string } }>;
	};
	const { clientId, clientSecret } = regions[region].oAuthClient;
	return { oAuthClientId: clientId, oAuthClientSecret: clientSecret };
}

let clients = 0;
const ownClient = (): Client => ({ oAuthClientId: `client-${++clients}`, oAuthClientSecret: 'hunter2' });

interface Setup {
	client?: Client;
	region?: string;
	server?: FakeServer;
	/** Of the credential, over the usual ones. */
	more?: IDataObject;
}

async function run(parameters: IDataObject | IDataObject[], setup: Setup = {}) {
	const { client = labClient(), region = 'us', server = simulator, more = {} } = setup;
	const tables = [parameters].flat().map((table) => ({
		resource: 'organization',
		operation: 'getMany',
		returnAll: true,
		...table,
	}));
	const { json, requests } = await withoutWaiting(
		runNode({
			parameters: tables,
			credentials: {
				ciscoRtcSecureEndpointApi: { region, authentication: 'oAuth2Client', ...client, ...more },
			},
			server,
		}),
	);
	return { json, paths: requests.map(({ url }) => url.pathname), requests };
}

const failureOf = async (work: Promise<unknown>): Promise<Error & { description?: string }> =>
	await work.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: Error) => error,
	);

/** A cloud that gives tokens `api-1`, `api-2`… and lets a test answer what is asked with them. */
function cloud(
	answer: (request: SentRequest) => FakeAnswer,
	grant: object = { expires_in: 600 },
): FakeServer {
	let issued = 0;
	return (request) => {
		const { pathname } = request.url;
		if (pathname === GRANT) return { body: { access_token: 'issuer', expires_in: 600 } };
		if (pathname === EXCHANGE) return { body: { access_token: `api-${++issued}`, ...grant } };
		return answer(request);
	};
}

describe('against the simulator', () => {
	it('reads organizations and their policies with one token', async () => {
		const first = await run({});
		expect(first.json).toEqual([
			{ name: expect.any(String) as string, organizationIdentifier: expect.any(String) as string },
		]);
		expect(first.paths).toEqual([GRANT, EXCHANGE, LIST]);
		expect(first.requests.map(({ url }) => url.host)).toEqual([
			'visibility.amp.cisco.com',
			'api.amp.cisco.com',
			'api.amp.cisco.com',
		]);
		const organization = String(first.json[0].organizationIdentifier);
		const policies = await run({ operation: 'getPolicies', organization });
		expect(policies.json.length).toBeGreaterThan(1);
		expect(policies.json[0]).toMatchObject({ guid: expect.any(String) as string });
		expect(policies.paths).toEqual([`${LIST}/${organization}/policies`]);
		const few = await run({ operation: 'getPolicies', organization, returnAll: false, limit: 1 });
		expect(few.json).toEqual(policies.json.slice(0, 1));
		expect(few.requests[0].url.search).toBe('?size=1&start=0');
	});

	it.each(['eu', 'apjc'] as const)('asks the servers of region %s', async (region) => {
		const { requests } = await run({}, { region, client: labClient(region) });
		expect(new Set(requests.map(({ url }) => url.host))).toEqual(
			new Set([`visibility.${region}.amp.cisco.com`, `api.${region}.amp.cisco.com`]),
		);
	});

	it('logs in once for executions that start together', async () => {
		const runs = await Promise.all([run({}), run([{}, {}]), run({})]);
		const paths = runs.flatMap((one) => one.paths);
		expect(paths.filter((path) => path === GRANT)).toHaveLength(1);
		expect(paths.filter((path) => path === EXCHANGE)).toHaveLength(1);
		expect(paths.filter((path) => path === LIST)).toHaveLength(4);
	});

	it('replaces a token a minute before it ends, not earlier', async () => {
		await run({});
		jest.setSystemTime(Date.now() + LIFETIME_MS - 61_000);
		expect((await run({})).paths).toEqual([LIST]);
		jest.setSystemTime(Date.now() + 2_000);
		expect((await run({})).paths).toEqual([GRANT, EXCHANGE, LIST]);
	});

	it('logs in once more when the cloud takes back its tokens, also for many callers', async () => {
		await run({});
		lab.vendor.expireTokens?.();
		const runs = await Promise.all([run({}), run({}), run({})]);
		const paths = runs.flatMap((one) => one.paths);
		expect(paths.filter((path) => path === GRANT)).toHaveLength(1);
		expect(paths.filter((path) => path === LIST)).toHaveLength(6);
		expect(runs.every(({ json }) => json.length === 1)).toBe(true);
	});

	it.each([
		['secret', { oAuthClientSecret: 'hunter2' }],
		['client of another region', 'eu'],
	] as const)('says that the %s is wrong, and asks again the next time', async (_name, wrong) => {
		const client = typeof wrong === 'string' ? labClient(wrong) : { ...labClient(), ...wrong };
		const error = await failureOf(run({}, { client }));
		expect(`${error.message} ${error.description}`).toContain('unknown client');
		expect(`${error.message} ${error.description} ${JSON.stringify(error)}`).not.toContain(
			client.oAuthClientSecret,
		);
		expect(violations.splice(0)).toEqual([`POST ${GRANT}: wrong OAuth2 client or secret`]);
		await failureOf(run({}, { client }));
		expect(violations.splice(0)).toHaveLength(1);
		expect((await run({})).json).toHaveLength(1);
	});

	it('names an organization that is not there', async () => {
		const error = await failureOf(run({ operation: 'getPolicies', organization: 'nobody' }));
		expect(`${error.message} ${error.description}`).toContain('Organization not found: nobody');
	});
});

describe('tokens', () => {
	it('gives up after one new login when the new token is refused too', async () => {
		const seen: string[] = [];
		const server = cloud(({ headers }) => {
			seen.push(headers.authorization);
			return vendorError(401, 'Unauthorized');
		});
		await failureOf(run({}, { client: ownClient(), server }));
		expect(seen).toEqual(['Bearer api-1', 'Bearer api-2']);
	});

	it('uses a token that lives for a minute only while it does', async () => {
		const client = ownClient();
		const server = cloud(() => ({ body: { data: [] } }), { expires_in: 60 });
		await run({}, { client, server });
		jest.setSystemTime(Date.now() + 29_000);
		expect((await run({}, { client, server })).paths).toEqual([LIST]);
		jest.setSystemTime(Date.now() + 2_000);
		expect((await run({}, { client, server })).paths).toEqual([GRANT, EXCHANGE, LIST]);
	});

	it.each([
		['the first step', GRANT, {}],
		['the first step, empty', GRANT, ''],
		['the exchange', EXCHANGE, { access_token: '' }],
		['the exchange, no text', EXCHANGE, { access_token: { value: 'x' } }],
	])('says so when there is no token: %s', async (_name, path, body) => {
		const server: FakeServer = ({ url }) =>
			url.pathname === path ? { body } : { body: { access_token: 'issuer' } };
		const error = await failureOf(run({}, { client: ownClient(), server }));
		expect(error.message).toBe('Secure Endpoint answered without an access token');
		expect(error.description).toContain(path);
	});
});

describe('paging', () => {
	const all = Array.from({ length: 120 }, (_, index) => ({ name: `organization ${index}` }));
	const page = ({ url }: SentRequest, meta: (total: number) => object): FakeAnswer => {
		const [start, size] = ['start', 'size'].map((name) => Number(url.searchParams.get(name)));
		return { body: { data: all.slice(start, start + size), meta: meta(all.length) } };
	};

	it.each([
		['a total', (total: number) => ({ total })],
		['no total', () => ({})],
	])('reads every page where answers tell %s', async (_name, meta) => {
		const server = cloud((request) => page(request, meta));
		const { json, requests } = await run({}, { client: ownClient(), server });
		expect(json).toEqual(all);
		expect(requests.slice(2).map(({ url }) => url.search)).toEqual([
			'?size=50&start=0',
			'?size=50&start=50',
			'?size=50&start=100',
		]);
	});

	it('stops at the limit, and asks for no more than that', async () => {
		const server = cloud((request) => page(request, (total) => ({ total })));
		const { json, requests } = await run({ returnAll: false, limit: 60 }, { client: ownClient(), server });
		expect(json).toEqual(all.slice(0, 60));
		expect(requests.slice(2).map(({ url }) => url.search)).toEqual(['?size=50&start=0', '?size=10&start=50']);
	});

	it('goes on with the same page after its token ended in between', async () => {
		let refused = false;
		const server = cloud((request) => {
			if (request.url.searchParams.get('start') === '50' && !refused) {
				refused = true;
				return vendorError(401, 'Unauthorized');
			}
			return page(request, (total) => ({ total }));
		});
		expect((await run({}, { client: ownClient(), server })).json).toEqual(all);
	});

	it('ends when a server claims more results than it gives', async () => {
		const server = cloud(({ url }) => ({
			body: { data: url.searchParams.get('start') === '0' ? all.slice(0, 50) : [], meta: { total: 1e9 } },
		}));
		expect((await run({}, { client: ownClient(), server })).json).toHaveLength(50);
	});
});

describe('credentials of the other kind', () => {
	it('are refused for a private cloud appliance before anything is sent', async () => {
		const server = jest.fn<FakeAnswer, [SentRequest]>();
		const more = { baseUrl: 'https://amp-api.example.com' };
		const error = await failureOf(run({}, { region: 'privateCloud', server, more }));
		expect(error.message).toContain('does not offer version 3');
		expect(server).not.toHaveBeenCalled();
	});

	it.each([
		['an API key for organizations', 'organization', 'apiKey', 'needs an OAuth2 client'],
		['an OAuth2 client for events', 'event', 'oAuth2Client', 'needs an API key'],
	])('are refused: %s', async (_name, resource, authentication, text) => {
		const server = jest.fn<FakeAnswer, [SentRequest]>();
		const error = await failureOf(
			run({ resource, operation: 'getMany' }, { server, more: { authentication } }),
		);
		expect(error.message).toContain(text);
		expect(server).not.toHaveBeenCalled();
	});
});

it('version 1 asks the base URL of an appliance, with its own authority', async () => {
	const server = jest.fn<FakeAnswer, [SentRequest]>(() => ({ body: { data: [] } }));
	await run(
		{ resource: 'group' },
		{
			region: 'privateCloud',
			server,
			more: {
				authentication: 'apiKey',
				clientId: 'client',
				apiKey: 'key',
				baseUrl: 'https://amp-api.example.com:8443/',
				caCertificate: PEM,
			},
		},
	);
	expect(server.mock.calls[0][0].options.agentOptions).toMatchObject({ ca: `${PEM}\n` });
	expect(server.mock.calls[0][0].url.href).toMatch(/^https:\/\/amp-api\.example\.com:8443\/v1\/groups\?/);
});

describe('credential test', () => {
	const test = async (client: Client, region = 'us') => {
		const request = async (options: IDataObject & { uri: string; headers: Record<string, string> }) => {
			const url = new URL(options.uri);
			const headers = Object.fromEntries(
				Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value]),
			);
			const answer = (await simulator({
				method: options.method,
				url,
				headers,
				options,
			} as never)) as FakeAnswer;
			return { statusCode: answer.status, headers: {}, body: answer.body };
		};
		const data = { region, authentication: 'oAuth2Client', ...client };
		const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
		return await withoutWaiting(
			new CiscoSecureEndpoint().methods.credentialTest.ciscoRtcSecureEndpointApiTest.call(context, {
				data,
			} as unknown as ICredentialsDecrypted),
		);
	};

	it('accepts the client of the region', async () => {
		expect(await test(labClient())).toMatchObject({ status: 'OK' });
	});

	it('refuses a wrong client, and an appliance', async () => {
		const wrong = await test({ ...labClient(), oAuthClientSecret: 'hunter2' });
		expect(wrong).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('unknown client') as string,
		});
		expect(wrong.message).not.toContain('hunter2');
		expect(violations.splice(0)).toHaveLength(1);
		expect(await test(labClient(), 'privateCloud')).toMatchObject({ status: 'Error' });
	});
});
