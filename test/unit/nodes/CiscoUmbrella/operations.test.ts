import type { IDataObject } from 'n8n-workflow';
import { CiscoUmbrella } from '../../../../nodes/CiscoUmbrella/CiscoUmbrella.node';
import dnsPage from '../../../fixtures/umbrella/activity-dns.json';
import intrusion from '../../../fixtures/umbrella/activity-intrusion-example.json';
import addAnswer from '../../../fixtures/umbrella/destinationlist-add.json';
import destinationsPage from '../../../fixtures/umbrella/destinationlist-destinations.json';
import listsPage from '../../../fixtures/umbrella/destinationlists.json';
import categorization from '../../../fixtures/umbrella/investigate-categorization.json';
import riskScore from '../../../fixtures/umbrella/investigate-risk-score.json';
import features from '../../../fixtures/umbrella/investigate-security.json';
import {
	fakeExecute,
	fakeLoadOptions,
	withoutWaiting,
	type FakeAnswer,
	type SentRequest,
} from '../support/fakeContext';
import { calls, credentials, dnsRecord, withToken } from './support';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const node = new CiscoUmbrella();
const LIST = { __rl: true, mode: 'id', value: '15755711' };

type Server = (request: SentRequest) => FakeAnswer | Error;

async function run(parameters: IDataObject | IDataObject[], server: Server, continueOnFail = false) {
	const context = fakeExecute({
		credentials: credentials(),
		parameters,
		server: withToken(server),
		continueOnFail,
	});
	const [items] = await withoutWaiting(node.execute.call(context));
	return {
		items: items.map(({ json }) => json),
		pairs: items.map(({ pairedItem }) => pairedItem),
		sent: calls(context.requests),
	};
}

const rejection = async (work: Promise<unknown>) =>
	await work.then(
		() => undefined,
		(error: Error) => error,
	);

describe('activity: get many', () => {
	const parameters = {
		resource: 'activity',
		operation: 'getMany',
		kind: 'security',
		from: '2023-11-14T22:00:00Z',
		to: '2023-11-14T23:00:00Z',
		output: 'detections',
		returnAll: true,
	};

	const server: Server = ({ url }) => {
		if (url.pathname.endsWith('/intrusion'))
			return { body: { data: [{ ...intrusion, timestamp: 1_700_000_001_500 }] } };
		const data = url.pathname.endsWith('/activity') ? [dnsRecord(3), dnsRecord(1), ...dnsPage.data] : [];
		return { body: { data, meta: {} } };
	};

	it('gives detections of all kinds, oldest first, each once', async () => {
		const { items, sent } = await run(parameters, server);
		expect(items.map(({ eventType }) => (eventType as IDataObject).id)).toEqual(['66', 'intrusion', '66']);
		expect(new Set(items.map(({ id }) => id)).size).toBe(3);
		expect(sent.map(({ url }) => url.pathname)).toEqual([
			'/reports/v2/activity',
			'/reports/v2/activity/proxy',
			'/reports/v2/activity/intrusion',
			'/reports/v2/activity/amp-retrospective',
		]);
		expect(Object.fromEntries(sent[0].url.searchParams)).toMatchObject({
			from: '1699999200000',
			to: '1700002800000',
			offset: '0',
		});
		expect(sent[0].headers['x-traffic-type']).toBe('dns,proxy,firewall');
	});

	it('gives raw records, selected the same way', async () => {
		const { items } = await run({ ...parameters, output: 'raw' }, server);
		expect(items.map(({ timestamp }) => timestamp)).toEqual([
			1_700_000_001_000, 1_700_000_001_500, 1_700_000_003_000,
		]);
		const all = await run({ ...parameters, kind: 'all', output: 'raw' }, server);
		expect(all.items).toHaveLength(6);
	});

	it('stops at the limit and sends filters as the API names them', async () => {
		const filters = { categories: ['66', '67'], domains: 'a.example, b.example', verdict: ['blocked'] };
		const few = { ...parameters, kind: 'dns', returnAll: false, limit: 1, filters };
		const { items, sent } = await run(few, () => ({ body: { data: [dnsRecord(1)] } }));
		expect(items).toHaveLength(1);
		expect(sent).toHaveLength(1);
		expect(Object.fromEntries(sent[0].url.searchParams)).toMatchObject({
			limit: '1',
			order: 'asc',
			categories: '66,67',
			domains: 'a.example,b.example',
			verdict: 'blocked',
		});
	});

	it.each([
		[{ from: 'sometime' }, '"From"'],
		[{ to: '' }, '"To"'],
		[{ from: 'now', to: '-1hours' }, 'earlier'],
		[{ kind: 'intrusion', filters: { domains: 'a.example' } }, 'filters'],
	])('says what is wrong with %p', async (change, text) => {
		const error = await rejection(run({ ...parameters, ...change }, server));
		expect(error?.message).toContain(text);
	});

	it('names the item that failed, or gives an item for it', async () => {
		const both = [{ ...parameters, from: 'sometime' }, parameters];
		expect(await rejection(run(both, server))).toMatchObject({ context: { itemIndex: 0 } });
		const { items, pairs } = await run(both, server, true);
		expect(items[0].error).toContain('"From"');
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }, { item: 1 }, { item: 1 }]);
	});
});

it.each([
	[{ operation: 'add', options: {} }, '"Destinations" is empty'],
	[{ operation: 'remove' }, '"Destinations or IDs" is empty'],
])('destination: %j names the field that is empty', async (fields, message) => {
	const parameters = { resource: 'destination', destinationListId: LIST, destinations: '', ...fields };
	expect((await rejection(run(parameters, () => ({}))))?.message).toContain(message);
});

it('activity: names the kind that the filters rule out as the field shows it', async () => {
	const parameters = { resource: 'activity', operation: 'getMany', kind: 'amp-retrospective', filters: { domains: 'a.example' } };
	expect((await rejection(run(parameters, () => ({}))))?.message).toContain('"AMP Retrospective"');
});

describe('destination: add', () => {
	const parameters = { resource: 'destination', operation: 'add', destinationListId: LIST, options: {} };
	const listed: Server = ({ method }) => ({ body: method === 'GET' ? destinationsPage : addAnswer });

	const onList = (...destinations: string[]) => ({
		status: { code: 200, text: 'OK' },
		meta: { page: 1, limit: 100, total: destinations.length },
		data: destinations.map((destination, index) => ({ id: String(index), destination, type: 'domain' })),
	});

	it('sends a bare array and answers what was added', async () => {
		const { items, sent } = await run(
			{ ...parameters, destinations: 'Bad.Example, 203.0.113.7\nbad.example/x', options: { comment: 'why' } },
			({ method }) => ({ body: method === 'GET' ? onList('bad.example', '203.0.113.7', 'bad.example/x') : addAnswer }),
		);
		expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET']);
		expect(sent[0].url.pathname).toBe('/policies/v2/destinationlists/15755711/destinations');
		expect(sent[0].body).toEqual([
			{ destination: 'bad.example', comment: 'why' },
			{ destination: '203.0.113.7', comment: 'why' },
			{ destination: 'bad.example/x', comment: 'why' },
		]);
		expect(items).toEqual([
			{
				destinationListId: 15755711,
				added: [
					{ destination: 'bad.example', type: 'domain' },
					{ destination: '203.0.113.7', type: 'ipv4' },
					{ destination: 'bad.example/x', type: 'url' },
				],
				skipped: [],
				destinationCount: 5,
			},
		]);
	});

	it('sends 500 at a time', async () => {
		const destinations = Array.from({ length: 1_201 }, (_, i) => `d${i}.example`);
		const { sent } = await run({ ...parameters, destinations }, listed);
		expect(sent.map(({ body }) => (body as unknown[]).length)).toEqual([500, 500, 201]);
	});

	it('skips what is there already, when asked to', async () => {
		const options = { skipExisting: true };
		const { items, sent } = await run(
			{ ...parameters, destinations: 'Google.co.uk,new.example', options },
			listed,
		);
		expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
		expect(sent[1].body).toEqual([{ destination: 'new.example' }]);
		expect(items[0].skipped).toEqual(['google.co.uk']);
		const again = await run({ ...parameters, destinations: 'google.co.uk', options }, listed);
		expect(again.sent.map(({ method }) => method)).toEqual(['GET']);
	});

	it.each([
		['2001:db8::1', 'IPv6'],
		['good.example,bad one', 'bad one'],
		['', 'empty'],
	])('sends nothing for %p', async (destinations, text) => {
		const context = fakeExecute({
			credentials: credentials(),
			parameters: { ...parameters, destinations },
			server: withToken(listed),
		});
		const error = await rejection(node.execute.call(context));
		expect(error?.message).toContain(text);
		expect(context.requests).toEqual([]);
	});

	it('asks for a list', async () => {
		const empty = { ...LIST, value: '' };
		const error = await rejection(
			run({ ...parameters, destinationListId: empty, destinations: 'a.example' }, listed),
		);
		expect(error?.message).toContain('"Destination List"');
	});

	it.each([
		['400', 'docs.google.com/x is on a high-volume domain'],
		['409', 'The list can hold no more than 600 destinations'],
	])('says after a %s what was added all the same, earlier batches too', async (status, message) => {
		const destinations = Array.from({ length: 503 }, (_, i) => `d${i}.example`);
		let posts = 0;
		const server: Server = ({ method }) => {
			if (method === 'GET') return { body: onList(...destinations.slice(0, 2), 'other.example') };
			return ++posts === 1 ? { body: addAnswer } : { status: Number(status), body: { message } };
		};
		const error = await rejection(run({ ...parameters, destinations }, server));
		expect(error).toMatchObject({ httpCode: status });
		const { description } = error as unknown as { description: string };
		expect(description).toContain(message);
		expect(description).toContain('On the list: d0.example, d1.example.');
		expect(description).toMatch(/Not on the list: d2\.example, .* and 481 more\.$/);
	});

	it('counts a refusal for nothing when all is on the list', async () => {
		const { items } = await run({ ...parameters, destinations: 'a.example' }, ({ method }) =>
			method === 'GET' ? { body: onList('a.example') } : { status: 409, body: { message: 'full' } },
		);
		expect(items).toMatchObject([{ added: [{ destination: 'a.example' }] }]);
	});

	it('says when Umbrella drops an address from a block list without a word', async () => {
		const error = await rejection(
			run({ ...parameters, destinations: 'a.example, 203.0.113.0/24' }, ({ method }) => ({
				body: method === 'GET' ? onList('a.example') : addAnswer,
			})),
		);
		expect(error).toMatchObject({
			message: 'Cisco Umbrella did not put all destinations on the list',
			description: expect.stringMatching(/allow lists\. On the list: a\.example\. Not on the list: 203\.0\.113\.0\/24\.$/) as string,
		});
	});

	it('passes the vendor text on', async () => {
		const refusal = { statusCode: 400, error: 'Bad Request', message: 'high-volume domain', txId: 'x' };
		const error = await rejection(
			run({ ...parameters, destinations: 'a.example/x' }, () => ({ status: 400, body: refusal })),
		);
		expect(error).toMatchObject({
			httpCode: '400',
			description: expect.stringContaining('high-volume domain') as string,
		});
	});
});

describe('destination: remove', () => {
	const parameters = { resource: 'destination', operation: 'remove', destinationListId: LIST };

	it('resolves values by listing once, and sends integers', async () => {
		const { items, sent } = await run(
			{ ...parameters, destinations: 'GOOGLE.co.uk, stackoverflow.com, gone.example, 4711' },
			({ method }) => ({ body: method === 'GET' ? destinationsPage : addAnswer }),
		);
		expect(sent.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
			'GET /policies/v2/destinationlists/15755711/destinations',
			'DELETE /policies/v2/destinationlists/15755711/destinations/remove',
		]);
		expect(sent[1].body).toEqual([6672, 183128, 4711]);
		expect(items[0]).toEqual({
			destinationListId: 15755711,
			removed: ['GOOGLE.co.uk', 'stackoverflow.com', '4711'],
			notFound: ['gone.example'],
		});
	});

	it('finds what was stored for an entry, however it is spelled', async () => {
		const destinations = [
			'evil.example.',
			'bücher.example',
			'WWW.Evil.example',
			'http://evil.example/',
			'*.odd.example',
		];
		const stored = ['xn--bcher-kva.example', 'www.evil.example', 'evil.example', '*.ODD.example'];
		const data = stored.map((destination, index) => ({ id: `${index + 1}`, destination }));
		const { items, sent } = await run({ ...parameters, destinations }, ({ method }) => ({
			body: method === 'GET' ? { data, meta: { total: data.length } } : addAnswer,
		}));
		expect(sent[1].body).toEqual([3, 1, 2, 4]);
		expect(items[0]).toMatchObject({ removed: destinations, notFound: [] });
	});

	it('lists nothing for ids, and sends nothing when nothing is there', async () => {
		const byId = await run({ ...parameters, destinations: [1, 2] }, () => ({ body: addAnswer }));
		expect(byId.sent.map(({ method, body }) => [method, body])).toEqual([['DELETE', [1, 2]]]);
		const gone = await run({ ...parameters, destinations: 'gone.example' }, () => ({
			body: destinationsPage,
		}));
		expect(gone.sent.map(({ method }) => method)).toEqual(['GET']);
	});

	it('reads every page of the list', async () => {
		const page = (number: number) =>
			Array.from({ length: number < 3 ? 100 : 1 }, (_, i) => ({
				id: `${number * 1000 + i}`,
				destination: `d${number}-${i}.example`,
			}));
		const { sent } = await run({ ...parameters, destinations: 'd3-0.example' }, ({ method, url }) => ({
			body:
				method === 'GET'
					? { data: page(Number(url.searchParams.get('page'))), meta: { total: 201 } }
					: addAnswer,
		}));
		expect(sent[sent.length - 1].body).toEqual([3000]);
		expect(sent).toHaveLength(4);
	});
});

describe('destination lists', () => {
	const base = { resource: 'destinationList', destinationListId: LIST };

	it('are listed, in pages of 100, up to the limit', async () => {
		const { items, sent } = await run({ ...base, operation: 'getMany', limit: 2 }, () => ({
			body: listsPage,
		}));
		expect(items.map(({ name }) => name)).toEqual(['Block For All', 'Global Allow List']);
		expect(sent[0].url.search).toBe('?page=1&limit=100');
	});

	it('are created empty', async () => {
		const create = { ...base, operation: 'create', name: 'By n8n', access: 'block', bundleTypeId: 1 };
		const { items, sent } = await run(create, () => ({ body: addAnswer }));
		expect(sent[0]).toMatchObject({
			method: 'POST',
			body: { name: 'By n8n', access: 'block', isGlobal: false, bundleTypeId: 1 },
		});
		expect(items[0].id).toBe(15755711);
	});

	it('are read, renamed and deleted by id', async () => {
		const path = '/policies/v2/destinationlists/15755711';
		const get = await run({ ...base, operation: 'get' }, () => ({ body: addAnswer }));
		const update = await run({ ...base, operation: 'update', name: 'New' }, () => ({ body: addAnswer }));
		const remove = await run({ ...base, operation: 'delete' }, () => ({
			body: { status: { code: 200 }, data: [] },
		}));
		expect([get, update, remove].map(({ sent: [{ method, url }] }) => `${method} ${url.pathname}`)).toEqual([
			`GET ${path}`,
			`PATCH ${path}`,
			`DELETE ${path}`,
		]);
		expect(update.sent[0].body).toEqual({ name: 'New' });
		expect(remove.items).toEqual([{ deleted: true, id: 15755711 }]);
	});

	it('can be searched for by name', async () => {
		const context = fakeLoadOptions({
			credentials: credentials(),
			server: withToken(() => ({ body: listsPage })),
		});
		const { results } = await withoutWaiting(
			node.methods.listSearch.searchDestinationLists.call(context, 'GLOBAL'),
		);
		expect(results).toEqual([
			{ name: 'Global Allow List (allow)', value: '1912718' },
			{ name: 'Global Block List (block)', value: '1912720' },
		]);
	});
});

describe('investigate', () => {
	const look = (operation: string, fields: IDataObject, server: Server) =>
		run({ resource: 'investigate', operation, returnAll: false, limit: 50, ...fields }, server);

	it('translates the status of one domain', async () => {
		const { items, sent } = await look('getCategorization', { domains: 'Test.com' }, () => ({
			body: categorization,
		}));
		expect(sent[0].method).toBe('GET');
		expect(sent[0].url.pathname + sent[0].url.search).toBe(
			'/investigate/v2/domains/categorization/test.com?showLabels',
		);
		expect(items).toEqual([
			{
				domain: 'test.com',
				found: true,
				status: 'benign',
				securityCategories: [],
				contentCategories: ['Search Engines and Portals', 'Search Engines'],
			},
		]);
	});

	it('asks for many domains in bulk, 1000 at a time, in the order given', async () => {
		const domains = Array.from({ length: 2_100 }, (_, i) => `d${i}.example`);
		const { items, sent } = await look('getCategorization', { domains }, ({ body }) => ({
			body: Object.fromEntries(
				(body as string[]).map((domain, i) => [
					domain,
					{ status: (i % 3) - 1, security_categories: ['Malware'] },
				]),
			),
		}));
		expect(sent.map(({ method, body }) => [method, (body as string[]).length])).toEqual([
			['POST', 1_000],
			['POST', 1_000],
			['POST', 100],
		]);
		expect(items.map(({ domain }) => domain)).toEqual(domains);
		expect(items.slice(0, 3).map(({ status }) => status)).toEqual(['malicious', 'unclassified', 'benign']);
	});

	it('keeps a bulk call under 100 KB', async () => {
		const domains = Array.from({ length: 1_000 }, (_, i) => `${`${'x'.repeat(60)}.`.repeat(3)}d${i}.example`);
		const { sent } = await look('getCategorization', { domains }, () => ({ body: {} }));
		expect(sent.length).toBeGreaterThan(1);
		for (const { options } of sent)
			expect(Buffer.byteLength(String(options.body))).toBeLessThanOrEqual(100_000);
	});

	it('asks one by one when the license has no bulk look-ups', async () => {
		const { items, sent } = await look(
			'getCategorization',
			{ domains: 'a.example,b.example' },
			({ method, url }) =>
				method === 'POST'
					? { status: 403, body: { message: 'Forbidden' } }
					: { body: { [decodeURIComponent(url.pathname.split('/').pop() ?? '')]: { status: -1 } } },
		);
		expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
		expect(items.map(({ status }) => status)).toEqual(['malicious', 'malicious']);
	});

	it.each([
		['getRiskScore', { domain: 'gone.example' }, { domain: 'gone.example', found: false }],
		['getSecurityFeatures', { domain: 'gone.example' }, { domain: 'gone.example', found: false }],
		['getWhois', { domain: 'gone.example' }, { domain: 'gone.example', found: false }],
		['getCategorization', { domains: 'gone.example' }, { domain: 'gone.example', found: false }],
		['getSamples', { name: 'gone.example' }, { query: 'gone.example', found: false }],
		['getPassiveDns', { name: 'gone.example' }, { query: 'gone.example', found: false }],
		[
			'getCoOccurrences',
			{ domain: 'gone.example' },
			{ domain: 'gone.example', found: false, coOccurrences: [] },
		],
		['getIp', { ip: '203.0.113.7' }, { ip: '203.0.113.7', found: false, autonomousSystems: [], records: [] }],
	])('%s takes an unknown name for no error', async (operation, fields, item) => {
		const { items } = await look(operation, fields, () => ({ status: 404, body: { message: 'Not Found' } }));
		expect(items).toEqual([item]);
	});

	it('reads risk score and security features', async () => {
		const score = await look('getRiskScore', { domain: 'test.com' }, () => ({ body: riskScore }));
		expect(score.items[0]).toMatchObject({ found: true, riskScore: 2, indicators: riskScore.indicators });
		const security = await look('getSecurityFeatures', { domain: 'test.com' }, () => ({ body: features }));
		expect(security.items[0]).toMatchObject({
			domain: 'test.com',
			found: true,
			popularity: 100,
			fastflux: false,
		});
	});

	it('encodes a URL whose samples are asked for, and pages', async () => {
		const samples = (from: number, count: number) =>
			Array.from({ length: count }, (_, i) => ({ sha256: `${from + i}` }));
		const { items, sent } = await look(
			'getSamples',
			{ name: 'http://bad.example/x', limit: 130 },
			({ url }) => ({
				body: {
					samples: samples(Number(url.searchParams.get('offset')), Number(url.searchParams.get('limit'))),
				},
			}),
		);
		expect(sent[0].url.pathname).toBe('/investigate/v2/samples/http%3A%2F%2Fbad.example%2Fx');
		expect(sent.map(({ url }) => [url.searchParams.get('limit'), url.searchParams.get('offset')])).toEqual([
			['100', '0'],
			['30', '100'],
		]);
		expect(items).toHaveLength(130);
	});

	it('reads co-occurrences in both forms', async () => {
		const { items } = await look('getCoOccurrences', { domain: 'a.example' }, () => ({
			body: { pfs2: [['b.example', 0.5], 'c.example'], found: true },
		}));
		expect(items[0].coOccurrences).toEqual([
			{ domain: 'b.example', score: 0.5 },
			{ domain: 'c.example', score: null },
		]);
	});

	it('asks passive DNS by address for addresses, and reads both forms', async () => {
		const bare = await look('getPassiveDns', { name: '203.0.113.7' }, () => ({
			body: [{ rr: 'a.example.' }],
		}));
		expect(bare.sent[0].url.pathname).toBe('/investigate/v2/pdns/ip/203.0.113.7');
		const wrapped = await look('getPassiveDns', { name: 'a.example' }, () => ({
			body: { records: [{ rr: '203.0.113.7' }] },
		}));
		expect(wrapped.sent[0].url.pathname).toBe('/investigate/v2/pdns/name/a.example');
		expect([bare.items, wrapped.items].map(([{ rr }]) => rr)).toEqual(['a.example.', '203.0.113.7']);
	});

	it('refuses what is no address', async () => {
		expect((await rejection(look('getIp', { ip: 'a.example' }, () => ({}))))?.message).toContain(
			'"IP Address"',
		);
	});
});

describe('reports and identities', () => {
	it('read the top threats by traffic, with the offset that the API requires', async () => {
		const parameters = {
			resource: 'report',
			operation: 'getTopThreats',
			from: '-1days',
			to: 'now',
			traffic: 'dns',
			limit: 3,
		};
		const { items, sent } = await run(parameters, () => ({
			body: { data: [{ threat: 'Wannacry', threattype: 'Ransomware', count: 2 }] },
		}));
		expect(sent[0].url.pathname).toBe('/reports/v2/top-threats/dns');
		expect(sent[0].url.searchParams.get('offset')).toBe('0');
		expect(Number(sent[0].url.searchParams.get('to')) - Number(sent[0].url.searchParams.get('from'))).toBe(
			86_400_000,
		);
		expect(items).toEqual([{ threat: 'Wannacry', threattype: 'Ransomware', count: 2 }]);
	});

	it('read the top identities of all traffic', async () => {
		const parameters = {
			resource: 'report',
			operation: 'getTopIdentities',
			from: '-1days',
			to: 'now',
			traffic: 'all',
		};
		const { sent } = await run(parameters, () => ({ body: { data: [] } }));
		expect(sent[0].url.pathname).toBe('/reports/v2/top-identities');
	});

	it('page through identities', async () => {
		const parameters = {
			resource: 'identity',
			operation: 'getMany',
			returnAll: true,
			filters: { search: 'LAPTOP' },
		};
		const { items, sent } = await run(parameters, ({ url }) => ({
			body: {
				data: Array.from({ length: url.searchParams.get('offset') === '0' ? 500 : 2 }, (_, id) => ({ id })),
			},
		}));
		expect(items).toHaveLength(502);
		expect(sent[1].url.searchParams.get('offset')).toBe('500');
		expect(sent[0].url.searchParams.has('identitytypes')).toBe(false);
	});

	it('offer categories, security first', async () => {
		const body = {
			data: [
				{ id: 23, label: 'Search Engines', type: 'content', deprecated: true },
				{ id: 190, label: 'Portals', type: 'content' },
				{ id: 66, label: 'Malware', type: 'security' },
				{ id: 901, label: 'Own List', type: 'security', integration: true },
			],
		};
		const context = fakeLoadOptions({ credentials: credentials(), server: withToken(() => ({ body })) });
		const options = await withoutWaiting(node.methods.loadOptions.getCategories.call(context));
		expect(options.map(({ value }) => value)).toEqual(['66', '901', '190']);
	});
});
