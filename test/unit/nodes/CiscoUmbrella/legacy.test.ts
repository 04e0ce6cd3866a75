import type { ICredentialsDecrypted, ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { CiscoUmbrella } from '../../../../nodes/CiscoUmbrella/CiscoUmbrella.node';
import { bodyOf, umbrellaLab } from '../../lab/vendors/umbrella/support';
import { START } from '../../lab/vendors/shared/testLab';
import {
	fakeExecute,
	withoutWaiting,
	type FakeAnswer,
	type FakeServer,
	type SentRequest,
} from '../support/fakeContext';

/**
 * The node's legacy side, for the most part against the lab's simulator, which is written from Cisco's documents and
 * knows nothing of the node.
 */
const node = new CiscoUmbrella();

let lab: ReturnType<typeof umbrellaLab>;
let violations: string[];

beforeEach(() => {
	jest.useFakeTimers({ now: START });
	lab = umbrellaLab();
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

interface LegacyKeys {
	organizationId: number;
	reportingKey: string;
	reportingSecret: string;
	customerKey: string;
	investigateToken: string;
}

function labKeys(): IDataObject {
	const { legacy } = lab.credentials as unknown as { legacy: LegacyKeys };
	return {
		organizationId: String(legacy.organizationId),
		reportingApiKey: legacy.reportingKey,
		reportingApiSecret: legacy.reportingSecret,
		enforcementApiKey: legacy.customerKey,
		investigateToken: legacy.investigateToken,
	};
}

let accounts = 0;
const ownKeys = (): IDataObject => ({
	organizationId: '1234567',
	reportingApiKey: `key-${++accounts}`,
	reportingApiSecret: 'hunter2',
	enforcementApiKey: `customer-${accounts}`,
	investigateToken: `token-${accounts}`,
});

async function run(parameters: IDataObject, server: FakeServer = simulator, keys: IDataObject = labKeys()) {
	const context = fakeExecute({
		credentials: { ciscoRtcUmbrellaLegacyApi: keys as never },
		parameters: { api: 'legacy', ...parameters },
		server,
	});
	const [items] = await withoutWaiting(node.execute.call(context));
	return { json: items.map(({ json }) => json), sent: context.requests };
}

const failureOf = async (work: Promise<unknown>): Promise<Error & { description?: string }> =>
	await work.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: Error) => error,
	);

const activity = {
	resource: 'activity',
	operation: 'getMany',
	from: '-1hours',
	to: 'now',
	output: 'detections',
	returnAll: true,
};

describe('activity', () => {
	it('gives security activity as detections, oldest first', async () => {
		lab.emit({ at: START - 60_500, data: { domain: 'evil.example', categories: ['Malware'] } });
		lab.emit({
			at: START - 90_000,
			hostname: 'LAP-002',
			data: { domain: 'c2.example', categories: ['Command and Control'] },
		});
		lab.emit({ at: START - 7_200_000, data: { domain: 'early.example', categories: ['Malware'] } });
		const { json, sent } = await run(activity);
		expect(json).toMatchObject([
			{ eventType: { id: '64' }, severity: 'Critical', targets: [{ hostname: 'lap-002' }, { ip: '10.1.2.2' }] },
			{
				observables: [{ type: 'domain', value: 'evil.example' }],
				targets: [{ hostname: 'lap-001' }, { ip: '10.1.2.1' }],
			},
		]);
		expect(Object.fromEntries(sent[0].url.searchParams)).toEqual({
			start: String(START / 1_000 - 3_600),
			stop: String(START / 1_000),
			limit: '500',
		});
		expect(sent[0].headers.authorization).toMatch(/^Basic /);
	});

	it('pages back through more rows than one answer has', async () => {
		for (let index = 0; index < 1_201; index++) {
			const domain = `d${index}.example`;
			lab.emit({ at: START - index * 400, data: { domain, categories: ['Malware'] } });
		}
		const { json, sent } = await run(activity);
		expect(new Set(json.map(({ id }) => id)).size).toBe(1_201);
		expect(json.map(({ occurredAt }) => occurredAt)).toEqual(json.map(({ occurredAt }) => occurredAt).sort());
		expect(sent).toHaveLength(3);
	});

	it('says so when one second has more than the API gives', async () => {
		for (let index = 0; index < 501; index++)
			lab.emit({ at: START - 5_000, data: { domain: `d${index}.example`, categories: ['Malware'] } });
		expect((await failureOf(run(activity))).message).toContain('within one second');
	});

	it('gives rows as they came, and stops at the limit', async () => {
		lab.emit({ at: START - 2_000, data: { domain: 'evil.example', categories: ['Malware'] } });
		lab.emit({ at: START - 1_000, data: { domain: 'evil.example', categories: ['Malware'] } });
		const { json } = await run({ ...activity, output: 'raw', returnAll: false, limit: 1 });
		expect(json).toMatchObject([{ destination: 'evil.example', actionTaken: 'BLOCKED' }]);
	});

	it('does not ask for ever when a server answers every page alike', async () => {
		const requests = Array.from({ length: 500 }, (_, index) => ({
			destination: `d${index}.example`,
			datetime: new Date(START - 60_000 - index * 1_000).toISOString(),
		}));
		const server = jest.fn(() => ({ body: { requests } }));
		expect((await failureOf(run(activity, server, ownKeys()))).message).toContain('500 rows or more');
		expect(server).toHaveBeenCalledTimes(2);
	});
});

it('reports on a destination', async () => {
	for (let index = 0; index < 130; index++)
		lab.emit({
			at: START - index * 1_000,
			hostname: index < 100 ? 'LAP-001' : 'LAP-002',
			data: { domain: 'x.example' },
		});
	const report = { resource: 'destinationReport', domain: 'X.example.' };
	const identities = await run({ ...report, operation: 'getIdentities' });
	expect(identities.json).toMatchObject([
		{ domain: 'x.example', originLabel: 'LAP-001', numberOfRequests: 100 },
		{ originLabel: 'LAP-002', numberOfRequests: 30 },
	]);
	const all = await run({ ...report, operation: 'getActivity', returnAll: true });
	expect(all.json).toHaveLength(130);
	expect(all.sent).toHaveLength(2);
	const few = await run({ ...report, operation: 'getActivity', returnAll: false, limit: 3 });
	expect(few.json).toHaveLength(3);
});

describe('enforcement', () => {
	const block = (domains: unknown, options: IDataObject = {}) =>
		run({ resource: 'enforcement', operation: 'blockDomains', domains, options } as IDataObject);

	it('blocks domains in one call, lists and unblocks them', async () => {
		const { json, sent } = await block('Evil.example, http://bad.example:8080/x?y=1, münchen.example', {
			deviceId: 'soc-1',
			eventTime: '2026-03-02T08:00:00Z',
		});
		const accepted = ['evil.example', 'bad.example', 'xn--mnchen-3ya.example'];
		expect(json).toEqual([{ accepted, ids: [expect.any(String)] }]);
		expect(sent).toHaveLength(1);
		expect((sent[0].body as IDataObject[])[1]).toEqual({
			alertTime: '2026-03-02T09:00:00.0Z',
			deviceId: 'soc-1',
			deviceVersion: '1.0',
			dstDomain: 'bad.example',
			dstUrl: 'http://bad.example:8080/x?y=1',
			eventTime: '2026-03-02T08:00:00.0Z',
			protocolVersion: '1.0a',
			providerName: 'Security Platform',
		});
		const listed = await run({ resource: 'enforcement', operation: 'getMany', returnAll: true });
		expect(listed.json.map(({ name }) => name)).toEqual(accepted);
		expect(listed.json[0].lastSeenAt).toBe('2026-03-02T09:00:00.000Z');
		const domains = ['EVIL.example', String(listed.json[1].id), 'nobody.example'];
		const unblocked = await run({ resource: 'enforcement', operation: 'unblock', domains });
		expect(unblocked.json).toEqual([
			{ removed: ['evil.example', String(listed.json[1].id)], notFound: ['nobody.example'] },
		]);
		expect(lab.vendor.state()).toMatchObject({ enforcedDomains: ['xn--mnchen-3ya.example'] });
	});

	it('stays under 200 domains a minute and reads every page', async () => {
		const domains = Array.from({ length: 450 }, (_, index) => `d${index}.example`);
		const { json, sent } = await block(domains);
		expect((json[0].accepted as string[]).length).toBe(450);
		expect(sent).toHaveLength(3);
		expect(Date.now() - START).toBeGreaterThanOrEqual(60_000);
		const listed = await run({ resource: 'enforcement', operation: 'getMany', returnAll: true });
		expect(listed.json).toHaveLength(450);
		expect(listed.sent.map(({ url }) => url.searchParams.get('page'))).toEqual(['1', '2', '3']);
		const few = await run({ resource: 'enforcement', operation: 'getMany', returnAll: false, limit: 7 });
		expect(few.json).toHaveLength(7);
	});

	it.each([
		['', 'is empty'],
		['10.1.1.1', 'only domains'],
		['http://10.1.1.1/x', '10.1.1.1'],
		['*.bad.example', 'wildcard'],
		['fine.example, not a domain', 'neither'],
	])('refuses %p before anything is sent', async (domains, text) => {
		const server = jest.fn<FakeAnswer, [SentRequest]>();
		const work = run({ resource: 'enforcement', operation: 'blockDomains', domains, options: {} }, server);
		expect((await failureOf(work)).message).toContain(text);
		expect(server).not.toHaveBeenCalled();
	});

	it.each([
		['a refusal that repeats it', () => ({ status: 401, body: { message: 'Unknown customerKey KEY' } })],
		['a page that is not JSON', () => ({ status: 200, body: '<html>KEY</html>' })],
		['a connection that fails', () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
	])('never shows the key: %s', async (_name, answer) => {
		const keys = ownKeys();
		const key = String(keys.enforcementApiKey);
		const server: FakeServer = ({ url }) => {
			expect(url.searchParams.get('customerKey')).toBe(key);
			const reply = answer();
			return reply instanceof Error
				? reply
				: { ...reply, body: JSON.parse(JSON.stringify(reply.body).replace('KEY', key)) as unknown };
		};
		const work = run({ resource: 'enforcement', operation: 'getMany', returnAll: true }, server, keys);
		const error = await failureOf(work);
		expect(`${error.message} ${error.description} ${JSON.stringify(error)} ${error.stack}`).not.toContain(
			key,
		);
	});
});

describe('investigate', () => {
	it('gives what the current API gives', async () => {
		lab.emit({ data: { domain: 'evil.example', categories: ['Malware'] } });
		const { json, sent } = await run({
			resource: 'investigate',
			operation: 'getCategorization',
			domains: 'evil.example, nobody.example',
		});
		expect(json).toEqual([
			{
				domain: 'evil.example',
				found: true,
				status: 'malicious',
				securityCategories: ['Malware'],
				contentCategories: [],
			},
			expect.objectContaining({ domain: 'nobody.example', status: 'unclassified' }),
		]);
		expect(sent[0].url.href).toBe('https://investigate.api.umbrella.com/domains/categorization?showLabels');
	});

	it.each(['getRiskScore', 'getSecurityFeatures', 'getWhois', 'getCoOccurrences'])(
		'%s',
		async (operation) => {
			const { json } = await run({ resource: 'investigate', operation, domain: 'evil.example' });
			expect(json).toMatchObject([{ domain: 'evil.example', found: expect.any(Boolean) as boolean }]);
		},
	);
});

it.each([
	['reportingApiSecret', activity, 'Reporting Key Secret'],
	['organizationId', activity, 'Organization ID'],
	['enforcementApiKey', { resource: 'enforcement', operation: 'getMany' }, 'Enforcement Customer Key'],
	[
		'investigateToken',
		{ resource: 'investigate', operation: 'getWhois', domain: 'x.example' },
		'Investigate Access Token',
	],
])('names the field %s of the credential that is missing', async (field, parameters, label) => {
	const error = await failureOf(run(parameters, simulator, { ...labKeys(), [field]: ' ' }));
	expect(error.message).toContain(`"${label}"`);
});

it('refuses operations that only the current API has', async () => {
	const error = await failureOf(run({ resource: 'destination', operation: 'add' }));
	expect(error.message).toContain('not known');
});

describe('credential test', () => {
	const test = async (data: IDataObject) => {
		const request = async (options: { method: string; uri: string; headers: Record<string, string> }) => {
			const url = new URL(options.uri);
			const headers = Object.fromEntries(
				Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value]),
			);
			lab.advance(1_000);
			const answer = await lab.vendor.handle({ method: options.method, url, headers, body: Buffer.from('') });
			return { statusCode: answer.status, headers: {}, body: JSON.stringify(bodyOf(answer)) };
		};
		const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
		const credential = { data } as unknown as ICredentialsDecrypted;
		return await withoutWaiting(
			node.methods.credentialTest.ciscoRtcUmbrellaLegacyApiTest.call(context, credential),
		);
	};

	it('tries each API that there is a key for', async () => {
		expect(await test(labKeys())).toEqual({
			status: 'OK',
			message: 'Reporting works. Enforcement works. Investigate works.',
		});
		expect(await test({ investigateToken: labKeys().investigateToken })).toEqual({
			status: 'OK',
			message: 'Investigate works.',
		});
	});

	it('names what does not work', async () => {
		const wrong = await test({ ...labKeys(), reportingApiSecret: 'hunter2', enforcementApiKey: 'hunter3' });
		expect(wrong.status).toBe('Error');
		expect(wrong.message).toMatch(/Reporting: .*401.* Enforcement: .*401.* Investigate works/);
		expect(wrong.message).not.toMatch(/hunter/);
		expect(await test({})).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('at least one'),
		});
	});
});
