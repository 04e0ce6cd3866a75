import type { FakeAnswer, FakeServer, SentRequest } from '../support/fakeContext';
import { withoutWaiting } from '../support/fakeContext';
import { GUID, OTHER_GUID, run, vendorError } from './support';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Connectors as Secure Endpoint plays them: a change takes `delayMs`, a request in between is a conflict. */
function isolationServer(initial: Record<string, string>, { delayMs = 5_000, available = true } = {}) {
	const connectors = new Map(Object.entries(initial).map(([guid, status]) => [guid, { status, since: 0 }]));
	const settle = (guid: string) => {
		const connector = connectors.get(guid)!;
		if (!connector.status.startsWith('pending') || Date.now() - connector.since < delayMs) return connector;
		return Object.assign(connector, {
			status: connector.status === 'pending_start' ? 'isolated' : 'not_isolated',
		});
	};
	return ({ method, url }: SentRequest) => {
		const guid = url.pathname.split('/')[3];
		if (!connectors.has(guid)) return vendorError(404, 'Not Found', 'Computer not found');
		const connector = settle(guid);
		const [from, to] = method === 'PUT' ? ['not_isolated', 'pending_start'] : ['isolated', 'pending_stop'];
		if (method !== 'GET') {
			if (!available || connector.status !== from) return vendorError(409, 'Conflict', 'Not possible now');
			Object.assign(connector, { status: to, since: Date.now() });
		}
		return { body: { data: { available, status: connector.status, unlock_code: 'gdkxjk', comment: null } } };
	};
}

const start = (connectorGuids: unknown, more: object = {}) => ({
	resource: 'isolation',
	operation: 'start',
	connectorGuids: connectorGuids as string,
	comment: 'INC1',
	...more,
});
const stop = (connectorGuids: unknown, more: object = {}) => ({
	...start(connectorGuids, more),
	operation: 'stop',
});

describe('Start', () => {
	it('isolates several connectors and waits until they are', async () => {
		const server = isolationServer({ [GUID]: 'not_isolated', [OTHER_GUID]: 'not_isolated' });
		const { json, requests } = await withoutWaiting(
			run({
				parameters: start([GUID, OTHER_GUID.toUpperCase()], { options: { unlockCode: 'abc' } }),
				server,
			}),
		);
		expect(json).toEqual([
			{
				connectors: [
					{ connectorGuid: GUID, status: 'isolated', available: true },
					{ connectorGuid: OTHER_GUID, status: 'isolated', available: true },
				],
				inForce: true,
			},
		]);
		expect(requests[0]).toMatchObject({ method: 'PUT', body: { comment: 'INC1', unlock_code: 'abc' } });
		expect(requests.length).toBeLessThan(10);
	});

	it('waits for the connectors of all items together, with at most ten requests at a time', async () => {
		const guids = Array.from({ length: 40 }, (_, index) => `${GUID.slice(0, -2)}${index + 10}`);
		const play = isolationServer(Object.fromEntries(guids.map((guid) => [guid, 'not_isolated'])));
		let [underWay, most] = [0, 0];
		const server = async (request: SentRequest) => {
			most = Math.max(most, ++underWay);
			await new Promise((resolve) => setTimeout(resolve, 50));
			underWay--;
			return play(request);
		};
		const from = Date.now();
		const { json } = await withoutWaiting(run({ parameters: guids.map((guid) => start(guid)), server }));
		expect(json.map(({ inForce }) => inForce)).toEqual(guids.map(() => true));
		expect(most).toBe(10);
		expect(Date.now() - from).toBeLessThan(15_000);
	});

	it('never shows the unlock code', async () => {
		const server = isolationServer({ [GUID]: 'isolated' });
		const { json } = await run({ parameters: start(GUID), server });
		expect(JSON.stringify(json)).not.toContain('gdkxjk');
	});

	it.each([
		['isolated', 'isolated'],
		['pending_start', 'isolated'],
	])('a connector that is %s already is a success', async (status) => {
		const server = isolationServer({ [GUID]: status });
		const { json } = await withoutWaiting(run({ parameters: start(GUID), server }));
		expect(json).toEqual([
			{ connectors: [expect.objectContaining({ status: 'isolated', alreadyIsolated: true })], inForce: true },
		]);
	});

	it('waits for a release that is under way, then isolates', async () => {
		const server = isolationServer({ [GUID]: 'isolated' });
		await withoutWaiting(run({ parameters: stop(GUID, { options: { waitUntilInForce: false } }), server }));
		const { json } = await withoutWaiting(run({ parameters: start(GUID), server }));
		expect(json[0]).toMatchObject({ inForce: true });
	});

	it('says so when the time is up', async () => {
		const server = isolationServer({ [GUID]: 'not_isolated' }, { delayMs: 600_000 });
		const begin = Date.now();
		const { json } = await withoutWaiting(
			run({ parameters: start(GUID, { options: { deadlineSeconds: 30 } }), server }),
		);
		expect(json).toEqual([
			{ connectors: [expect.objectContaining({ status: 'pending_start' })], inForce: false },
		]);
		expect(Date.now() - begin).toBe(30_000);
	});

	/** As `isolationServer`, but looks at connectors, from the first on, fail so many times. */
	function failingLooks(answer: FakeAnswer | Error, times: number): FakeServer {
		const server = isolationServer({ [GUID]: 'not_isolated', [OTHER_GUID]: 'not_isolated' });
		let left = times;
		return (request) => (request.method === 'GET' && left-- > 0 ? answer : server(request));
	}

	it.each([
		['an error', vendorError(500, 'Internal Server Error')],
		['a body that is cut off', { body: '{"data":' }],
		['no answer', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
	])('looks again after %s', async (_case, answer) => {
		const { json } = await withoutWaiting(
			run({ parameters: start([GUID, OTHER_GUID]), server: failingLooks(answer, 3) }),
		);
		expect(json).toMatchObject([
			{ connectors: [{ status: 'isolated' }, { status: 'isolated' }], inForce: true },
		]);
	});

	it('gives what it knew when no look succeeds until the time is up', async () => {
		const begin = Date.now();
		const server = failingLooks(vendorError(503, 'Service Unavailable'), Infinity);
		const { json, requests } = await withoutWaiting(run({ parameters: start([GUID, OTHER_GUID]), server }));
		expect(json).toMatchObject([
			{ connectors: [{ status: 'pending_start' }, { status: 'pending_start' }], inForce: false },
		]);
		expect(Date.now() - begin).toBe(60_000);
		expect(requests.length).toBeLessThan(15);
	});

	it('fails when a look is refused: waiting would not help', async () => {
		const server = failingLooks(vendorError(403, 'Forbidden'), Infinity);
		await expect(withoutWaiting(run({ parameters: start(GUID), server }))).rejects.toThrow('answered 403');
	});

	it('does not wait when told so', async () => {
		const server = isolationServer({ [GUID]: 'not_isolated' });
		const { json, requests } = await run({
			parameters: start(GUID, { options: { waitUntilInForce: false } }),
			server,
		});
		expect(json).toEqual([
			{ connectors: [expect.objectContaining({ status: 'pending_start' })], inForce: false },
		]);
		expect(requests).toHaveLength(1);
	});

	it.each(['', [], null, ' , '])('%p is a host without a connector: nothing to do', async (none) => {
		const { json, requests } = await run({ parameters: start(none) });
		expect(json).toEqual([{ connectors: [], inForce: true }]);
		expect(requests).toHaveLength(0);
	});

	it('tells why isolation is not available', async () => {
		const server = isolationServer({ [GUID]: 'not_isolated' }, { available: false });
		await expect(run({ parameters: start(GUID), server })).rejects.toThrow(
			/isolation is not available: it is off in the policy/,
		);
	});

	it('tells that the connector is unknown, after asking the others', async () => {
		const server = isolationServer({ [OTHER_GUID]: 'not_isolated' });
		const seen: string[] = [];
		const failing = run({
			parameters: start([GUID, OTHER_GUID]),
			server: (request) => {
				seen.push(`${request.method} ${request.url.pathname.split('/')[3]}`);
				return server(request);
			},
		});
		await expect(failing).rejects.toThrow(/no computer of this account.*1 of 2 connectors/);
		expect(seen).toContain(`PUT ${OTHER_GUID}`);
	});

	it('repeats after a lost answer without harm', async () => {
		const server = isolationServer({ [GUID]: 'not_isolated' });
		let lost = false;
		const { json } = await withoutWaiting(
			run({
				parameters: start(GUID),
				server: (request) => {
					const answer = server(request);
					if (lost) return answer;
					lost = true;
					return Object.assign(new Error('reset'), { code: 'ECONNRESET' });
				},
			}),
		);
		expect(json[0]).toMatchObject({ inForce: true });
	});
});

describe('Stop', () => {
	it('releases, with the comment in the body', async () => {
		const server = isolationServer({ [GUID]: 'isolated' });
		const { json, requests } = await withoutWaiting(run({ parameters: stop(GUID), server }));
		expect(json).toEqual([
			{ connectors: [{ connectorGuid: GUID, status: 'not_isolated', available: true }], inForce: true },
		]);
		expect(requests[0]).toMatchObject({ method: 'DELETE', body: { comment: 'INC1' } });
	});

	it('a connector that is not isolated is a success', async () => {
		const server = isolationServer({ [GUID]: 'not_isolated' });
		const { json } = await run({ parameters: stop(GUID), server });
		expect(json).toEqual([
			{ connectors: [expect.objectContaining({ alreadyReleased: true })], inForce: true },
		]);
	});

	it('a connector that is gone is a success', async () => {
		const { json } = await run({ parameters: stop(GUID), server: isolationServer({}) });
		expect(json).toEqual([{ connectors: [{ connectorGuid: GUID, status: 'not_found' }], inForce: true }]);
	});
});

it.each([
	[{ [GUID]: 'isolated', [OTHER_GUID]: 'isolated' }, true],
	[{ [GUID]: 'isolated', [OTHER_GUID]: 'not_isolated' }, false],
	[{ [GUID]: 'isolated' }, false],
])('Get Status of %j is in force: %s', async (connectors, inForce) => {
	const { json } = await run({
		parameters: { ...start(`${GUID}, ${OTHER_GUID}`), operation: 'getStatus' },
		server: isolationServer(connectors),
	});
	expect(json).toEqual([expect.objectContaining({ inForce })]);
});
