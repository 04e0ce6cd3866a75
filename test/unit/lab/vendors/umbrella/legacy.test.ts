import { maskedPath } from '../../../../../lab/machine/journal';
import type { LabResponse } from '../../../../../lab/machine/vendor';
import { basic, type CallOptions, send, START } from '../shared/testLab';
import { bodyOf, umbrellaLab } from './support';

const SECOND = 1000;
const START_S = START / SECOND;

interface LegacyCredentials {
	legacy: {
		organizationId: number;
		reportingKey: string;
		reportingSecret: string;
		customerKey: string;
		investigateToken: string;
	};
}

function legacyLab() {
	const lab = umbrellaLab();
	const { legacy } = lab.credentials as unknown as LegacyCredentials;
	const reporting = `https://reports.api.umbrella.com/v1/organizations/${legacy.organizationId}`;
	const report = async (path: string, options: CallOptions = {}): Promise<LabResponse> => {
		lab.advance(SECOND);
		const authorization = basic(legacy.reportingKey, legacy.reportingSecret);
		const url = path.startsWith('https:') ? path : reporting + path;
		return await send(lab.vendor, 'GET', url, { headers: { authorization }, ...options });
	};
	const enforce = async (method: string, path: string, json?: unknown, key = legacy.customerKey) => {
		lab.advance(SECOND);
		const url = new URL(`https://s-platform.api.opendns.com/1.0${path}`);
		if (key) url.searchParams.set('customerKey', key);
		return await send(lab.vendor, method, url.href, json === undefined ? {} : { json });
	};
	return { ...lab, legacy, report, enforce };
}

const event = (dstDomain: string, changes: object = {}) => ({
	alertTime: '2026-03-02T09:00:00.0Z',
	deviceId: 'n8n',
	deviceVersion: '1.0',
	dstDomain,
	dstUrl: `http://${dstDomain}/`,
	eventTime: '2026-03-02T09:00:00.0Z',
	protocolVersion: '1.0a',
	providerName: 'Security Platform',
	...changes,
});

describe('Umbrella Reporting v1', () => {
	it('reports blocked security activity in version 1 form, newest first', async () => {
		const { emit, report } = legacyLab();
		emit({ at: START - 5_000, data: { domain: 'old.example', categories: ['Malware'] } });
		emit({ at: START - 1_000, data: { domain: 'evil.example', categories: ['Command and Control'] } });
		emit({ data: { domain: 'fine.example', categories: ['Computers and Internet'] } });
		emit({ data: { domain: 'let.example', categories: ['Malware'], verdict: 'allowed' } });
		const { requests } = bodyOf(await report('/security-activity'));
		expect(requests.map(({ destination }: { destination: string }) => destination)).toEqual([
			'evil.example',
			'old.example',
		]);
		expect(requests[0]).toEqual({
			originId: expect.any(Number),
			originType: 'Anyconnect Roaming Client',
			originLabel: 'LAP-001',
			internalIp: '10.1.2.1',
			externalIp: '203.0.113.10',
			destination: 'evil.example',
			categories: ['Command and Control'],
			actionTaken: 'BLOCKED',
			datetime: '2026-03-02T08:59:59.000Z',
		});
	});

	it('takes times in seconds, and shows the last 24 hours only', async () => {
		const { emit, report, advance } = legacyLab();
		emit({ data: { domain: 'evil.example', categories: ['Malware'] } });
		const rows = async (query: string) => bodyOf(await report(`/security-activity?${query}`)).requests;
		expect(await rows(`start=${START_S}&stop=${START_S}`)).toHaveLength(1);
		expect(await rows(`start=${START_S + 1}`)).toEqual([]);
		expect(await rows(`stop=${START_S - 1}`)).toEqual([]);
		expect(await rows(`stopTimestamp=${START}`)).toEqual([]);
		advance(86_400_000);
		expect(await rows('')).toEqual([]);
	});

	it.each([
		[`start=${START}`, 400, 'seconds'],
		['limit=501', 400, 'limit'],
		[`start=${START_S}&stop=1`, 400, 'after stop'],
		[`end=${START_S}`, 400, 'end'],
	])('refuses %s', async (query, status, word) => {
		const { report } = legacyLab();
		const response = await report(`/security-activity?${query}`);
		expect(response.status).toBe(status);
		expect(response.violation).toContain(word);
	});

	it('knows its own key and organization only', async () => {
		const { report, legacy, credentials } = legacyLab();
		const current = { authorization: basic(credentials.apiKey, credentials.keySecret) };
		expect((await report('/security-activity', { headers: current })).status).toBe(401);
		expect((await report('/security-activity', { headers: {} })).violation).toContain('Basic');
		const foreign = 'https://reports.api.umbrella.com/v1/organizations/1/security-activity';
		expect((await report(foreign)).status).toBe(403);
		expect(legacy.organizationId).not.toBe(1);
	});

	it('tells who asked for a destination, and when', async () => {
		const { emit, report } = legacyLab();
		for (const hostname of ['LAP-001', 'LAP-002', 'LAP-002']) emit({ hostname, data: { domain: 'x.example' } });
		const identities = bodyOf(await report('/destinations/x.example/identities')).identities;
		expect(identities).toMatchObject([
			{ originLabel: 'LAP-002', numberOfRequests: 2 },
			{ originLabel: 'LAP-001', numberOfRequests: 1 },
		]);
		const page = bodyOf(await report('/destinations/x.example/activity?limit=2&offset=1')).requests;
		expect(page).toHaveLength(2);
		expect(page[0]).toMatchObject({ destination: 'x.example', actionTaken: 'ALLOWED' });
	});
});

describe('Umbrella Enforcement', () => {
	it('blocks what it is given, unless everybody uses it, and unblocks by name or id', async () => {
		const { enforce, vendor } = legacyLab();
		const accepted = await enforce('POST', '/events', [event('evil.example'), event('google.com')]);
		expect(accepted).toMatchObject({ status: 202, body: { id: expect.any(String) } });
		expect((await enforce('POST', '/events', event('worse.example'))).status).toBe(202);
		const listed = bodyOf(await enforce('GET', '/domains'));
		expect(listed.meta).toEqual({ page: 1, limit: 200, prev: false, next: false });
		expect(listed.data).toEqual([
			{ id: expect.any(Number), name: 'evil.example', lastSeenAt: START_S + 1 },
			{ id: expect.any(Number), name: 'worse.example', lastSeenAt: START_S + 2 },
		]);
		expect((await enforce('DELETE', '/domains/evil.example')).status).toBe(204);
		expect((await enforce('DELETE', `/domains/${listed.data[1].id}`)).status).toBe(204);
		expect(await enforce('DELETE', '/domains/evil.example')).toMatchObject({ status: 404 });
		expect(vendor.state()).toMatchObject({ enforcedDomains: [] });
	});

	it('links pages', async () => {
		const { enforce } = legacyLab();
		await enforce('POST', '/events', [event('a.example'), event('b.example'), event('c.example')]);
		const { meta, data } = bodyOf(await enforce('GET', '/domains?page=2&limit=1'));
		expect(data).toMatchObject([{ name: 'b.example' }]);
		expect(new URL(meta.prev).searchParams.get('page')).toBe('1');
		expect(new URL(meta.next).searchParams.get('page')).toBe('3');
		expect(bodyOf(await enforce('GET', '/domains?page=3&limit=1')).meta.next).toBe(false);
	});

	it.each([
		['a missing field', { providerName: undefined }, 'providerName'],
		['another time format', { eventTime: '2026-03-02 09:00' }, 'eventTime'],
		['another protocol version', { protocolVersion: '2' }, 'protocolVersion'],
		['an address', { dstDomain: '10.1.1.1' }, 'dstDomain'],
		['an unknown field', { domain: 'x.example' }, 'domain'],
	])('refuses an event with %s', async (_name, changes, word) => {
		const { enforce } = legacyLab();
		const response = await enforce('POST', '/events', [event('evil.example', changes)]);
		expect(response.status).toBe(400);
		expect(response.violation).toContain(word);
	});

	it('takes 200 domains a minute and 5 calls a second', async () => {
		const { enforce, advance, vendor, legacy } = legacyLab();
		const many = (count: number) => Array.from({ length: count }, (_, index) => event(`d${index}.example`));
		expect((await enforce('POST', '/events', many(200))).status).toBe(202);
		expect(await enforce('POST', '/events', many(1))).toMatchObject({
			status: 429,
			violation: expect.stringMatching(/^rate limit/),
		});
		advance(60_000);
		expect((await enforce('POST', '/events', many(1))).status).toBe(202);
		advance(SECOND);
		const url = `https://s-platform.api.opendns.com/1.0/domains?customerKey=${legacy.customerKey}`;
		for (let call = 0; call < 5; call += 1) expect((await send(vendor, 'GET', url)).status).toBe(200);
		expect((await send(vendor, 'GET', url)).status).toBe(429);
	});

	it('asks for the key, which neither the answer nor the journal repeats', async () => {
		const { enforce } = legacyLab();
		expect(await enforce('GET', '/domains', undefined, '')).toMatchObject({
			status: 401,
			violation: expect.stringContaining('customerKey'),
		});
		const refused = await enforce('GET', '/domains', undefined, 'wrong-key');
		expect(refused.status).toBe(401);
		expect(JSON.stringify(refused)).not.toContain('wrong-key');
		expect(maskedPath(new URL('https://x.example/1.0/domains?customerKey=abc&page=2'))).toBe(
			'/1.0/domains?customerKey=***&page=2',
		);
	});
});

it('answers Investigate look-ups with the static token, at the root of the legacy host', async () => {
	const { emit, vendor, legacy, token } = legacyLab();
	emit({ data: { domain: 'evil.example', categories: ['Malware'] } });
	const url = 'https://investigate.api.umbrella.com/domains/categorization/evil.example?showLabels';
	const ask = async (bearer: string) =>
		await send(vendor, 'GET', url, { headers: { authorization: `Bearer ${bearer}` } });
	expect(await ask(legacy.investigateToken)).toMatchObject({
		status: 200,
		body: { 'evil.example': { status: -1 } },
	});
	expect((await ask(await token())).status).toBe(401);
});
