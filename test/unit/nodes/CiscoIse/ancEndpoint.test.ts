import { NodeApiError, NodeOperationError, type IDataObject } from 'n8n-workflow';
import { CiscoIse } from '../../../../nodes/CiscoIse/CiscoIse.node';
import { fakeExecute, withoutWaiting, type FakeSetup } from '../support/fakeContext';
import { credentials, ersError, ersErrorOf, FakeIse, fixture, jsonFixture } from './fakeIse';

const [A, B, C] = ['00:50:56:8B:95:4A', '00:50:56:8B:95:4B', '00:50:56:8B:95:4C'];

const applyParameters = (macAddresses: unknown, options: IDataObject = {}): IDataObject => ({
	resource: 'ancEndpoint',
	operation: 'apply',
	policyName: 'Quarantine',
	identifyBy: 'macAddress',
	macAddresses: macAddresses as string,
	options,
});
const clearParameters = (macAddresses: unknown, options: IDataObject = {}): IDataObject => ({
	...applyParameters(macAddresses, options),
	operation: 'clear',
});

async function run(ise: FakeIse, parameters: IDataObject | IDataObject[], setup: FakeSetup = {}) {
	const context = fakeExecute({ parameters, credentials, server: ise.handle, ...setup });
	const [output] = await new CiscoIse().execute.call(context);
	return { output, context, paths: context.requests.map(({ method, url }) => `${method} ${url.pathname}`) };
}

const endpointsOf = (item: { json: IDataObject }) => item.json.endpoints as IDataObject[];
const listCalls = (paths: string[]) => paths.filter((path) => path === 'GET /ers/config/ancendpoint').length;

describe('Apply ANC Policy', () => {
	afterEach(() => jest.useRealTimers());

	it('sends what ERS documents', async () => {
		const ise = new FakeIse();
		ise.policies.add('ANC_No_Access');
		const parameters = {
			...applyParameters('d4-be-d9-86-35-1f', { verify: false }),
			policyName: 'ANC_No_Access',
		};
		const { context } = await run(ise, parameters);
		expect(context.requests).toHaveLength(1);
		const [{ method, url, body, headers }] = context.requests;
		expect(`${method} ${url.href}`).toBe('PUT https://ise.example.com:9060/ers/config/ancendpoint/apply');
		expect(body).toEqual(jsonFixture('anc-apply-request.json'));
		expect(headers.authorization).toBe(`Basic ${Buffer.from('rtc:secret').toString('base64')}`);
	});

	it('gives one item for all addresses of an item, read back', async () => {
		const ise = new FakeIse();
		const { output, paths } = await run(ise, applyParameters(`${A}, 0050.568b.954b`));
		expect(output).toEqual([
			{
				json: {
					policyName: 'Quarantine',
					allApplied: true,
					endpoints: [A, B].map((macAddress) => ({
						macAddress,
						status: 'applied',
						policyName: 'Quarantine',
						verified: true,
					})),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(listCalls(paths)).toBe(1);
	});

	it.each([
		['an array', [A, B]],
		['an array in JSON', JSON.stringify([A, B])],
		['white space and repetition', ` ${A}  ${B.toLowerCase()} ${A} `],
		['an array with gaps', [A, null, '', B]],
	])('takes addresses from %s', async (_, value) => {
		const { output } = await run(new FakeIse(), applyParameters(value));
		expect(endpointsOf(output[0]).map(({ macAddress }) => macAddress)).toEqual([A, B]);
	});

	it.each(['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', 'N/A', '10.1.1.1', '00:50:56:8B:95'])(
		'refuses %s before anything is sent',
		async (value) => {
			const context = fakeExecute({ parameters: applyParameters(`${A},${value}`), credentials });
			const work = new CiscoIse().execute.call(context);
			await expect(work).rejects.toThrow(`"${value}"`);
			await expect(work).rejects.toBeInstanceOf(NodeOperationError);
			expect(context.requests).toEqual([]);
		},
	);

	it('treats an endpoint with the same policy as success', async () => {
		const ise = new FakeIse();
		ise.bindings.set(A, 'Quarantine');
		const { output } = await run(ise, applyParameters(A));
		expect(output[0].json).toMatchObject({
			allApplied: true,
			endpoints: [{ macAddress: A, status: 'alreadyApplied', verified: true }],
		});
	});

	it('replaces another policy', async () => {
		const ise = new FakeIse();
		ise.bindings.set(A, 'Shutdown');
		const { output, paths } = await run(ise, applyParameters(A));
		expect(endpointsOf(output[0])).toEqual([
			{
				macAddress: A,
				status: 'applied',
				policyName: 'Quarantine',
				previousPolicy: 'Shutdown',
				verified: true,
			},
		]);
		expect(paths.filter((path) => path.startsWith('PUT')).map((path) => path.split('/').pop())).toEqual([
			'apply',
			'clear',
			'apply',
		]);
	});

	it('puts the old policy back when the new one is refused', async () => {
		const ise = new FakeIse();
		ise.bindings.set(A, 'Shutdown');
		const work = run(ise, { ...applyParameters(A), policyName: 'Unknown' });
		await expect(work).rejects.toThrow('is bound to "Shutdown" again');
		expect(ise.bindings.get(A)).toBe('Shutdown');
	});

	it('leaves another policy alone when told so', async () => {
		const ise = new FakeIse();
		ise.bindings.set(A, 'Shutdown');
		const { output, paths } = await run(
			ise,
			applyParameters([A, B], { whenBound: 'fail', failOnPartial: false }),
		);
		expect(output[0].json).toMatchObject({
			allApplied: false,
			endpoints: [
				{ macAddress: A, status: 'failed', previousPolicy: 'Shutdown' },
				{ macAddress: B, status: 'applied' },
			],
		});
		expect(ise.bindings.get(A)).toBe('Shutdown');
		expect(paths.filter((path) => path.startsWith('PUT'))).toHaveLength(1);
	});

	it('reads the bindings once before and once after, however many items there are', async () => {
		const ise = new FakeIse();
		const macs = Array.from(
			{ length: 30 },
			(_, index) => `02:00:00:00:00:${(index + 16).toString(16).toUpperCase()}`,
		);
		for (const mac of macs) ise.bindings.set(mac, 'Shutdown');
		const { output, paths } = await run(
			ise,
			macs.map((mac) => applyParameters(mac)),
		);
		expect(output.map(({ json }) => json.allApplied)).toEqual(macs.map(() => true));
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(macs.map((_, item) => ({ item })));
		expect(listCalls(paths)).toBe(2);
	});

	it('reads the bindings again after that failed once', async () => {
		const ise = new FakeIse();
		let failures = 1;
		const server: FakeSetup['server'] = async (request) =>
			request.url.pathname === '/ers/config/ancendpoint' && failures-- > 0
				? { status: 500, body: ersError('Internal failure') }
				: await ise.handle(request);
		const parameters = applyParameters(A, { whenBound: 'fail', verify: false, failOnPartial: false });
		const { output, paths } = await run(ise, [parameters, parameters, parameters], { server });
		expect(output.map((item) => endpointsOf(item)[0].status)).toEqual([
			'failed',
			'applied',
			'alreadyApplied',
		]);
		// The one that failed, one that finds nothing, and one that shows that there is nothing.
		expect(listCalls(paths)).toBe(3);
	});

	describe('with thousands of endpoints that are bound', () => {
		const others = Array.from({ length: 300 }, (_, index) => `02:00:00:00:${index < 256 ? '00' : '01'}:${(index % 256).toString(16).padStart(2, '0').toUpperCase()}`);
		const withOthers = () => {
			const ise = new FakeIse();
			for (const mac of others) ise.bindings.set(mac, 'Quarantine');
			return ise;
		};

		it.each([
			['applying', applyParameters([A, B]), [], 3],
			['applying what is bound', applyParameters([A, B]), [A], 5],
			['clearing', clearParameters([A, B]), [A, B], 5],
		])('reads only those that it is about when %s', async (_, parameters, bound, reads) => {
			const ise = withOthers();
			for (const mac of bound) ise.bindings.set(mac, 'Quarantine');
			const { output, paths } = await run(ise, parameters);
			expect(endpointsOf(output[0]).every(({ verified }) => verified)).toBe(true);
			expect(paths.filter((path) => path.startsWith('GET'))).toHaveLength(reads);
		});

		it('gets one with a filter', async () => {
			const get = { resource: 'ancEndpoint', operation: 'get', macAddress: others[7] };
			const { context, output } = await run(withOthers(), get);
			expect(output[0].json).toMatchObject({ bound: true, policyName: 'Quarantine' });
			expect(context.requests[0].url.searchParams.getAll('filter')).toEqual([`name.CONTAINS.${others[7]}`]);
			expect(context.requests).toHaveLength(2);
		});

		it.each(['refused', 'blind', 'every'] as const)('believes no filter that does not do its work: %s', async (nameFilter) => {
			const ise = withOthers();
			Object.assign(ise, { nameFilter });
			ise.bindings.set(A, 'Shutdown');
			const server: FakeSetup['server'] = async (request) =>
				request.url.pathname.endsWith('/clear') ? { status: 204 } : await ise.handle(request);
			jest.useFakeTimers();
			const work = withoutWaiting(run(ise, clearParameters([A, B]), { server }));
			await expect(work).rejects.toThrow('then shows policy "Shutdown"');
			const { output } = await withoutWaiting(run(ise, applyParameters([A, B])));
			expect(endpointsOf(output[0])[0]).toMatchObject({ status: 'applied', previousPolicy: 'Shutdown' });
		});
	});

	it('never has two calls for one endpoint in flight, and several for different ones', async () => {
		const ise = new FakeIse();
		const parameters = [A, B, C, A, B, C, A].map((mac) => applyParameters(mac, { verify: false }));
		await run(ise, parameters);
		expect(ise.maxInFlightPerMac).toBe(1);
		expect(ise.maxInFlight).toBeGreaterThan(1);
		expect(ise.maxInFlight).toBeLessThanOrEqual(8);
	});

	it('tries all endpoints, then fails and says what was done', async () => {
		const ise = new FakeIse();
		const server: FakeSetup['server'] = async (request) =>
			JSON.stringify(request.body ?? '').includes(B)
				? { status: 400, body: ersError('Endpoint is a node of this deployment') }
				: await ise.handle(request);
		const error = await run(ise, applyParameters([A, B, C]), { server }).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(NodeApiError);
		expect((error as NodeApiError).message).toContain(
			`1 of 3 endpoints: ${B} (Endpoint is a node of this deployment)`,
		);
		expect((error as NodeApiError).description).toBe(`Done: ${A} (applied), ${C} (applied)`);
		expect((error as NodeApiError).context.itemIndex).toBe(0);
		expect([...ise.bindings.keys()]).toEqual([A, C]);
	});

	it('keeps the endpoints in the item of an error', async () => {
		const ise = new FakeIse();
		const parameters = [{ ...applyParameters(A), policyName: 'Unknown' }, applyParameters(B)];
		const { output } = await run(ise, parameters, { continueOnFail: true, items: [{ host: 'pc-7' }, {}] });
		expect(output[0].json).toMatchObject({
			host: 'pc-7',
			error: expect.stringContaining(A),
			allApplied: false,
		});
		expect(endpointsOf(output[0])[0]).toMatchObject({
			status: 'failed',
			error: 'Policy Unknown does not exist',
		});
		expect(output[1].json.allApplied).toBe(true);
	});

	it('notices when ISE accepts and does nothing', async () => {
		const ise = new FakeIse();
		const server: FakeSetup['server'] = async (request) =>
			request.method === 'PUT' ? { status: 204 } : await ise.handle(request);
		jest.useFakeTimers();
		await expect(withoutWaiting(run(ise, applyParameters(A), { server }))).rejects.toThrow('then shows no policy');
	});

	it('stops asking after the account was refused, so that it is not locked', async () => {
		const macs = Array.from({ length: 30 }, (_, index) => `02:00:00:00:00:${(index + 16).toString(16)}`);
		const context = fakeExecute({
			parameters: applyParameters(macs),
			credentials,
			server: () => ({ status: 401, body: '<html>Unauthorized</html>' }),
		});
		await expect(new CiscoIse().execute.call(context)).rejects.toThrow('30 of 30');
		expect(context.requests.length).toBeLessThanOrEqual(8);
	});

	it.each([
		['ECONNREFUSED', 'the connection was refused'],
		['ENOTFOUND', 'the host name is not known'],
		['ETIMEDOUT', 'no answer in time'],
	])('names the endpoint when ISE is out of reach (%s)', async (code, words) => {
		jest.useFakeTimers();
		const server = () => Object.assign(new Error(`connect ${code} 10.0.0.1`), { code });
		const work = withoutWaiting(run(new FakeIse(), applyParameters(A), { server }));
		await expect(work).rejects.toThrow(`${A} (Cisco ISE could not be reached: ${words}`);
	});

	it.each([
		[false, /holds no MAC address/],
		[true, undefined],
	])('with Allow Empty %s treats an empty list accordingly', async (allowEmpty, message) => {
		const work = run(new FakeIse(), applyParameters([], { allowEmpty }));
		if (message) await expect(work).rejects.toThrow(message);
		else
			expect((await work).output[0].json).toEqual({
				policyName: 'Quarantine',
				allApplied: true,
				endpoints: [],
			});
	});

	it('finds the endpoint of an IP address by its session', async () => {
		const ise = new FakeIse();
		ise.sessions.set('EndPointIPAddress/10.1.33.33', fixture('mnt-session.xml'));
		const parameters = {
			...applyParameters(''),
			identifyBy: 'ipAddress',
			ipAddresses: '10.1.33.33, 10.9.9.9',
		};
		const work = run(ise, { ...parameters, options: { failOnPartial: false } });
		expect((await work).output[0].json).toMatchObject({
			allApplied: false,
			endpoints: [
				{ ipAddress: '10.1.33.33', macAddress: A, status: 'applied' },
				{
					ipAddress: '10.9.9.9',
					macAddress: null,
					status: 'failed',
					error: 'No active session has this IP address',
				},
			],
		});
	});

	it('asks for an IP address that two sessions of the active list have', async () => {
		const ise = new FakeIse();
		const session = fixture('mnt-session.xml');
		const stale = fixture('mnt-active-list.xml').replace('10.1.33.34', '10.1.33.33');
		ise.sessions.set('ActiveList', stale);
		ise.sessions.set('EndPointIPAddress/10.1.33.33', session);
		const ipAddresses = Array.from({ length: 20 }, (_, index) => `10.1.33.${index + 33}`);
		const options = { failOnPartial: false, verify: false };
		const { output, paths } = await run(ise, {
			...applyParameters('', options),
			identifyBy: 'ipAddress',
			ipAddresses,
		});
		expect([...ise.bindings.keys()]).toEqual([A]);
		expect(endpointsOf(output[0])[0]).toMatchObject({ ipAddress: '10.1.33.33', macAddress: A });
		expect(paths.filter((path) => path.includes('/Session/'))).toEqual([
			'GET /admin/API/mnt/Session/ActiveList',
			'GET /admin/API/mnt/Session/EndPointIPAddress/10.1.33.33',
		]);
	});

	it('asks for each IP address when the active list is too large', async () => {
		const ise = new FakeIse();
		ise.sessions.set('ActiveList', `<activeList>${' '.repeat(32 * 1024 * 1024)}</activeList>`);
		ise.sessions.set('EndPointIPAddress/10.1.33.33', fixture('mnt-session.xml'));
		const ips = Array.from({ length: 20 }, (_, index) => `10.1.33.${index + 33}`);
		const parameters = ips.map((ipAddresses) => ({
			...applyParameters('', { failOnPartial: false, verify: false }),
			identifyBy: 'ipAddress',
			ipAddresses,
		}));
		const { output, paths } = await run(ise, parameters);
		expect(output.map(({ json }) => json.allApplied)).toEqual(ips.map((_, index) => index === 0));
		expect([...ise.bindings.keys()]).toEqual([A]);
		expect(paths.filter((path) => path.includes('/Session/'))).toHaveLength(1 + ips.length);
	});

	it('does not write the password into an error', async () => {
		const server = () => ({ status: 400, body: ersError('Refused') });
		const context = fakeExecute({
			parameters: applyParameters(A),
			credentials,
			server,
			continueOnFail: true,
		});
		const [output] = await new CiscoIse().execute.call(context);
		expect(JSON.stringify(output)).not.toMatch(/secret|cnRjOnNlY3JldA/);
	});
});

describe('Clear ANC Policy', () => {
	it('frees bound endpoints and accepts unbound ones', async () => {
		const ise = new FakeIse();
		ise.bindings.set(A, 'Quarantine');
		const { output } = await run(ise, clearParameters([A, B]));
		expect(output[0].json).toEqual({
			allCleared: true,
			endpoints: [
				{ macAddress: A, status: 'cleared', verified: true },
				{ macAddress: B, status: 'notBound', verified: true },
			],
		});
		expect(ise.bindings.size).toBe(0);
	});

	it('fails when the endpoint stays bound', async () => {
		const ise = new FakeIse();
		ise.bindings.set(A, 'Quarantine');
		const server: FakeSetup['server'] = async (request) =>
			request.method === 'PUT'
				? { status: 500, body: ersError('Internal failure') }
				: await ise.handle(request);
		await expect(run(ise, clearParameters(A), { server })).rejects.toThrow(`${A} (Internal failure)`);
	});
});

describe('Get and Get Many', () => {
	const getMany = { resource: 'ancEndpoint', operation: 'getMany', returnAll: true };

	it('resolves the endpoints that were recorded', async () => {
		const server: FakeSetup['server'] = ({ url }) => ({
			body: jsonFixture(
				url.pathname.endsWith('/ancendpoint') ? 'anc-endpoint-list.json' : 'anc-endpoint-get.json',
			),
		});
		const { output } = await run(new FakeIse(), getMany, { server });
		expect(output.map(({ json }) => json)).toEqual([
			{
				id: '6caf3e58-53b3-4bbd-9594-d3678aa08fc1',
				macAddress: 'D4:BE:D9:86:35:1F',
				policyName: 'ANC_No_Access',
			},
		]);
	});

	it.each([404, 500])('leaves out what went away while it was read (%d)', async (status) => {
		const ise = new FakeIse();
		for (const mac of [A, B]) ise.bindings.set(mac, 'Quarantine');
		const server: FakeSetup['server'] = async (request) =>
			request.url.pathname.endsWith(A) ? { status, body: ersError('ANC endpoint is not found') } : await ise.handle(request);
		const { output } = await run(ise, getMany, { server });
		expect(output.map(({ json }) => json.macAddress)).toEqual([B]);
	});

	it.each([
		[500, ersErrorOf('Database failure', 'Internal error')],
		[404, '<html>Not Found</html>'],
	])('takes no other failure for that (%d)', async (status, body) => {
		const ise = new FakeIse();
		ise.bindings.set(A, 'Quarantine');
		const server: FakeSetup['server'] = async (request) =>
			request.url.pathname.endsWith(A) ? { status, body } : await ise.handle(request);
		await expect(run(ise, getMany, { server })).rejects.toThrow(String(status));
	});

	it('asks for nothing but the list when only ids are wanted', async () => {
		const ise = new FakeIse();
		for (const mac of [A, B, C]) ise.bindings.set(mac, 'Quarantine');
		const { output, paths } = await run(ise, { ...getMany, options: { resolve: false } });
		expect(output.map(({ json }) => json)).toEqual([A, B, C].map((mac) => ({ id: `id-${mac}` })));
		expect(paths).toEqual(['GET /ers/config/ancendpoint']);
	});

	it('reads no more endpoints than the limit', async () => {
		const ise = new FakeIse();
		for (const mac of [A, B, C]) ise.bindings.set(mac, 'Quarantine');
		const { output, paths } = await run(ise, { ...getMany, returnAll: false, limit: 2 });
		expect(output).toHaveLength(2);
		expect(paths).toHaveLength(3);
	});

	it.each([
		[A, { macAddress: A, bound: true, policyName: 'Quarantine', id: `id-${A}` }],
		[B, { macAddress: B, bound: false, policyName: null, id: null }],
	])('tells the policy of %s', async (macAddress, expected) => {
		const ise = new FakeIse();
		ise.bindings.set(A, 'Quarantine');
		const { output } = await run(ise, { resource: 'ancEndpoint', operation: 'get', macAddress });
		expect(output[0].json).toEqual(expected);
	});
});
