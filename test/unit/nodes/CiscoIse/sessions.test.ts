import type { IDataObject } from 'n8n-workflow';
import { CiscoIse } from '../../../../nodes/CiscoIse/CiscoIse.node';
import { fakeExecute, type FakeServer } from '../support/fakeContext';
import { credentials, FakeIse, fixture } from './fakeIse';

const [A, B] = ['00:50:56:8B:95:4A', '00:50:56:8B:95:4B'];

async function run(server: FakeServer, parameters: IDataObject | IDataObject[], continueOnFail = false) {
	const withResource = [parameters].flat().map((table) => ({ resource: 'session', ...table }));
	const context = fakeExecute({ parameters: withResource, credentials, server, continueOnFail });
	const [output] = await new CiscoIse().execute.call(context);
	const paths = context.requests.map(({ url }) =>
		url.href.replace('https://ise.example.com/admin/API/mnt', ''),
	);
	return { json: output.map((item) => item.json), paths, context };
}

const find = (fields: IDataObject, options: IDataObject = {}) => ({ operation: 'find', ...fields, options });

const session = {
	macAddress: A,
	ipAddresses: ['10.1.33.33', '2001:db8::33', '2001:db8::34'],
	userName: "LAB\\o'neil",
	state: 'STARTED',
	nasIpAddress: '10.1.1.1',
	nasPortId: 'GigabitEthernet1/0/7',
	server: 'ise-psn-1',
	endpointProfile: 'Microsoft-Workstation',
	identityGroup: 'Profiled',
	securityGroup: 'Employees',
	auditSessionId: '0A0101010000000A1B2C3D4E',
	startedAt: '2026-02-18T13:11:57.723Z',
};

function iseWithSessions(): FakeIse {
	const ise = new FakeIse();
	ise.sessions.set(`MACAddress/${A}`, fixture('mnt-session.xml'));
	ise.sessions.set('EndPointIPAddress/10.1.33.33', fixture('mnt-session.xml'));
	ise.sessions.set('UserName/LAB%5Cjdoe', fixture('mnt-session.xml'));
	ise.sessions.set('ActiveList', fixture('mnt-active-list.xml'));
	return ise;
}

describe('Find', () => {
	it('reads a session by IP and MAC address on the monitoring port, as XML', async () => {
		const fields = { ipAddresses: ['10.1.33.33', '10.9.9.9'], macAddresses: A.toLowerCase() };
		const { json, paths, context } = await run(iseWithSessions().handle, find(fields));
		expect(json).toEqual([{ sessions: [session], macs: [A], notFound: ['10.9.9.9'] }]);
		expect(paths).toEqual([
			'/Session/EndPointIPAddress/10.1.33.33',
			'/Session/EndPointIPAddress/10.9.9.9',
			`/Session/MACAddress/${A}`,
		]);
		expect(context.requests[0].headers.accept).toBe('application/xml');
	});

	it('asks once for an address that several items name', async () => {
		const items = Array.from({ length: 10 }, () => find({ ipAddresses: '10.1.33.33' }));
		const { json, paths } = await run(iseWithSessions().handle, items);
		expect(json.map(({ macs }) => macs)).toEqual(items.map(() => [A]));
		expect(paths).toHaveLength(1);
	});

	it('reads the fields of every item once, however many there are', async () => {
		const items = Array.from({ length: 100 }, (_, index) => find({ ipAddresses: `10.2.0.${index}` }));
		const context = fakeExecute({ parameters: items.map((table) => ({ resource: 'session', ...table })), credentials, server: iseWithSessions().handle });
		const read = jest.spyOn(context, 'getNodeParameter');
		await new CiscoIse().execute.call(context);
		expect(read.mock.calls.filter(([name]) => name === 'ipAddresses')).toHaveLength(100);
	});

	it('can leave out what may belong to somebody else by now', async () => {
		const items = [
			find({ macAddresses: A, ipAddresses: '10.9.9.9', userNames: 'jdoe' }, { preferMac: true }),
			find({ macAddresses: [], ipAddresses: '10.1.33.33' }, { preferMac: true }),
		];
		const { json, paths } = await run(iseWithSessions().handle, items);
		expect(json).toMatchObject([{ macs: [A], notFound: [] }, { macs: [A], notFound: [] }]);
		expect(paths.sort()).toEqual(['/Session/EndPointIPAddress/10.1.33.33', `/Session/MACAddress/${A}`]);
	});

	it('finds every session of a user, with or without domain, and completes them', async () => {
		const { json, paths } = await run(iseWithSessions().handle, find({ userNames: 'JDoe' }));
		expect(json[0]).toMatchObject({ macs: [A, B], notFound: [] });
		expect((json[0].sessions as IDataObject[])[0].endpointProfile).toBe('Microsoft-Workstation');
		expect(paths.filter((path) => path === '/Session/ActiveList')).toHaveLength(1);
	});

	it.each([
		['LAB\\jdoe', [A]],
		['jdoe@lab.example', [B]],
		['OTHER\\jdoe', []],
	])('a name with domain means only itself: %s', async (userNames, macs) => {
		const { json } = await run(iseWithSessions().handle, find({ userNames }));
		expect(json[0].macs).toEqual(macs);
	});

	it('can ask for the last session of a user only', async () => {
		const { json, paths } = await run(
			iseWithSessions().handle,
			find({ userNames: 'LAB\\jdoe' }, { allUserSessions: false }),
		);
		expect(json[0].macs).toEqual([A]);
		expect(paths).toEqual(['/Session/UserName/LAB%5Cjdoe']);
	});

	it('reads the active list once when 20 or more addresses are asked, over all items', async () => {
		const items = Array.from({ length: 20 }, (_, index) => find({ ipAddresses: `10.1.33.${index + 20}` }));
		const { json, paths } = await run(iseWithSessions().handle, items);
		expect(paths).toEqual(['/Session/ActiveList']);
		expect(json[13]).toMatchObject({ macs: [A], notFound: [] });
		expect(json[14]).toMatchObject({ macs: [B] });
		expect(json[15]).toEqual({ sessions: [], macs: [], notFound: ['10.1.33.35'] });
	});

	it('completes sessions of the active list when asked to', async () => {
		const ips = Array.from({ length: 20 }, (_, index) => `10.1.33.${index + 20}`);
		const { json } = await run(
			iseWithSessions().handle,
			find({ ipAddresses: ips }, { alwaysLoadDetails: true }),
		);
		const [detailed, plain] = json[0].sessions as IDataObject[];
		expect([detailed.endpointProfile, plain.endpointProfile]).toEqual(['Microsoft-Workstation', null]);
	});

	it('does not take an ended session for the owner of an address', async () => {
		const ise = iseWithSessions();
		const ended = fixture('mnt-session.xml').replace('Interim-Update', 'Stop');
		ise.sessions.set('EndPointIPAddress/10.1.33.33', ended);
		ise.sessions.set(`MACAddress/${A}`, ended);
		const byIp = await run(ise.handle, find({ ipAddresses: '10.1.33.33' }));
		expect(byIp.json[0]).toEqual({ sessions: [], macs: [], notFound: ['10.1.33.33'] });
		const byMac = await run(ise.handle, find({ macAddresses: A }));
		expect(byMac.json[0]).toMatchObject({ sessions: [{ state: 'DISCONNECTED' }], macs: [A] });
	});

	it('names a value that is no address', async () => {
		await expect(run(new FakeIse().handle, find({ ipAddresses: '10.1.33.300' }))).rejects.toThrow(
			'"10.1.33.300"',
		);
	});

	it('gives an empty answer for nothing', async () => {
		const { json, paths } = await run(new FakeIse().handle, find({}));
		expect(json).toEqual([{ sessions: [], macs: [], notFound: [] }]);
		expect(paths).toEqual([]);
	});
});

describe('no session or a fault', () => {
	const get = { operation: 'get', searchBy: 'macAddress', value: A };
	const result = (inner: string) =>
		`<?xml version="1.0"?><mnt-rest-result><http-code>500</http-code>${inner}</mnt-rest-result>`;

	it.each([
		['the recorded form', 500, fixture('mnt-no-session.xml')],
		['only a code', 500, result('<cpm-code>34110</cpm-code>')],
		[
			'only a text',
			500,
			result('<internal-error-info>Session data is not available for x.</internal-error-info>'),
		],
		['a document with status 404', 404, result('')],
		['an empty session', 200, '<sessionParameters/>'],
	])('%s is no session', async (_, status, body) => {
		const { json } = await run(() => ({ status, body }), get);
		expect(json).toEqual([{ found: false }]);
	});

	it.each([
		['a page', 500, '<html><body>Internal Server Error<br></body></html>', /answered 500/],
		['nothing', 500, '', /answered 500/],
		[
			'another reason',
			500,
			result('<internal-error-info>Database is down</internal-error-info>'),
			/answered 500/,
		],
		['a page with 404', 404, '<html>Not here</html>', /answered 404/],
		['a refused account', 401, '<html>Unauthorized</html>', /answered 401/],
		['text that is cut off', 200, '<sessionParameters><user_name>jd', /answered 200/],
	])('%s is an error', async (_, status, body, message) => {
		await expect(run(() => ({ status, body }), get)).rejects.toThrow(message);
	});
});

describe('Get and Get Many', () => {
	it.each([
		['macAddress', A.toLowerCase(), `/Session/MACAddress/${A}`],
		['ipAddress', '10.1.33.33', '/Session/EndPointIPAddress/10.1.33.33'],
		['userName', 'LAB\\jdoe', '/Session/UserName/LAB%5Cjdoe'],
	])('searches by %s', async (searchBy, value, path) => {
		const { json, paths } = await run(iseWithSessions().handle, { operation: 'get', searchBy, value });
		expect(paths).toEqual([path]);
		expect(json).toEqual([{ found: true, ...session }]);
	});

	it('gives the raw session on demand, numbers as text', async () => {
		const parameters = { operation: 'get', searchBy: 'macAddress', value: A, simplify: false };
		const { json } = await run(iseWithSessions().handle, parameters);
		expect(json[0]).toMatchObject({
			found: true,
			calling_station_id: '00-50-56-8b-95-4a',
			response_time: '621',
			passed: 'true',
		});
	});

	it('lists active sessions; a VPN session has no MAC address', async () => {
		const { json } = await run(iseWithSessions().handle, { operation: 'getMany', returnAll: true });
		expect(json.map(({ macAddress, ipAddresses, server }) => [macAddress, ipAddresses, server])).toEqual([
			[A, ['10.1.33.33'], 'ise-psn-1'],
			[B, ['10.1.33.34'], 'ise-psn-2'],
			[null, ['10.9.0.5'], 'ise-psn-2'],
		]);
	});

	it.each(['<activeList noOfActiveSession="0"></activeList>', '<activeList noOfActiveSession="0"/>'])(
		'an empty list is empty: %s',
		async (body) => {
			const { json } = await run(() => ({ body }), { operation: 'getMany', returnAll: true });
			expect(json).toEqual([]);
		},
	);

	it('reads a list of one', async () => {
		const body = `<activeSessionList><activeSession><calling_station_id>${A}</calling_station_id></activeSession></activeSessionList>`;
		const { json } = await run(() => ({ body }), { operation: 'getMany', returnAll: true });
		expect(json).toMatchObject([{ macAddress: A }]);
	});
});
