import { DatabaseSync } from 'node:sqlite';
import { openLedger, type LedgerService } from '../../../ledger';
import { CiscoIse } from '../../../nodes/CiscoIse/CiscoIse.node';
import { CiscoUmbrella } from '../../../nodes/CiscoUmbrella/CiscoUmbrella.node';
import { send, type ApiClient } from '../../../nodes/shared/http';
import { run as runSecureEndpoint, vendorError } from '../nodes/CiscoSecureEndpoint/support';
import { eventSearch, run as runNetworkAnalytics } from '../nodes/CiscoSecureNetworkAnalytics/support';
import { fakeExecute, withoutWaiting } from '../nodes/support/fakeContext';
import { scoresOf } from './classicHelpers';
import { ACTOR, detection, newLedger, plainPolicy, type TestLedger } from './helpers';

/** Defects of the oldest system in its connections and its store, by their numbers: what it did, and what we do. */

describe('11: Secure Endpoint', () => {
	it.each(['us', 'eu', 'apjc'])('had one cloud; ours asks that of %s', async (region) => {
		const credentials = { ciscoRtcSecureEndpointApi: { region, clientId: `c-${region}`, apiKey: 'k' } };
		const parameters = { resource: 'group', operation: 'getMany', returnAll: true };
		const { requests } = await runSecureEndpoint({ parameters, credentials, server: () => ({ body: { data: [] } }) });
		expect(requests[0].url.hostname).toBe(region === 'us' ? 'api.amp.cisco.com' : `api.${region}.amp.cisco.com`);
	});

	it.each([200, 201, 202, 204])('took only 200 for success; ours takes %d', async (status) => {
		const oldSuccess = status / 100 === 2;
		expect(oldSuccess).toBe(status === 200);
		const context = fakeExecute({ server: () => ({ status }) });
		expect(await send(context, plainClient(), { method: 'GET', path: '/' })).toMatchObject({ status });
	});
});

describe('13: Secure Network Analytics', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	it('got another password than the one meant, and changes without XSRF header; ours are right', async () => {
		const password = 'p&ss wörd+%';
		expect(new URLSearchParams(`username=rtc&password=${password}`).get('password')).toBe('p');
		const { settled, requests } = await runNetworkAnalytics(eventSearch({ data: { results: [] } }), getEvents());
		await settled;
		expect(new URLSearchParams(requests[0].body as string).get('password')).toBe(password);
		const changes = requests.slice(1).filter(({ method }) => method !== 'GET');
		expect(changes.map(({ headers }) => headers['x-xsrf-token'])).toEqual(changes.map(() => '11-22'));
		expect(changes.length).toBeGreaterThan(0);
	});

	it('was asked for ever about a search that does not end; ours gives up and deletes it', async () => {
		let looks = 0;
		const status = () => {
			if (++looks === 1_000) throw new Error('Still asking');
			return 'IN_PROGRESS';
		};
		const oldWait = () => {
			while (status() !== 'COMPLETED');
		};
		expect(oldWait).toThrow('Still asking');
		const endless = eventSearch({ data: { results: [] } }, Infinity);
		const { settled, sent } = await runNetworkAnalytics(endless, { ...getEvents(), options: { waitSeconds: 20 } });
		await expect(settled).rejects.toThrow('was not over after 20 seconds');
		expect(sent().at(-1)).toMatch(/^DELETE /);
	});
});

it("14: Umbrella's list was asked for with the token of Investigate; ours with its own key", async () => {
	const keys = { organizationId: '1', enforcementApiKey: 'customer-key', investigateToken: 'investigate-token' };
	const oldKey = keys.investigateToken;
	expect(oldKey).not.toBe(keys.enforcementApiKey);
	const context = fakeExecute({
		credentials: { ciscoRtcUmbrellaLegacyApi: keys },
		parameters: { api: 'legacy', resource: 'enforcement', operation: 'getMany', returnAll: true },
		server: () => ({ body: { meta: {}, data: [] } }),
	});
	await new CiscoUmbrella().execute.call(context);
	expect(context.requests.map(({ url }) => url.searchParams.get('customerKey'))).toEqual(['customer-key']);
	expect(JSON.stringify(context.requests.map(({ url, headers }) => [url, headers]))).not.toContain(oldKey);
});

describe('15: the store', () => {
	let test: TestLedger;
	beforeEach(async () => (test = await newLedger(plainPolicy())));
	afterEach(async () => await test.close());
	const report = async (ledger: LedgerService, target: object) =>
		await ledger.score([detection({ penalty: 5, targets: [target] })], { actor: ACTOR });

	it('took names for SQL; ours keeps them as names', async () => {
		const user = "o', 1); drop table entities; --";
		const old = new DatabaseSync(':memory:');
		old.exec('CREATE TABLE entities (name TEXT, points INTEGER)');
		old.exec(`INSERT INTO entities VALUES ('${user}', 5)`);
		expect(() => old.prepare('SELECT * FROM entities').all()).toThrow('no such table');
		old.close();
		await report(test.ledger, { user });
		await report(test.ledger, { user: 'ann' });
		expect(await scoresOf(test.ledger)).toEqual({ [`user:${user}`]: 5, 'user:ann': 5 });
	});

	it('lost points that two threads added at once; ours adds them all', async () => {
		const points = new Map([['pc1', 0]]);
		const oldAdd = async () => {
			const before = points.get('pc1') as number;
			await new Promise((resolve) => setImmediate(resolve));
			points.set('pc1', before + 5);
		};
		await Promise.all([oldAdd(), oldAdd()]);
		expect(points.get('pc1')).toBe(5);
		const other = await openLedger({ file: test.file, now: () => test.clock.nowMs });
		try {
			const ledgers = Array.from({ length: 12 }, (_, index) => (index % 2 ? other : test.ledger));
			await Promise.all(ledgers.map(async (ledger) => await report(ledger, { hostname: 'pc1' })));
		} finally {
			await other.close();
		}
		expect(await scoresOf(test.ledger)).toEqual({ 'hostname:pc1': 60 });
	});
});

it('16: pxGrid was waited for until somebody approved the account; ours says what is missing and goes on', async () => {
	jest.useFakeTimers();
	const startedAt = Date.now();
	const context = fakeExecute({
		credentials: {
			ciscoRtcPxGridApi: { nodeUrls: 'ise.example.com', nodeName: 'rtc', authentication: 'password', password: 'x' },
		},
		parameters: { resource: 'pxGridAccount', operation: 'activate', accountDescription: '' },
		server: () => ({ body: { accountState: 'PENDING', version: '2.0' } }),
	});
	context.getNode = () => ({ ...fakeExecute().getNode(), credentials: { ciscoRtcPxGridApi: { id: '1', name: 'x' } } });
	try {
		const [[{ json }]] = await withoutWaiting(new CiscoIse().execute.call(context));
		expect(json).toMatchObject({ accountState: 'PENDING', advice: expect.stringContaining('Client Management') as string });
		expect(context.requests).toHaveLength(1);
		expect(Date.now() - startedAt).toBe(0);
	} finally {
		jest.useRealTimers();
	}
});

it('19: a refusal was used like an answer; ours says what was refused', async () => {
	const refusal = vendorError(403, 'Forbidden', 'The API key is read-only');
	const oldRead = () => (refusal.body as unknown as { data: { id: number }[] }).data.map(({ id }) => id);
	expect(oldRead).toThrow(TypeError);
	const parameters = { resource: 'group', operation: 'getMany', returnAll: true };
	const error = (await runSecureEndpoint({ parameters, server: () => refusal }).catch((reason: unknown) => reason)) as Error & {
		description: string;
	};
	expect(`${error.message} ${error.description}`).toContain('The API key is read-only');
});

function getEvents() {
	return {
		resource: 'securityEvent',
		operation: 'getMany',
		output: 'events',
		returnAll: true,
		from: '2026-03-02T08:00:00Z',
		to: '2026-03-02T09:00:00Z',
		options: {},
	};
}

function plainClient(): ApiClient {
	return {
		product: 'Test',
		baseUrl: 'https://api.example.com',
		authorize: async () => ({}),
		canRefresh: false,
		describeError: () => undefined,
	};
}
