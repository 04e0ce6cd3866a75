import { START, testHost } from '../shared/testLab';
import { bodyOf, FLOWS, queryTime, snaLab } from './support';

const REPORTS = '/sw-reporting/v1/tenants/102/flow-reports';
const reportTime = (ms: number) => new Date(START + ms).toISOString().slice(0, 23).replace('Z', '');
const LAST_HOUR = { startDateTime: queryTime(-3_600_000), endDateTime: queryTime(0) };

const FILE_SERVER = testHost(9, {
	hostname: 'srv-file01',
	role: 'server',
	nics: [{ ...testHost(9).nics[1], ip: '10.10.0.9' }],
});

function flowLab() {
	const lab = snaLab([testHost(1), testHost(2), FILE_SERVER]);
	const search = async (filter: Record<string, unknown> = {}) => {
		const started = await lab.call('POST', FLOWS, { json: { ...LAST_HOUR, ...filter } });
		lab.advance(3_000);
		return bodyOf(await lab.call('GET', `${FLOWS}/${bodyOf(started).data.query.id}/results`)).data.flows;
	};
	return { ...lab, search };
}

describe('Secure Network Analytics: flows', () => {
	it('searches in the background: 201, progress and results under data.query', async () => {
		const { call, advance } = flowLab();
		const started = await call('POST', FLOWS, { json: LAST_HOUR });
		expect(started).toMatchObject({
			status: 201,
			body: { data: { query: { domainId: '102', percentComplete: 0, status: 'IN_PROGRESS' } } },
		});
		const { id } = bodyOf(started).data.query;
		expect((await call('GET', `${FLOWS}/${id}/results`)).violation).toContain('before the search had ended');
		advance(3_000);
		expect(bodyOf(await call('GET', `${FLOWS}/${id}`))).toEqual({
			data: { query: { domainId: '102', id, percentComplete: 100, status: 'COMPLETED' } },
		});
	});

	it('knows everyday traffic, some of it with both ends inside', async () => {
		const { search } = flowLab();
		const flows = await search();
		const peers = new Set(flows.map((flow: { peer: { ipAddress: string } }) => flow.peer.ipAddress));
		expect(peers).toEqual(new Set(['10.10.0.9', '203.0.113.80']));
		for (const { statistics } of flows) {
			expect(statistics.firstActiveTime).toMatch(/^2026-03-02T0[789]:\d\d:\d\d\.000\+0000$/);
			expect(statistics.byteCount).toBeGreaterThan(0);
		}
	});

	it('has a flow behind every security event, and turns it to the side that is asked about', async () => {
		const { emit, search } = flowLab();
		emit({ data: { peerIp: '198.51.100.5', peerPort: 22 } });
		const peer = { ipAddresses: { includes: ['198.51.100.5'] } };
		const [flow] = await search({ peer });
		expect(flow.subject).toMatchObject({ ipAddress: '10.1.2.1', orientation: 'client', countryCode: 'XR' });
		expect(flow.peer).toMatchObject({ orientation: 'server', portProtocol: { port: 22, protocol: 'TCP' } });
		const [turned] = await search({ subject: peer });
		expect(turned.subject).toMatchObject({ ipAddress: '198.51.100.5', orientation: 'server' });
		expect(turned.peer).toMatchObject({ ipAddress: '10.1.2.1', bytes: flow.subject.bytes });
	});

	it('filters by ranges and excludes, and limits', async () => {
		const { search } = flowLab();
		const ends = async (filter: Record<string, unknown>) =>
			new Set(
				(await search(filter)).map(({ subject }: { subject: { ipAddress: string } }) => subject.ipAddress),
			);
		expect(await ends({ subject: { ipAddresses: { includes: ['10.1.2.0/31'] } } })).toEqual(
			new Set(['10.1.2.1']),
		);
		expect(
			await ends({ subject: { ipAddresses: { includes: ['10.1.2.'], excludes: ['10.1.2.1'] } } }),
		).toEqual(new Set(['10.1.2.2']));
		expect(await search({ recordLimit: 2 })).toHaveLength(2);
	});

	it.each([
		[
			'the times of top reports',
			{ startDateTime: reportTime(-1000), endDateTime: queryTime(0) },
			'startDateTime',
		],
		['no end', { startDateTime: queryTime(0) }, 'endDateTime'],
		['a time range', { timeRange: {} }, '"timeRange"'],
		['a limit of 0', { ...LAST_HOUR, recordLimit: 0 }, 'recordLimit'],
		['an address alone', { ...LAST_HOUR, subject: '10.1.2.3' }, 'subject'],
		['includes as text', { ...LAST_HOUR, peer: { ipAddresses: { includes: '10.1.2.3' } } }, 'includes'],
	])('refuses %s', async (_name, json, word) => {
		const { call } = flowLab();
		const answer = await call('POST', FLOWS, { json });
		expect(answer).toMatchObject({ status: 400, violation: expect.stringContaining(word) });
	});

	it('makes top reports, which take times without a zone', async () => {
		const { call, emit, advance } = flowLab();
		emit({ data: { peerIp: '198.51.100.5', points: 100_000 } });
		const path = `${REPORTS}/top-conversations`;
		const json = { startTime: reportTime(-3_600_000), endTime: reportTime(0), maxRows: 3 };
		const wrong = await call('POST', `${path}/queries`, { json: { ...json, endTime: queryTime(0) } });
		expect(wrong).toMatchObject({ status: 400, violation: expect.stringContaining('endTime') });
		const started = await call('POST', `${path}/queries`, { json });
		expect(started).toMatchObject({ status: 200, body: { data: { status: 'IN_PROGRESS' } } });
		const { queryId } = bodyOf(started).data;
		advance(3_000);
		expect(bodyOf(await call('GET', `${path}/queries/${queryId}`))).toEqual({
			data: { queryId, status: 'COMPLETED' },
		});
		const { results } = bodyOf(await call('GET', `${path}/results/${queryId}`)).data;
		expect(results).toHaveLength(3);
		expect(results[0]).toMatchObject({
			subject: { ipAddress: '10.1.2.1' },
			peer: { ipAddress: '198.51.100.5' },
			flows: 1,
		});
		expect((await call('GET', `${REPORTS}/top-ports/results/${queryId}`)).status).toBe(404);
	});
});
