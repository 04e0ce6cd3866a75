import { NodeHelpers, type IDataObject } from 'n8n-workflow';
import { createIse } from '../../../../../lab/vendors/ise';
import { CiscoIse } from '../../../../../nodes/CiscoIse/CiscoIse.node';
import { pxGridLab } from '../../../lab/vendors/ise/pxgrid/support';
import { LAPTOP, LAPTOP_WIFI, PRINTER, SERVER, send, testLab } from '../../../lab/vendors/support';
import {
	fakeExecute,
	fakeLoadOptions,
	fakeNode,
	withoutWaiting,
	type FakeServer,
	type SentRequest,
} from '../../support/fakeContext';

/** The node against the lab's ISE with pxGrid. Time in the lab passes with every call. */
let account = '';

function setUp({ pxGrid = {}, down = [] as string[] } = {}) {
	account += ',';
	const lab = testLab();
	const ise = createIse(lab);
	const requests: SentRequest[] = [];
	const violations: string[] = [];
	const isDown = ({ url }: SentRequest) => down.some((part) => url.href.includes(part));
	const server: FakeServer = async (request) => {
		const { method, url, headers, body } = request;
		requests.push(request);
		if (isDown(request)) return Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
		lab.advance(400);
		const answer = await send(ise, method, url.href, { headers, body });
		if (answer.violation) violations.push(answer.violation);
		return { status: answer.status, headers: answer.headers, body: answer.body };
	};
	const credentials = {
		ciscoRtcIseApi: {
			primaryUrl: 'https://ise.lab.example:9060',
			secondaryUrl: 'https://ise2.lab.example:9060',
			username: 'ers-admin',
			password: 'ers-lab-1',
		},
		ciscoRtcPxGridApi: {
			nodeUrls: `https://ise.lab.example:8910,ise2.lab.example${account}`,
			nodeName: 'rtc-ready',
			authentication: 'password',
			password: 'pxgrid-lab-1',
			...pxGrid,
		},
	};
	const ids = { ciscoRtcPxGridApi: { id: '1', name: 'pxGrid' } };
	const { ciscoRtcPxGridApi } = credentials;
	/** The node of a user who has no account of ISE. */
	const runAlone = async (parameters: IDataObject) => {
		const context = fakeExecute({
			parameters: { connectThrough: 'pxGrid', ...parameters },
			credentials: { ciscoRtcPxGridApi },
			server,
		});
		context.getNode = () => ({ ...fakeNode, credentials: ids });
		const [output] = await withoutWaiting(new CiscoIse().execute.call(context));
		return output.map(({ json }) => json);
	};
	const policyOptions = async (parameters: IDataObject) => {
		const context = fakeLoadOptions({ parameters, credentials: { ciscoRtcPxGridApi }, server });
		return await withoutWaiting(new CiscoIse().methods.loadOptions.getAncPolicies.call(context));
	};
	const run = async (parameters: IDataObject, withPxGrid = true) => {
		const context = fakeExecute({ parameters, credentials, server });
		context.getNode = () => ({ ...fakeNode, ...(withPxGrid && { credentials: ids }) });
		const [output] = await withoutWaiting(new CiscoIse().execute.call(context));
		return output.map(({ json }) => json);
	};
	const calls = (part: string) => requests.filter(({ url }) => url.href.includes(part)).length;
	return {
		lab,
		ise,
		run,
		runAlone,
		policyOptions,
		violations,
		calls,
		bindings: () => ise.state().ancBindings as IDataObject[],
	};
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const anc = (operation: string, macAddresses: string, options: IDataObject = {}) => ({
	resource: 'ancEndpoint',
	operation,
	policyName: 'Quarantine',
	identifyBy: 'macAddress',
	macAddresses,
	options,
});
const find = (parameters: IDataObject, options: IDataObject = {}) => ({
	resource: 'session',
	operation: 'find',
	options,
	...parameters,
});

it('contains and frees through pxGrid alone, and repeating is harmless', async () => {
	const { run, violations, calls, bindings } = setUp();
	const options = { containThrough: 'pxGrid' };
	const [applied] = await run(anc('apply', `${LAPTOP},${SERVER}`, options));
	expect(applied).toMatchObject({
		allApplied: true,
		endpoints: [
			{ macAddress: LAPTOP, status: 'applied', policyName: 'Quarantine', verified: true },
			{ macAddress: SERVER, status: 'applied', policyName: 'Quarantine', verified: true },
		],
	});
	expect(bindings().map(({ mac }) => mac)).toEqual([LAPTOP, SERVER]);
	const [again] = await run(anc('apply', LAPTOP, options));
	expect(again).toMatchObject({ allApplied: true, endpoints: [{ status: 'alreadyApplied' }] });
	const [cleared] = await run(anc('clear', `${LAPTOP},${SERVER},${PRINTER}`, options));
	expect(cleared).toMatchObject({
		allCleared: true,
		endpoints: [{ status: 'cleared' }, { status: 'cleared' }, { status: 'notBound' }],
	});
	expect(bindings()).toEqual([]);
	expect(calls(':9060')).toBe(0);
	expect(violations).toEqual([]);
});

it('tells the reason of an operation that failed', async () => {
	const { ise, run, bindings } = setUp();
	ise.setFault('pxgridOperationFails', 1);
	const failing = run(anc('apply', LAPTOP, { containThrough: 'pxGrid' }));
	await expect(failing).rejects.toThrow('no response from the network device');
	expect(bindings()).toEqual([]);
});

it.each([
	['the ISE nodes (ERS)', [':9060'], 'auto'],
	['one pxGrid node', ['ise.lab.example:8910'], 'pxGridThenErs'],
	['every pxGrid node', [':8910'], 'pxGridThenErs'],
	['every pxGrid node', [':8910'], 'auto'],
	['the monitoring nodes', ['/admin/API/mnt'], 'auto'],
])('contains by IP address with %s down', async (_, down, containThrough) => {
	const { run, bindings } = setUp({ down });
	const byIp = { identifyBy: 'ipAddress', ipAddresses: '10.1.1.7' };
	const [applied] = await run({ ...anc('apply', '', { containThrough }), ...byIp });
	expect(applied).toMatchObject({
		allApplied: true,
		endpoints: [{ macAddress: LAPTOP, ipAddress: '10.1.1.7', status: 'applied', verified: true }],
	});
	expect(bindings()).toMatchObject([{ mac: LAPTOP }]);
});

it('names both interfaces when both fail', async () => {
	const { run } = setUp({ down: [':9060', ':8910'] });
	await expect(run(anc('apply', LAPTOP))).rejects.toThrow(/ERS and pxGrid both failed/);
});

it('reads one binding by MAC address', async () => {
	const { run, calls } = setUp();
	await run(anc('apply', LAPTOP));
	const before = calls(':9060');
	const options = { containThrough: 'pxGrid' };
	const get = { resource: 'ancEndpoint', operation: 'get', options };
	expect(await run({ ...get, macAddress: LAPTOP })).toMatchObject([
		{ bound: true, policyName: 'Quarantine' },
	]);
	expect(await run({ ...get, macAddress: SERVER })).toMatchObject([{ bound: false, policyName: null }]);
	expect(calls(':9060')).toBe(before);
});

it('finds sessions in pxGrid; none is an answer', async () => {
	const { run, violations, calls } = setUp();
	const [found] = await run(
		find({ ipAddresses: '10.1.1.7,10.9.9.9', macAddresses: `${SERVER},${LAPTOP_WIFI}` }),
	);
	expect(found).toMatchObject({
		macs: [LAPTOP, SERVER],
		notFound: ['10.9.9.9', LAPTOP_WIFI],
		sessions: [{ userName: 'ada@corp.example', state: 'STARTED', securityGroup: 'Employees' }, {}],
	});
	expect(calls('/admin/API/mnt')).toBe(0);
	expect(violations).toEqual([]);
	expect(calls('ServiceLookup')).toBe(1);
	expect(calls('AccessSecret')).toBe(1);
});

it('asks one list for twenty addresses', async () => {
	const { run, calls } = setUp();
	const ips = ['10.1.1.7', ...Array.from({ length: 19 }, (_, index) => `10.8.0.${index + 1}`)];
	const [found] = await run(find({ ipAddresses: ips }));
	expect(found).toMatchObject({ macs: [LAPTOP] });
	expect(calls('/pxgrid/mnt/sd/')).toBe(1);
});

describe('look-ups of a batch', () => {
	const addresses = (count: number) =>
		Array.from({ length: count }, (_, n) => `10.9.${n >> 7}.${(n & 127) + 1}`);

	it.each([
		['mnt', '/admin/API/mnt/Session/'],
		['pxGrid', '/getSession'],
	])(
		'%s: at most one for each distinct address, and one for a hundred in bulk',
		async (sessionSource, part) => {
			for (const count of [1, 7, 19, 20, 100, 101, 250]) {
				const { run, calls, violations } = setUp();
				const ips = addresses(count);
				await run(find({ ipAddresses: [...ips, ...ips].join(',') }, { sessionSource }));
				expect(calls(part)).toBeGreaterThan(0);
				expect(calls(part)).toBeLessThanOrEqual(count < 20 ? count : Math.ceil(count / 100));
				expect(violations).toEqual([]);
			}
		},
	);
});

it.each([[1], [2]])('asks again after %d empty answers', async (count) => {
	const { ise, run, calls } = setUp();
	ise.setFault('pxgridEmptyReply', count);
	const [found] = await run(find({ ipAddresses: '10.1.1.7' }, { sessionSource: 'pxGrid' }));
	expect(found).toMatchObject({ macs: [LAPTOP] });
	expect(calls('getSessionByIpAddress')).toBe(count + 1);
});

it('takes the monitoring node when pxGrid only answers emptily', async () => {
	const { ise, run, calls } = setUp();
	ise.setFault('pxgridEmptyReply', 100);
	const [found] = await run(find({ ipAddresses: '10.1.1.7' }));
	expect(found).toMatchObject({ macs: [LAPTOP] });
	expect(calls('/admin/API/mnt')).toBe(1);
});

it('asks for a new secret after 401', async () => {
	const { ise, run } = setUp();
	const get = { resource: 'session', operation: 'get', searchBy: 'macAddress', value: LAPTOP, options: {} };
	await run(get);
	ise.expireTokens?.();
	expect(await run({ ...get, options: { sessionSource: 'pxGrid' } })).toMatchObject([{ found: true }]);
});

it('creates and activates an account without any other credential', async () => {
	const { ise, run, violations } = setUp({ pxGrid: { nodeName: 'rtc-new', password: '' } });
	const account = (operation: string) => ({
		resource: 'pxGridAccount',
		operation,
		accountDescription: 'test',
	});
	const [{ nodeName, password }] = await run(account('create'));
	expect(nodeName).toBe('rtc-new');
	expect(password).toMatch(/\S{8}/);
	await expect(run(account('create'))).rejects.toThrow('409');
	expect(violations).toEqual([]);
	ise.setFault('pxgridApproval', 'manual');
	const other = setUp({ pxGrid: { password: 'pxgrid-lab-1' } });
	expect(await other.run(account('activate'))).toMatchObject([{ accountState: 'ENABLED', advice: null }]);
});

it('does not wait for the approval of its account, and says what is missing', async () => {
	const { ise, run } = setUp();
	ise.setFault('pxgridApproval', 'disable');
	const activated = await run({ resource: 'pxGridAccount', operation: 'activate', accountDescription: '' });
	expect(activated).toMatchObject([
		{ accountState: 'DISABLED', advice: expect.stringContaining('Client Management') },
	]);
	await expect(run(anc('apply', LAPTOP, { containThrough: 'pxGrid' }))).rejects.toThrow(
		/waits for approval or is disabled/,
	);
});

it('says that the node has no pxGrid credential', async () => {
	const { run } = setUp();
	const through = run(anc('apply', LAPTOP, { containThrough: 'pxGrid' }), false);
	await expect(through).rejects.toThrow('no pxGrid credential');
	const source = run(find({ ipAddresses: '10.1.1.7' }, { sessionSource: 'pxGrid' }), false);
	await expect(source).rejects.toThrow('no pxGrid credential');
});

describe('connected through pxGrid only', () => {
	it('finds, contains, reads and frees without an account of ISE', async () => {
		const { runAlone, bindings, calls, violations } = setUp();
		const [found] = await runAlone(find({ ipAddresses: '10.1.1.7', userNames: 'ada@corp.example' }));
		expect(found).toMatchObject({ macs: [LAPTOP], notFound: [] });
		const get = { resource: 'session', operation: 'get', searchBy: 'macAddress', value: LAPTOP, options: {} };
		expect(await runAlone(get)).toMatchObject([{ found: true, macAddress: LAPTOP }]);
		const everySession = { resource: 'session', operation: 'getMany', returnAll: true, options: {} };
		expect((await runAlone(everySession)).map(({ macAddress }) => macAddress)).toContain(LAPTOP);

		const [byIp] = await runAlone({ ...anc('apply', ''), identifyBy: 'ipAddress', ipAddresses: '10.1.1.7' });
		expect(byIp).toMatchObject({ allApplied: true, endpoints: [{ macAddress: LAPTOP, verified: true }] });
		await runAlone(anc('apply', SERVER));
		const one = { resource: 'ancEndpoint', operation: 'get', macAddress: LAPTOP, options: {} };
		expect(await runAlone(one)).toEqual([
			{ macAddress: LAPTOP, bound: true, policyName: 'Quarantine', id: null },
		]);
		const all = { resource: 'ancEndpoint', operation: 'getMany', options: {} };
		expect(await runAlone({ ...all, returnAll: true })).toEqual([
			{ id: null, macAddress: LAPTOP, policyName: 'Quarantine' },
			{ id: null, macAddress: SERVER, policyName: 'Quarantine' },
		]);
		expect(await runAlone({ ...all, returnAll: false, limit: 1 })).toHaveLength(1);

		const [cleared] = await runAlone(anc('clear', `${LAPTOP},${SERVER}`));
		expect(cleared).toMatchObject({ allCleared: true });
		expect(bindings()).toEqual([]);
		expect([calls(':9060'), calls('/admin/API/mnt')]).toEqual([0, 0]);
		expect(violations).toEqual([]);
	});

	it.each([
		['ers', anc('apply', LAPTOP, { containThrough: 'ers' })],
		['pxGridThenErs', anc('clear', LAPTOP, { containThrough: 'pxGridThenErs' })],
		[
			'ers',
			{
				resource: 'ancEndpoint',
				operation: 'get',
				macAddress: LAPTOP,
				options: { containThrough: 'ers' },
			},
		],
		['mnt', find({ ipAddresses: '10.1.1.7' }, { sessionSource: 'mnt' })],
		['pxGridThenMnt', find({ ipAddresses: '10.1.1.7' }, { sessionSource: 'pxGridThenMnt' })],
	])('refuses the interface %s, which has no account', async (_, parameters) => {
		const { runAlone, bindings } = setUp();
		await expect(runAlone(parameters)).rejects.toThrow('connects through pxGrid only');
		expect(bindings()).toEqual([]);
	});

	it('lists the policies for the field of Apply', async () => {
		const { policyOptions } = setUp();
		const options = await policyOptions({ resource: 'ancEndpoint', connectThrough: 'pxGrid' });
		expect(options).toContainEqual({ name: 'Quarantine', value: 'Quarantine' });
		await expect(policyOptions({ resource: 'ancEndpoint', connectThrough: 'ise' })).rejects.toThrow(
			'ciscoRtcIseApi',
		);
	});

	it('needs the credential of pxGrid', async () => {
		const { run } = setUp();
		await expect(run({ ...anc('apply', LAPTOP), connectThrough: 'pxGrid' }, false)).rejects.toThrow(
			'no pxGrid credential',
		);
	});
});

describe('the credentials that the node asks for', () => {
	const { description } = new CiscoIse();
	const asked = (parameters: IDataObject) =>
		description.credentials
			?.filter((credential) =>
				NodeHelpers.displayParameter(
					NodeHelpers.getNodeParameters(
						description.properties,
						parameters as never,
						true,
						false,
						null,
						description,
					)!,
					credential,
					null,
					description,
				),
			)
			.map(({ name, required }) => [name, required]);

	it.each([
		['a workflow saved before there was the choice', { resource: 'ancEndpoint', operation: 'apply' }, true],
		['the default', { resource: 'session', operation: 'find', connectThrough: 'ise' }, true],
		['pxGrid only', { resource: 'session', operation: 'find', connectThrough: 'pxGrid' }, false],
		['pxGrid left over from another resource', { resource: 'coa', connectThrough: 'pxGrid' }, true],
		['the account of pxGrid', { resource: 'pxGridAccount', operation: 'create' }, false],
	])('%s', (_, parameters, withIse) => {
		const pxGrid = ['ciscoRtcPxGridApi', false];
		expect(asked(parameters)).toEqual(withIse ? [['ciscoRtcIseApi', true], pxGrid] : [pxGrid]);
	});
});

it('sees what is bound at a network device, however many endpoints are asked for', async () => {
	const { lab, ise, runAlone, violations } = setUp();
	const atDevice = { policyName: 'Shutdown', macAddress: SERVER, nasIpAddress: '10.9.9.9' };
	await pxGridLab(lab, ise).service('com.cisco.ise.config.anc', 'applyEndpointPolicy', atDevice);
	lab.advance(5_000);
	const get = { resource: 'ancEndpoint', operation: 'get', macAddress: SERVER, options: {} };
	expect(await runAlone(get)).toMatchObject([{ bound: true, policyName: 'Shutdown' }]);
	const options = { failOnPartial: false };
	const [few] = await runAlone(anc('clear', SERVER, options));
	const macs = Array.from({ length: 19 }, (_, index) => `02:00:00:00:00:${index + 10}`);
	const [many] = await runAlone(anc('clear', [SERVER, ...macs].join(), options));
	for (const { endpoints } of [few, many])
		expect((endpoints as IDataObject[])[0]).toMatchObject({ macAddress: SERVER, status: 'failed', policyName: 'Shutdown' });
	expect(violations).toEqual([]);
});

describe('a change that falls over to the secondary node', () => {
	const ers = { containThrough: 'ers' };

	it('which takes none, goes on to pxGrid', async () => {
		const { ise, run, calls, bindings } = setUp();
		ise.setFault('primaryDown', true);
		expect(await run(anc('apply', LAPTOP))).toMatchObject([{ allApplied: true, endpoints: [{ status: 'applied' }] }]);
		expect(calls('/applyEndpointByMacAddress')).toBe(1);
		expect(await run(anc('clear', LAPTOP))).toMatchObject([{ endpoints: [{ status: 'cleared' }] }]);
		expect(bindings()).toEqual([]);
	});

	it('is not blamed on the endpoint where there is no pxGrid', async () => {
		const { ise, run } = setUp();
		ise.setFault('primaryDown', true);
		await expect(run(anc('apply', LAPTOP), false)).rejects.toThrow(
			"The primary node of Cisco ISE can't be reached, and the secondary node did not take the change",
		);
	});

	it('which was promoted, is done there', async () => {
		const { ise, run, bindings } = setUp();
		ise.setFault('primaryDown', true);
		ise.setFault('secondaryPromoted', true);
		await run(anc('apply', LAPTOP, ers));
		expect(await run(anc('apply', LAPTOP, ers))).toMatchObject([{ endpoints: [{ status: 'alreadyApplied' }] }]);
		expect(bindings()).toHaveLength(1);
		const cleared = await run(anc('clear', `${LAPTOP},${SERVER}`, ers));
		expect(cleared).toMatchObject([{ endpoints: [{ status: 'cleared' }, { status: 'notBound' }] }]);
	});
});

it.each([[false], [true]])('waits for a binding that shows a little later, pxGrid %s', async (withPxGrid) => {
	const { ise, run } = setUp();
	ise.setFault('bindingsLate', true);
	const options = { containThrough: withPxGrid ? 'pxGrid' : 'auto' };
	const applied = await run(anc('apply', LAPTOP, options), withPxGrid);
	expect(applied).toMatchObject([{ endpoints: [{ status: 'applied', verified: true }] }]);
});

describe('endpoint records', () => {
	const withRecords = (macAddresses: string) => find({ macAddresses }, { endpointRecords: true });

	it.each([
		['pxGrid', true],
		['the monitoring node', false],
	])('give the identity group that sessions of %s have not', async (_, withPxGrid) => {
		const { ise, run, violations } = setUp();
		ise.setFault('release33', true);
		const [found] = await run(withRecords(`${LAPTOP},${LAPTOP_WIFI}`), withPxGrid);
		expect(found).toMatchObject({
			sessions: [{ identityGroup: null }],
			endpointProfiles: ['Windows10-Workstation'],
			identityGroups: ['Workstation'],
			notFound: [LAPTOP_WIFI],
		});
		expect(violations).toEqual([]);
	});

	it('that can not be read leave the groups unknown, and the profiles of the sessions', async () => {
		const { run } = setUp({ down: ['/ers/config/endpoint'] });
		const [found] = await run(withRecords(LAPTOP));
		expect(found).toMatchObject({ endpointProfiles: ['Windows10-Workstation'], identityGroups: null });
	});

	it('are unknown with pxGrid alone', async () => {
		const { runAlone } = setUp();
		expect(await runAlone(withRecords(LAPTOP))).toMatchObject([
			{ endpointProfiles: ['Windows10-Workstation'], identityGroups: null },
		]);
	});

	it('are read in a number of calls that grows with the endpoints only by their own', async () => {
		const { run, calls } = setUp();
		await run(withRecords(`${LAPTOP},${SERVER},${PRINTER}`));
		expect(calls('/ers/config/endpoint?')).toBe(1);
		expect(calls('/ers/config/endpoint/')).toBe(3);
		expect(calls('/ers/config/endpointgroup/')).toBe(3);
	});
});
