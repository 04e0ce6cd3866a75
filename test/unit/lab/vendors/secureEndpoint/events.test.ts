import { EVENT_TYPES } from '../../../../../lab/vendors/secureEndpoint/eventTypes';
import { START, testHost } from '../shared/testLab';
import { parsed, secureEndpointLab, US } from './support';

const SHA = 'a78c29d1fa05c2b23d1dc9b75da8c053399143682fe3779bc466f10e1a997850';

describe('Secure Endpoint: events', () => {
	it('builds a detection from the host, and what became of the file with the same detection id', async () => {
		const { call, emit } = secureEndpointLab();
		emit({
			at: START - 5381,
			data: { detection: 'W32.Overdrive.RET', sha256: SHA, fileName: 'x.exe', outcome: 'quarantined' },
		});
		const { data } = parsed(await call('GET', '/events'));
		const threat = data.find((event: { event_type: string }) => event.event_type === 'Threat Detected');
		expect(threat).toMatchObject({
			timestamp: Math.floor((START - 5381) / 1000),
			timestamp_nanoseconds: 619_000_000,
			date: '2026-03-02T08:59:54+00:00',
			event_type_id: 1090519054,
			detection: 'W32.Overdrive.RET',
			severity: 'Medium',
			computer: {
				hostname: expect.stringMatching(/^LAP-001(\.corp\.example)?$/),
				user: 'user1@corp.example',
			},
			file: { disposition: 'Malicious', file_name: 'x.exe', identity: { sha256: SHA } },
		});
		expect(threat.computer.network_addresses).toEqual(
			expect.arrayContaining([
				{ ip: '10.1.1.1', mac: '00:1b:aa:00:00:01' },
				{ ip: '10.1.2.1', mac: '00:1b:bb:00:00:01' },
			]),
		);
		const quarantined = data.find(
			(event: { event_type: string }) => event.event_type === 'Threat Quarantined',
		);
		expect(quarantined.detection_id).toBe(threat.detection_id);
		expect(quarantined.detection).toBeUndefined();
		expect(quarantined.computer.user).toBeUndefined();
		expect(typeof threat.detection_id).toBe('string');
	});

	it('gets the events of a connector that was offline late, all at once and with their own time', async () => {
		const { call, emit, vendor, advance } = secureEndpointLab();
		vendor.setFault?.('offline', 'LAP-001');
		emit({ at: START - 2000 });
		emit({ at: START - 2000, hostname: 'LAP-002' });
		advance(7_200_000);
		expect(parsed(await call('GET', '/events')).data).toHaveLength(1);
		vendor.setFault?.('offline', undefined);
		const { data } = parsed(await call('GET', '/events'));
		expect(data.map(({ timestamp }: { timestamp: number }) => timestamp)).toEqual([
			Math.floor((START - 2000) / 1000),
			Math.floor((START - 2000) / 1000),
		]);
	});

	it('keeps the detection id when a scenario reports step by step, per host and file', async () => {
		const { call, emit } = secureEndpointLab();
		emit({ at: START - 3000, data: { sha256: SHA } });
		emit({ at: START - 2000, type: '2164260880', data: { sha256: SHA } });
		emit({ at: START - 2000, hostname: 'LAP-002', type: '2164260880', data: { sha256: SHA } });
		emit({ at: START - 1000, data: { sha256: SHA } });
		const { data } = parsed(await call('GET', '/events'));
		const ids = data.map((event: { detection_id: string }) => event.detection_id);
		expect(ids).toHaveLength(4);
		expect(new Set(ids).size).toBe(3);
		expect(data.filter((event: { detection_id: string }) => event.detection_id === ids[3])).toHaveLength(2);
	});

	it('writes 64-bit ids as bare numbers that a double can not hold', async () => {
		const { call, emit } = secureEndpointLab();
		emit({ data: { outcome: 'failed' } });
		const { body } = await call('GET', '/events');
		const ids = [...(body as string).matchAll(/"id":(\d+)/g)].map((match) => match[1]);
		expect(new Set(ids).size).toBe(2);
		expect(ids.every((id) => BigInt(id) > BigInt(Number.MAX_SAFE_INTEGER))).toBe(true);
		expect(new Set(ids.map(Number)).size).toBe(1);
	});

	it('can build every type of the catalogue; account mails have no computer', async () => {
		const { call, emit } = secureEndpointLab();
		for (const { id } of EVENT_TYPES) emit({ type: String(id) });
		const { data } = parsed(await call('GET', '/events'));
		expect(data).toHaveLength(EVENT_TYPES.length);
		const without = data.filter((event: { computer?: object }) => !event.computer);
		expect(without.map((event: { event_type_id: number }) => event.event_type_id).sort()).toEqual([
			1003, 1004, 1005,
		]);
	});

	it('refuses to report on a host without connector', () => {
		const { emit } = secureEndpointLab([testHost(1, { connectorGuid: undefined })]);
		expect(() => emit()).toThrow('no connector');
	});

	it('pages newest first with absolute links, and hides what has not happened yet', async () => {
		const { call, emit, advance } = secureEndpointLab();
		for (let minute = 4; minute >= -1; minute -= 1) {
			emit({ at: START - minute * 60_000, data: { fileName: `${minute}.exe` } });
		}
		const names: string[] = [];
		let next: string | undefined = `${US}/events?limit=2`;
		while (next) {
			const page = parsed(await call('GET', next));
			expect(page.metadata.results).toMatchObject({ total: 5, items_per_page: 2 });
			names.push(...page.data.map((event: { file: { file_name: string } }) => event.file.file_name));
			next = page.metadata.links.next;
		}
		expect(names).toEqual(['0.exe', '1.exe', '2.exe', '3.exe', '4.exe']);
		advance(60_000);
		expect(parsed(await call('GET', '/events')).metadata.results.total).toBe(6);
	});

	it.each([
		['start_date, inclusive', 'start_date=2026-03-02T08%3A59%3A00%2B00%3A00', 3],
		['a type', 'event_type[]=1107296272', 1],
		['either of two types', 'event_type[]=1107296272&event_type[]=1107296284', 2],
		['a connector', 'connector_guid[]=00000000-0000-4000-8000-000000000002', 1],
		['a hash', `detection_sha256=${SHA}`, 1],
		['a hash and another connector', `detection_sha256=${SHA}&connector_guid[]=none`, 0],
	])('filters by %s', async (_name, query, count) => {
		const { call, emit } = secureEndpointLab();
		emit({ at: START - 120_000 });
		emit({ at: START - 60_000, type: '1107296272', data: { sha256: SHA } });
		emit({ at: START - 59_000, type: '1107296284' });
		emit({ at: START, hostname: 'LAP-002' });
		expect(parsed(await call('GET', `/events?${query}`)).data).toHaveLength(count);
	});

	it('stamps events with its own wrong clock', async () => {
		const { call, emit, setSkew } = secureEndpointLab();
		setSkew(-300_000);
		emit({ type: '553648130' });
		const { data } = parsed(await call('GET', '/events'));
		expect(data[0].date).toBe('2026-03-02T08:55:00+00:00');
	});

	describe('faults', () => {
		it('lateEvents shows an event seconds after its date', async () => {
			const { call, emit, vendor, advance } = secureEndpointLab();
			vendor.setFault('lateEvents', 30);
			emit({ type: '553648130' });
			advance(29_000);
			expect(parsed(await call('GET', '/events')).data).toHaveLength(0);
			advance(1000);
			expect(parsed(await call('GET', '/events')).data[0].date).toBe('2026-03-02T09:00:00+00:00');
		});

		it('duplicatePage repeats elements, yet whoever follows the links sees everything', async () => {
			const { call, emit, vendor } = secureEndpointLab();
			for (let index = 0; index < 7; index += 1) emit({ at: START - index, type: '553648130' });
			vendor.setFault('duplicatePage', 2);
			const ids: string[] = [];
			let next: string | undefined = `${US}/events?limit=3`;
			while (next) {
				const response = await call('GET', next);
				ids.push(...[...(response.body as string).matchAll(/"id":(\d+)/g)].map((match) => match[1]));
				next = parsed(response).metadata.links.next;
			}
			expect(ids.length).toBeGreaterThan(7);
			expect(new Set(ids).size).toBe(7);
		});

		it('reorderPage turns a page around', async () => {
			const { call, emit, vendor } = secureEndpointLab();
			emit({ at: START - 1000, type: '553648130' });
			emit({ at: START, type: '553648130' });
			vendor.setFault('reorderPage', true);
			const [first, second] = parsed(await call('GET', '/events')).data;
			expect(first.timestamp).toBeLessThan(second.timestamp);
		});

		it('refuses faults it does not have', () => {
			expect(() => secureEndpointLab().vendor.setFault('nonsense', true)).toThrow('nonsense');
		});
	});

	it('stays quick with tens of thousands of events in any order', async () => {
		const { call, emit } = secureEndpointLab();
		for (let index = 0; index < 20_000; index += 1) {
			emit({ at: START - ((index * 7919) % 20_000), type: '553648130' });
		}
		const started = performance.now();
		const page = parsed(await call('GET', '/events?limit=500&offset=19500'));
		expect(page.data).toHaveLength(500);
		expect(performance.now() - started).toBeLessThan(1000);
	});

	it('gives the catalogue', async () => {
		const { call } = secureEndpointLab();
		const { data } = parsed(await call('GET', '/event_types'));
		expect(data).toContainEqual({
			id: 1107296284,
			name: 'Potential Ransomware',
			description: expect.any(String),
		});
	});
});
