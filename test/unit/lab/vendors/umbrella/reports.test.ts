import { CATEGORIES } from '../../../../../lab/vendors/umbrella/categories';
import { START, testHost } from '../shared/testLab';
import { bodyOf, umbrellaLab, WINDOW } from './support';

const EVIL = { domain: 'evil.example', categories: ['Command and Control'], threat: 'Qakbot' };

describe('Umbrella: activity', () => {
	it('reports a DNS request as of the connected card of the host', async () => {
		const { call, emit } = umbrellaLab();
		emit({ at: START - 1300, data: EVIL });
		const { meta, data } = bodyOf(await call('GET', `/reports/v2/activity/dns?${WINDOW}`));
		expect(meta).toEqual({});
		expect(data).toHaveLength(1);
		expect(data[0]).toMatchObject({
			type: 'dns',
			domain: 'evil.example',
			querytype: 'A',
			verdict: 'blocked',
			internalip: '10.1.2.1',
			timestamp: START - 2000,
			date: '2026-03-02',
			time: '08:59:58',
			categories: [{ id: 65, label: 'Command and Control', type: 'security' }],
			threats: [{ label: 'Qakbot', type: 'Trojan' }],
		});
		expect(data[0].identities[0]).toMatchObject({ label: 'LAP-001', type: { label: 'Roaming Computers' } });
		expect(data[0].id).toBeUndefined();
	});

	it('adds the directory user for some, and only a network for devices without client', async () => {
		const hosts = Array.from({ length: 20 }, (_, index) => testHost(index + 1));
		const { call, emit } = umbrellaLab([...hosts, testHost(30, { role: 'printer', user: undefined })]);
		for (const { hostname } of hosts) emit({ hostname, data: { domain: 'cisco.com' } });
		emit({ hostname: 'LAP-030', at: START + 1000, data: { domain: 'cisco.com' } });
		const { data } = bodyOf(await call('GET', `/reports/v2/activity/dns?${WINDOW}`));
		const users = data.filter((row: { identities: object[] }) => row.identities.length === 3);
		expect(users.length).toBeGreaterThan(0);
		expect(users.length).toBeLessThan(20);
		expect(users[0].identities[1].label).toMatch(/^\w+ \w+ \(user\d+@corp\.example\)$/);
		expect(data).toHaveLength(20);
	});

	it.each(['from', 'to', 'limit'])('demands %s', async (name) => {
		const { call } = umbrellaLab();
		const query = new URLSearchParams(WINDOW);
		query.delete(name);
		const response = await call('GET', `/reports/v2/activity/dns?${query}`);
		expect(response.status).toBe(400);
		expect(bodyOf(response).data.errors).toEqual([{ param: name, value: '', error: `invalid ${name}: ${name} is required` }]);
		expect(response.violation).toContain(name);
	});

	it.each([
		['seconds', 'from=1772442000&to=now&limit=1', 'from'],
		['ISO times', 'from=2026-03-02T09:00:00Z&to=now&limit=1', 'from'],
		['a window that ends before it starts', 'from=now&to=-1days&limit=1', 'from'],
		['a limit over 5000', 'from=-1days&to=now&limit=5001', 'limit'],
		['an offset over 10000', `${WINDOW}&offset=10001`, 'offset'],
		['another order', `${WINDOW}&order=newest`, 'order'],
		['category labels', `${WINDOW}&categories=Malware`, 'categories'],
		['an unknown verdict', `${WINDOW}&verdict=denied`, 'verdict'],
		['an unknown parameter', `${WINDOW}&severity=high`, 'severity'],
	])('refuses %s', async (_name, query, word) => {
		const { call } = umbrellaLab();
		const response = await call('GET', `/reports/v2/activity/dns?${query}`);
		expect(response.status).toBe(400);
		const value = new URLSearchParams(query).get(word);
		expect(bodyOf(response)).toEqual({
			meta: {},
			data: { errors: [{ param: word, value, error: expect.stringContaining(`invalid ${word}: `) }] },
		});
		expect(response.violation).toContain(word);
	});

	it.each([
		['a domain, with those below', 'domains=evil.example', 2],
		['a category', 'categories=65,67', 2],
		['an address', 'ip=10.1.2.2', 1],
		['a verdict', 'verdict=allowed', 1],
		['a threat, in any case', 'threats=qakbot', 1],
		['a window', `from=${START - 5000}&to=${START - 1000}`, 1],
	])('filters by %s', async (_name, filter, count) => {
		const { call, emit } = umbrellaLab();
		emit({ at: START - 20_000, data: EVIL });
		emit({ at: START - 10_000, data: { domain: 'c2.evil.example', categories: ['Malware'] } });
		emit({ at: START - 3000, hostname: 'LAP-002', data: { domain: 'cisco.com' } });
		const query = new URLSearchParams([...new URLSearchParams(WINDOW), ...new URLSearchParams(filter)]);
		for (const [name, value] of new URLSearchParams(filter)) query.set(name, value);
		expect(bodyOf(await call('GET', `/reports/v2/activity/dns?${query}`)).data).toHaveLength(count);
	});

	it('pages in either order, newest first by default', async () => {
		const { call, emit } = umbrellaLab();
		for (let second = 1; second <= 4; second += 1)
			emit({ at: START - second * 1000, data: { domain: `d${second}.example` } });
		const domains = async (query: string) => {
			const path = `/reports/v2/activity/dns?from=-1days&to=now&${query}`;
			return bodyOf(await call('GET', path)).data.map((row: { domain: string }) => row.domain);
		};
		expect(await domains('limit=2&offset=1')).toEqual(['d2.example', 'd3.example']);
		expect(await domains('limit=2&order=asc')).toEqual(['d4.example', 'd3.example']);
	});

	it('gives AMP retrospective times in seconds', async () => {
		const { call, emit } = umbrellaLab();
		emit({
			type: 'ampRetrospective',
			data: { domain: 'files.example', sha256: 'AB'.repeat(32), threat: 'W32.Bad' },
		});
		const { data } = bodyOf(await call('GET', `/reports/v2/activity/amp-retrospective?${WINDOW}`));
		expect(data).toEqual([
			{
				timestamp: START / 1000,
				firstseenat: START / 1000 - 3600,
				disposition: 'malicious',
				score: 95,
				hostname: 'files.example',
				malwarename: 'W32.Bad',
				sha256: 'ab'.repeat(32),
			},
		]);
	});

	it('gives all traffic, or the kinds of the x-traffic-type header', async () => {
		const { call, emit } = umbrellaLab();
		for (const type of ['dns', 'proxy', 'firewall', 'intrusion', 'ip', 'ampRetrospective']) {
			emit({ type, data: { domain: 'evil.example', url: 'https://evil.example/x' } });
		}
		const kinds = async (headers = {}) => {
			const response = await call('GET', `/reports/v2/activity?${WINDOW}`, { headers });
			return bodyOf(response).data?.map((row: { type: string }) => row.type).sort();
		};
		expect(await kinds()).toEqual(['dns', 'firewall', 'intrusion', 'ip', 'proxy']);
		expect(await kinds({ 'x-traffic-type': 'dns,firewall' })).toEqual(['dns', 'firewall']);
		for (const type of ['web', 'intrusion']) {
			const headers = { 'x-traffic-type': type };
			const wrong = await call('GET', `/reports/v2/activity?${WINDOW}`, { headers });
			expect(wrong).toMatchObject({ status: 400, violation: expect.stringContaining('x-traffic-type') });
		}
	});

	it.each([
		['', 400],
		['/dns', 200],
		['/proxy', 200],
		['/firewall', 400],
		['/intrusion', 400],
		['/ip', 400],
		['/amp-retrospective', 400],
	])('sorts /activity%s: %s', async (path, status) => {
		const { call } = umbrellaLab();
		expect((await call('GET', `/reports/v2/activity${path}?${WINDOW}&order=asc`)).status).toBe(status);
	});

	it('refuses events it can not report', () => {
		const { emit } = umbrellaLab();
		expect(() => emit({ type: 'smtp' })).toThrow('smtp');
		expect(() => emit({ data: { categories: ['Evil'] } })).toThrow('Evil');
		expect(() => emit({ hostname: 'NOBODY' })).toThrow('NOBODY');
	});

	it('plays late events, repeated and reordered pages', async () => {
		const { call, emit, vendor, advance } = umbrellaLab();
		vendor.setFault('lateEvents', 60);
		for (let second = 1; second <= 4; second += 1)
			emit({ at: START - second * 1000, data: { domain: `d${second}.example` } });
		const domains = async (offset: number) => {
			const path = `/reports/v2/activity/dns?from=-1days&to=now&limit=2&offset=${offset}`;
			return bodyOf(await call('GET', path)).data.map((row: { domain: string }) => row.domain);
		};
		expect(await domains(0)).toEqual([]);
		advance(60_000);
		vendor.setFault('duplicatePage', 1);
		expect(await domains(2)).toEqual(['d2.example', 'd3.example']);
		vendor.setFault('duplicatePage', undefined);
		vendor.setFault('reorderPage', true);
		expect(await domains(0)).toEqual(['d2.example', 'd1.example']);
	});
});

describe('Umbrella: totals and tables', () => {
	it('ranks threats and identities; offset is required', async () => {
		const { call, emit } = umbrellaLab();
		emit({ data: EVIL });
		emit({ data: EVIL });
		emit({ hostname: 'LAP-002', data: { ...EVIL, threat: { label: 'WannaCry', type: 'Ransomware' } } });
		const missing = await call('GET', `/reports/v2/top-threats?${WINDOW}`);
		expect(missing).toMatchObject({ status: 400, violation: 'offset is required' });
		expect(bodyOf(await call('GET', `/reports/v2/top-threats/dns?${WINDOW}&offset=0`)).data).toEqual([
			{ threat: 'Qakbot', threattype: 'Trojan', count: 2 },
			{ threat: 'WannaCry', threattype: 'Ransomware', count: 1 },
		]);
		const [first] = bodyOf(await call('GET', `/reports/v2/top-identities?${WINDOW}&offset=0`)).data;
		expect(first).toMatchObject({ identity: { label: 'Headquarters' }, requests: 3, rank: 1, counts: { blockedrequests: 3 } });
		expect(bodyOf(await call('GET', `/reports/v2/total-requests?${WINDOW}`)).data).toEqual({ count: 3 });
	});

	it('lists categories and identities', async () => {
		const { call } = umbrellaLab();
		expect(bodyOf(await call('GET', '/reports/v2/categories')).data).toHaveLength(CATEGORIES.length);
		const [identity] = bodyOf(await call('GET', '/reports/v2/identities?limit=10&search=lap-002')).data;
		expect(identity.label).toBe('LAP-002');
		expect(bodyOf(await call('GET', `/reports/v2/identities/${identity.id}`)).data).toEqual(identity);
		expect((await call('GET', '/reports/v2/identities/1')).status).toBe(404);
	});
});
