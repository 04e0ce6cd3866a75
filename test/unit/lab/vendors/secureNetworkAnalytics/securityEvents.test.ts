import { eventTypeOf } from '../../../../../lab/vendors/secureNetworkAnalytics/catalogue';
import sample from '../../../../fixtures/secure-network-analytics/security-events-results.json';
import { START, testHost } from '../shared/testLab';
import { bodyOf, EVENTS, LAST_HOUR, queryTime, snaLab } from './support';

const QUERIES = `${EVENTS}/queries`;
const MINUTE = 60_000;

type Details = { key: string; value: string }[];
const detail = (record: { details: Details }, key: string) =>
	record.details.find((entry) => entry.key === key)?.value;

describe('Secure Network Analytics: security events', () => {
	it('lists templates with the names that rules go by, each id and name once', async () => {
		const { call } = snaLab();
		const { data } = bodyOf(await call('GET', `${EVENTS}/templates`));
		expect(data).toContainEqual({ id: 310, name: 'Flow_Denied', description: expect.any(String) });
		const names = data.map(({ name }: { name: string }) => name);
		for (const name of [
			'Suspect Data Hoarding',
			'Data Exfiltration',
			'Suspect Data Loss',
			'Bad Host',
			'Recon',
		]) {
			expect(names).toContain(name);
		}
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(data.map(({ id }: { id: number }) => id)).size).toBe(names.length);
	});

	it('searches in the background: 200, then progress, then results', async () => {
		const { call, emit, advance } = snaLab();
		emit();
		const started = await call('POST', QUERIES, { json: { timeRange: LAST_HOUR } });
		expect(started).toMatchObject({
			status: 200,
			body: {
				data: {
					searchJob: {
						id: expect.stringMatching(/^[0-9a-f]{24}$/),
						searchJobStatus: 'IN_PROGRESS',
						percentComplete: 0,
					},
				},
			},
		});
		const { id } = bodyOf(started).data.searchJob;
		const status = async () => bodyOf(await call('GET', `${QUERIES}/${id}`)).data;
		advance(900);
		const { percentComplete, status: running } = await status();
		expect(running).toBe('IN_PROGRESS');
		expect(percentComplete).toBeGreaterThan(0);
		expect(percentComplete).toBeLessThan(100);
		const early = await call('GET', `${EVENTS}/results/${id}`);
		expect(early).toMatchObject({ status: 200, body: { data: { results: [] } } });
		expect(early.violation).toContain('before the search had ended');
		advance(2_100);
		expect(await status()).toEqual({ percentComplete: 100, status: 'COMPLETED' });
		const results = await call('GET', `${EVENTS}/results/${id}`);
		expect(results.violation).toBeUndefined();
		expect(bodyOf(results).data.results).toHaveLength(1);
	});

	it('takes between one and three seconds', async () => {
		const { call, advance, vendor } = snaLab();
		for (let round = 0; round < 20; round += 1) {
			await call('POST', QUERIES, { json: { timeRange: LAST_HOUR } });
			advance(999);
			expect(vendor.state().jobsOpen).toHaveLength(1);
			advance(2_001);
			expect(vendor.state().jobsOpen).toHaveLength(0);
		}
	});

	it('writes records with the keys of a real one, in its order', async () => {
		const { emit, events } = snaLab();
		emit({
			type: '310',
			data: { peerIp: '52.109.8.21', peerPort: 137, protocol: 'udp', user: false, mac: false },
		});
		const [record] = await events();
		const [real] = sample.data.results;
		expect(Object.keys(record)).toEqual(Object.keys(real));
		expect(record.details.map(({ key }: { key: string }) => key)).toEqual(real.details.map(({ key }) => key));
		expect({ ...record, id: 0, details: [] }).toEqual({
			...real,
			id: 0,
			deviceId: expect.any(Number),
			firstActiveTime: '2026-03-02T08:59:00.000+0000',
			lastActiveTime: '2026-03-02T08:59:00.000+0000',
			source: { ...real.source, ipAddress: '10.1.2.1' },
			details: [],
		});
		expect(record.details).toEqual(real.details);
	});

	it('names user and MAC of the connected card when asked to, else of some hosts', async () => {
		const { emit, events } = snaLab(Array.from({ length: 20 }, (_, index) => testHost(index + 1)));
		emit({ data: { user: true, mac: true } });
		for (let number = 2; number <= 20; number += 1)
			emit({ hostname: `LAP-${String(number).padStart(3, '0')}` });
		const records = await events();
		const own = records.find(
			({ source }: { source: { ipAddress: string } }) => source.ipAddress === '10.1.2.1',
		);
		expect(detail(own, 'source_host@username')).toBe('user1');
		expect(detail(own, 'source_host@mac_address')).toBe('00:1b:bb:00:00:01');
		for (const key of ['source_host@username', 'source_host@mac_address']) {
			const filled = records.filter((record: { details: Details }) => detail(record, key) !== '').length;
			expect(filled).toBeGreaterThan(2);
			expect(filled).toBeLessThan(20);
		}
	});

	it('can have the host at the target, and both ends inside', async () => {
		const { emit, events } = snaLab();
		emit({ data: { direction: 'target', peerHostname: 'LAP-002', peerPort: 445, user: true } });
		const [record] = await events();
		expect(record.source).toMatchObject({
			ipAddress: '10.1.2.2',
			port: 0,
			tags: [{ name: 'Catch All', id: 65534 }],
		});
		expect(record.target).toMatchObject({ ipAddress: '10.1.2.1', port: 445 });
		expect(detail(record, 'target_host@username')).toBe('user1');
		expect(detail(record, 'source_host@policy_id')).toBe('1');
	});

	it('counts further hits of the same kind up in the same record', async () => {
		const { emit, events } = snaLab();
		emit({ at: START - 30 * MINUTE, data: { points: 100, hitCount: 3 } });
		emit({ at: START - 10 * MINUTE, data: { points: 100 } });
		emit({ at: START - 9 * MINUTE, data: { points: 100, peerPort: 22 } });
		const records = await events();
		expect(records).toHaveLength(2);
		expect(records[1]).toMatchObject({
			firstActiveTime: '2026-03-02T08:30:00.000+0000',
			lastActiveTime: '2026-03-02T08:50:00.000+0000',
			hitCount: 4,
		});
		expect(detail(records[1], 'points')).toBe('400');
	});

	it('numbers events per collector and day, so that ids repeat', async () => {
		const { emit, events } = snaLab(Array.from({ length: 10 }, (_, index) => testHost(index + 1)));
		for (let number = 1; number <= 10; number += 1)
			emit({ hostname: `LAP-${String(number).padStart(3, '0')}` });
		const records: { id: number; deviceId: number }[] = await events();
		expect(new Set(records.map(({ id }) => id)).size).toBeLessThan(records.length);
		expect(new Set(records.map(({ id, deviceId }) => `${deviceId} ${id}`)).size).toBe(records.length);
	});

	it('adds a few events from shortly before the window, and none from long before', async () => {
		const { emit, events } = snaLab();
		for (let port = 1; port <= 5; port += 1) emit({ at: START - 62 * MINUTE, data: { peerPort: port } });
		emit({ at: START - 70 * MINUTE, data: { peerPort: 99 } });
		emit({ at: START - 5 * MINUTE });
		const records = await events();
		expect(records).toHaveLength(4);
		expect(records[0].lastActiveTime).toBe('2026-03-02T08:55:00.000+0000');
	});

	it.each([
		['type', { securityEventTypeIds: [eventTypeOf('Bad Host').id] }, 1],
		['no type, which means all', { securityEventTypeIds: [] }, 3],
		['source', { hosts: [{ ipAddress: '10.1.2.1', type: 'source' }] }, 2],
		['target', { hosts: [{ ipAddress: '203.0.113.9', type: 'target' }] }, 1],
		[
			'source and target',
			{
				hosts: [
					{ ipAddress: '10.1.2.1', type: 'source' },
					{ ipAddress: '203.0.113.9', type: 'target' },
				],
			},
			0,
		],
	])('filters by %s', async (_name, filter, expected) => {
		const { emit, events } = snaLab();
		emit();
		emit({ type: 'bad host' });
		emit({ hostname: 'LAP-002', data: { peerIp: '203.0.113.9' } });
		expect(await events(filter)).toHaveLength(expected);
	});

	it.each([
		['no time range', {}, 'timeRange'],
		['the times of flows', { startDateTime: queryTime(0), endDateTime: queryTime(1000) }, 'startDateTime'],
		['milliseconds', { timeRange: { from: '2026-03-02T08:00:00.000Z', to: queryTime(0) } }, 'from must be'],
		['an epoch', { timeRange: { from: queryTime(0), to: START } }, 'to must be'],
		['no zone', { timeRange: { from: '2026-03-02T08:00:00', to: queryTime(0) } }, 'from must be'],
		['a month 13', { timeRange: { from: '2026-13-02T08:00:00Z', to: queryTime(0) } }, 'from must be'],
		['an end before the start', { timeRange: { from: queryTime(0), to: queryTime(-1000) } }, 'before'],
		['a limit', { timeRange: LAST_HOUR, limit: 5 }, '"limit"'],
		['types by name', { timeRange: LAST_HOUR, securityEventTypeIds: ['Bad Host'] }, 'securityEventTypeIds'],
		[
			'a host without a side',
			{ timeRange: LAST_HOUR, hosts: [{ ipAddress: '10.1.2.3' }] },
			'source or target',
		],
		['a host by name', { timeRange: LAST_HOUR, hosts: [{ ipAddress: 'pc', type: 'source' }] }, 'ipAddress'],
	])('refuses %s', async (_name, json, word) => {
		const { call } = snaLab();
		const answer = await call('POST', QUERIES, { json });
		expect(answer.status).toBe(400);
		expect(answer.violation).toContain(word);
		expect(bodyOf(answer).errors[0].code).toBe('BAD_REQUEST_UNMARSHALING_FAILED');
	});

	it('wants JSON', async () => {
		const { call } = snaLab();
		const answer = await call('POST', QUERIES, { form: { timeRange: 'x' } });
		expect(answer).toMatchObject({ status: 415, violation: expect.stringContaining('application/json') });
	});

	it('runs five searches of a user at once, no sixth', async () => {
		const { call, advance } = snaLab();
		const start = () => call('POST', QUERIES, { json: { timeRange: LAST_HOUR } });
		for (let round = 0; round < 5; round += 1) expect((await start()).status).toBe(200);
		const sixth = await start();
		expect(sixth.status).toBe(429);
		expect(sixth.violation).toBeUndefined();
		advance(3_000);
		expect((await start()).status).toBe(200);
	});

	it('forgets a search that is deleted, and makes room for another', async () => {
		const { call, vendor } = snaLab();
		const { id } = bodyOf(await call('POST', QUERIES, { json: { timeRange: LAST_HOUR } })).data.searchJob;
		expect((await call('DELETE', `${QUERIES}/${id}`)).status).toBe(204);
		expect((await call('GET', `${QUERIES}/${id}`)).status).toBe(404);
		expect(vendor.state().jobsOpen).toEqual([]);
	});

	it('keeps results for ten minutes, the same for everyone who asks', async () => {
		const { call, emit, advance } = snaLab();
		emit();
		const { id } = bodyOf(await call('POST', QUERIES, { json: { timeRange: LAST_HOUR } })).data.searchJob;
		advance(3_000);
		const results = () => call('GET', `${EVENTS}/results/${id}`);
		const first = bodyOf(await results());
		emit({ data: { peerPort: 22 } });
		expect(bodyOf(await results())).toEqual(first);
		advance(10 * MINUTE);
		expect((await results()).status).toBe(404);
	});

	it('shows late events late', async () => {
		const { emit, events, vendor, advance } = snaLab();
		vendor.setFault?.('lateEvents', 120);
		emit();
		expect(await events()).toHaveLength(0);
		advance(MINUTE);
		expect(await events()).toHaveLength(1);
	});

	it.each([
		['jobsFail', 100, 'FAILED'],
		['jobsHang', 0, 'IN_PROGRESS'],
	])('plays the fault %s', async (fault, percentComplete, status) => {
		const { call, advance, vendor } = snaLab();
		vendor.setFault?.(fault, true);
		const { id } = bodyOf(await call('POST', QUERIES, { json: { timeRange: LAST_HOUR } })).data.searchJob;
		advance(60_000);
		expect(bodyOf(await call('GET', `${QUERIES}/${id}`)).data).toEqual({ percentComplete, status });
		vendor.setFault?.(fault, undefined);
		expect(() => vendor.setFault?.('gremlins', true)).toThrow('no fault gremlins');
	});

	it('plays the fault jobsSlow by the span of the search', async () => {
		const { call, advance, vendor } = snaLab();
		vendor.setFault?.('jobsSlow', 90);
		const { id } = bodyOf(await call('POST', QUERIES, { json: { timeRange: LAST_HOUR } })).data.searchJob;
		advance(90_000);
		expect(bodyOf(await call('GET', `${QUERIES}/${id}`)).data.status).toBe('IN_PROGRESS');
		advance(3_000);
		expect(bodyOf(await call('GET', `${QUERIES}/${id}`)).data.status).toBe('COMPLETED');
	});

	it('stamps events with its own clock', async () => {
		const { emit, events, setSkew } = snaLab();
		setSkew(-600_000);
		emit();
		const [record] = await events();
		expect(record.firstActiveTime).toBe('2026-03-02T08:49:00.000+0000');
	});

	it.each([
		[{ type: 'Nonsense' }, 'no security event Nonsense'],
		[{ hostname: 'nobody' }, 'no such host'],
		[{ data: { protocol: 'sctp' } }, 'protocol sctp'],
		[{ data: { peerHostname: 'nobody' } }, 'no host nobody'],
	])('can’t report %j', (event, message) => {
		const { emit } = snaLab();
		expect(() => emit(event)).toThrow(message);
	});

	it('tells a judge what it knows, and forgets it on reset', () => {
		const { emit, vendor } = snaLab();
		emit();
		emit({ type: '310' });
		expect(vendor.state()).toMatchObject({
			events: { total: 2, byType: { 'Suspect Data Hoarding': 1, Flow_Denied: 1 } },
			jobsOpen: [],
		});
		vendor.reset();
		expect(vendor.state()).toMatchObject({ events: { total: 0, byType: {} } });
	});
});
