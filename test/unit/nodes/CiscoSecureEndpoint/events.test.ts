import { apiTime } from '../../../../nodes/CiscoSecureEndpoint/events';
import type { SentRequest } from '../support/fakeContext';
import { fixture, run } from './support';

const START = Date.UTC(2026, 0, 1);

/** Events newest first, as the API gives them; `start_date` and `limit`/`offset` as documented. */
export function eventServer(count: number, order: 'newest' | 'oldest' = 'newest') {
	const ids = Array.from({ length: count }, (_, i) => i);
	if (order === 'newest') ids.reverse();
	return ({ url }: SentRequest) => {
		const from = url.searchParams.has('start_date')
			? Date.parse(url.searchParams.get('start_date')!) / 1_000
			: 0;
		const limit = Number(url.searchParams.get('limit'));
		const offset = Number(url.searchParams.get('offset') ?? 0);
		const all = ids.filter((i) => START / 1_000 + i >= from);
		const items = all.slice(offset, offset + limit).map((i) => ({
			id: `900719925474${String(i).padStart(4, '0')}`,
			timestamp: START / 1_000 + i,
			event_type_id: 1,
			event_type: 'T',
		}));
		const next = new URL(url);
		next.searchParams.set('offset', String(offset + limit));
		const hasMore = offset + limit < all.length;
		return {
			body: {
				metadata: {
					links: { self: url.href, ...(hasMore && { next: next.href }) },
					results: { total: all.length },
				},
				data: items,
			},
		};
	};
}

const parameters = (more: object) => ({
	resource: 'event',
	operation: 'getMany',
	output: 'detections',
	returnAll: true,
	filters: {},
	...more,
});
const times = (json: object[]) =>
	json.map((item) => (Date.parse((item as { occurredAt: string }).occurredAt) - START) / 1_000);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('Get Many', () => {
	it('reads all pages and gives detections oldest first', async () => {
		const { json, requests } = await run({ parameters: parameters({}), server: eventServer(1_203) });
		expect(times(json)).toEqual(range(0, 1_203));
		expect(requests).toHaveLength(3);
	});

	it.each([{}, { receivedAfter: '2026-01-01T00:00:00Z' }])('leaves out rows that are no events, with %j', async (filters) => {
		const event = { id: 1, timestamp: START / 1_000, event_type: 'T' };
		const server = () => ({ body: { data: [null, 'x', event, [], 5] } });
		const { json } = await run({ parameters: parameters({ filters }), server });
		expect(times(json)).toEqual([0]);
	});

	it('sends the filters as the API names them', async () => {
		const filters = {
			receivedAfter: '2026-01-01T01:00:00+01:00',
			eventTypes: ['1090519054', '553648143'],
			groups: 'g1,g2',
			connectorGuids: ['c1'],
			detectionSha256: 'A'.repeat(64),
		};
		const { requests } = await run({ parameters: parameters({ filters }), server: eventServer(1) });
		expect([...requests[0].url.searchParams]).toEqual([
			['limit', '500'],
			['start_date', '2026-01-01T00:00:00+00:00'],
			['event_type[]', '1090519054'],
			['event_type[]', '553648143'],
			['group_guid[]', 'g1'],
			['group_guid[]', 'g2'],
			['connector_guid[]', 'c1'],
			['detection_sha256', 'a'.repeat(64)],
		]);
		expect(requests[0].url.search).toContain('%2B00%3A00');
		expect(requests[0].headers.authorization).toBe(
			`Basic ${Buffer.from('client:topsecret').toString('base64')}`,
		);
	});

	it.each([
		['newest', 1_203, 3],
		['newest', 9_999, 2],
		['oldest', 9_999, 2],
	] as const)(
		'from a server that begins with the %s of %i gives the oldest after a start',
		async (order, count, calls) => {
			const filters = { receivedAfter: apiTime(START + 100_000) };
			const { json, requests } = await run({
				parameters: parameters({ filters, returnAll: false, limit: 7 }),
				server: eventServer(count, order),
			});
			expect(times(json)).toEqual(range(100, 107));
			expect(requests).toHaveLength(calls);
		},
	);

	it.each([
		[100, 12],
		[7_000, 23],
	])('reads the first %i s of a backlog that is too large to be read whole', async (seconds, calls) => {
		const filters = { receivedAfter: apiTime(START), until: apiTime(START + (seconds - 1) * 1_000) };
		const { json, requests } = await run({ parameters: parameters({ filters }), server: eventServer(100_500) });
		expect(times(json)).toEqual(range(0, seconds));
		expect(requests).toHaveLength(calls);
	});

	it('says that a span has more than can be read', async () => {
		const filters = { receivedAfter: apiTime(START), until: apiTime(START + 200_000_000) };
		const reading = run({ parameters: parameters({ filters }), server: eventServer(100_500) });
		await expect(reading).rejects.toThrow('more than 100000 results');
	});

	it('with a limit alone gives the newest', async () => {
		const { json, requests } = await run({
			parameters: parameters({ returnAll: false, limit: 3 }),
			server: eventServer(1_203),
		});
		expect(times(json)).toEqual([1_200, 1_201, 1_202]);
		expect(requests).toHaveLength(1);
	});

	it.each([true, false])('leaves out what is after Until, all: %s', async (returnAll) => {
		const filters = { until: new Date(START + 2_000).toISOString() };
		const { json } = await run({
			parameters: parameters({ filters, returnAll, limit: 2 }),
			server: eventServer(10),
		});
		expect(times(json)).toEqual(returnAll ? [0, 1, 2] : [1, 2]);
	});

	it('gives an event once that moved to the next page meanwhile', async () => {
		const server = eventServer(3);
		const pages = [
			[2, 1],
			[1, 0],
		];
		const { json } = await run({
			parameters: parameters({}),
			server: (request) => {
				const offset = Number(request.url.searchParams.get('offset') ?? 0);
				const { body } = server(request);
				const events = pages[offset > 0 ? 1 : 0].map((i) => ({
					id: String(i),
					timestamp: START / 1_000 + i,
				}));
				const next = offset > 0 ? undefined : 'https://api.amp.cisco.com/v1/events?offset=2';
				return { body: { ...body, metadata: { links: { next } }, data: events } };
			},
		});
		expect(times(json)).toEqual([0, 1, 2]);
	});

	it('gives events as they are when asked to', async () => {
		const page = fixture('events-filtered-page1') as {
			data: unknown[];
			metadata: { links: { next?: string } };
		};
		delete page.metadata.links.next;
		const { json } = await run({
			parameters: parameters({ output: 'events' }),
			server: () => ({ body: page }),
		});
		expect(json).toEqual([{ ...(page.data[0] as object), id: '6180352115244794000' }]);
	});

	it('keeps 64-bit ids', async () => {
		const body = '{"data":[{"id":6533241145273614339,"timestamp":1593079552}]}';
		const { json } = await run({ parameters: parameters({}), server: () => ({ body }) });
		expect(json[0].id).toBe('secureEndpoint:6533241145273614339');
	});

	it('does not follow a link to another server', async () => {
		const body = { data: [], metadata: { links: { next: 'https://evil.example/v1/events?offset=1' } } };
		await expect(run({ parameters: parameters({}), server: () => ({ body }) })).rejects.toThrow(
			'on another server',
		);
	});

	it.each([
		[{ receivedAfter: 'yesterday' }, 'Received After is not a date and time'],
		[{ detectionSha256: 'abc' }, 'SHA-256 is not valid'],
	])('refuses %j', async (filters, message) => {
		await expect(run({ parameters: parameters({ filters }) })).rejects.toThrow(message);
	});
});
