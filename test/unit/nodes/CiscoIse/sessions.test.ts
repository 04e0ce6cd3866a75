import type { IDataObject } from 'n8n-workflow';
import { CiscoIse } from '../../../../nodes/CiscoIse/CiscoIse.node';
import { fakeExecute, type FakeAnswer, type FakeServer } from '../support/fakeContext';
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

/** Where the details of a session agree with the list of active sessions, which has another user. */
function iseWhereListAndDetailsAgree(): FakeIse {
	const ise = iseWithSessions();
	ise.sessions.set(`MACAddress/${A}`, fixture('mnt-session.xml').replace('o&apos;neil', 'jdoe'));
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
		const { json, paths } = await run(iseWhereListAndDetailsAgree().handle, find({ userNames: 'JDoe' }));
		expect(json[0]).toMatchObject({ macs: [A, B], notFound: [] });
		expect((json[0].sessions as IDataObject[])[0].endpointProfile).toBe('Microsoft-Workstation');
		expect(paths.filter((path) => path === '/Session/ActiveList')).toHaveLength(1);
	});

	it.each([
		['LAB\\jdoe', [A]],
		['jdoe@lab.example', [B]],
		['OTHER\\jdoe', []],
	])('a name with domain means only itself: %s', async (userNames, macs) => {
		const { json } = await run(iseWhereListAndDetailsAgree().handle, find({ userNames }));
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

	it.each([
		['failed', '<passed>0</passed><failed>1</failed>', []],
		['passed', '<passed>1</passed><failed>0</failed>', [A]],
		['told nobody', '', [A]],
	])('a session whose authentication %s', async (_, state, macs) => {
		const ise = new FakeIse();
		const document = `<sessionParameters><user_name>jdoe</user_name><calling_station_id>${A}</calling_station_id><framed_ip_address>10.1.33.33</framed_ip_address>${state}</sessionParameters>`;
		ise.sessions.set('EndPointIPAddress/10.1.33.33', document);
		ise.sessions.set('UserName/jdoe', document);
		const byIp = await run(ise.handle, find({ ipAddresses: '10.1.33.33' }));
		const byUser = await run(ise.handle, find({ userNames: 'jdoe' }, { allUserSessions: false }));
		expect([byIp.json[0].macs, byUser.json[0].macs]).toEqual([macs, macs]);
	});

	it.each([
		['10.9.9.9', []],
		['10.9.9.9, 10.1.33.33', [A]],
		['', [A]],
	])('of an answer with the addresses "%s" to the question for 10.1.33.33', async (addresses, macs) => {
		const ise = new FakeIse();
		ise.sessions.set(
			'EndPointIPAddress/10.1.33.33',
			`<sessionParameters><calling_station_id>${A}</calling_station_id><framed_ip_address>${addresses}</framed_ip_address></sessionParameters>`,
		);
		const { json } = await run(ise.handle, find({ ipAddresses: '10.1.33.33' }));
		expect(json[0].macs).toEqual(macs);
		const get = { operation: 'get', searchBy: 'ipAddress', value: '10.1.33.33' };
		expect((await run(ise.handle, get)).json[0].found).toBe(macs.length === 1);
	});

	describe('from the list of active sessions', () => {
		const IP = '10.1.33.33';
		const ips = Array.from({ length: 20 }, (_, index) => `10.1.33.${index + 33}`);
		const row = (mac: string, ip: string, user = 'jdoe') =>
			`<activeSession><user_name>${user}</user_name><calling_station_id>${mac}</calling_station_id>` +
			`<framed_ip_address>${ip}</framed_ip_address><audit_session_id>${mac}</audit_session_id></activeSession>`;
		const details = (mac: string, ip: string, status = 'Start', user = 'jdoe') =>
			row(mac, ip, user)
				.replace('<activeSession>', `<sessionParameters><acct_status_type>${status}</acct_status_type>`)
				.replace('</activeSession>', '</sessionParameters>');
		const iseWith = (rows: string[], documents: Record<string, string>) => {
			const ise = new FakeIse();
			ise.sessions.set('ActiveList', `<activeList>${rows.join('')}</activeList>`);
			for (const [path, document] of Object.entries(documents)) ise.sessions.set(path, document);
			return ise;
		};
		const macsOf = ([{ macs }]: IDataObject[]) => macs;

		it.each([[false], [true]])(
			'asks for an address that two endpoints have, with details %s',
			async (alwaysLoadDetails) => {
				const ise = iseWith([row(A, IP), row(B, IP)], {
					[`EndPointIPAddress/${IP}`]: details(A, IP),
					[`MACAddress/${A}`]: details(A, IP),
					[`MACAddress/${B}`]: details(B, IP),
				});
				const { json, paths } = await run(ise.handle, find({ ipAddresses: ips }, { alwaysLoadDetails }));
				expect(json[0]).toMatchObject({ macs: [A], notFound: ips.slice(1) });
				expect(paths).toEqual(['/Session/ActiveList', `/Session/EndPointIPAddress/${IP}`]);
			},
		);

		it('asks once for an address that two endpoints and several items have', async () => {
			const ise = iseWith([row(A, IP), row('198.51.100.7', IP)], {
				[`EndPointIPAddress/${IP}`]: details(A, IP),
			});
			const items = [IP, IP, ...ips].map((ip) => find({ ipAddresses: ip }));
			const { json, paths } = await run(ise.handle, items);
			expect(json.slice(0, 3).map(({ macs }) => macs)).toEqual([[A], [A], [A]]);
			expect(paths).toHaveLength(2);
		});

		it('finds nobody when the address that two endpoints have is of an ended session', async () => {
			const ise = iseWith([row(A, IP), row(B, IP)], {
				[`EndPointIPAddress/${IP}`]: details(A, IP, 'Stop'),
			});
			const { json } = await run(ise.handle, find({ ipAddresses: ips }));
			expect(json[0]).toEqual({ sessions: [], macs: [], notFound: ips });
		});

		it('asks no further when one endpoint has several sessions with an address', async () => {
			const ise = iseWith([row(A, IP), row(A, IP)], {});
			const { json, paths } = await run(ise.handle, find({ ipAddresses: ips }));
			expect([macsOf(json), paths]).toEqual([[A], ['/Session/ActiveList']]);
		});

		it.each([
			['ended', details(A, IP, 'Stop')],
			['got another address', details(A, '10.9.9.9')],
		])('leaves out an endpoint whose session %s', async (_, document) => {
			const ise = iseWith([row(A, IP), row(B, '10.1.33.34')], {
				[`MACAddress/${A}`]: document,
				[`MACAddress/${B}`]: details(B, '10.1.33.34'),
			});
			const { json } = await run(ise.handle, find({ ipAddresses: ips }, { alwaysLoadDetails: true }));
			expect(json[0]).toMatchObject({ macs: [B], notFound: ips.filter((ip) => ip !== '10.1.33.34') });
		});

		it.each([
			['ended', details(A, IP, 'Stop')],
			['is another user’s by now', details(A, IP, 'Start', 'ada')],
		])('leaves out a session of a user that %s', async (_, document) => {
			const ise = iseWith([row(A, IP)], { [`MACAddress/${A}`]: document });
			const { json } = await run(ise.handle, find({ userNames: 'jdoe' }));
			expect(json[0]).toEqual({ sessions: [], macs: [], notFound: ['jdoe'] });
		});

		it('keeps an ended session for its MAC address', async () => {
			const ise = iseWith([row(A, IP)], { [`MACAddress/${A}`]: details(A, IP, 'Stop') });
			const fields = { macAddresses: A, ipAddresses: ips };
			const { json } = await run(ise.handle, find(fields, { alwaysLoadDetails: true }));
			expect(json[0]).toMatchObject({ macs: [A], sessions: [{ state: 'DISCONNECTED' }], notFound: ips });
		});
	});

	describe('without a list of active sessions that can be read', () => {
		const ips = Array.from({ length: 25 }, (_, index) => `10.1.33.${index + 33}`);
		const tooLarge = `<activeList>${' '.repeat(32 * 1024 * 1024)}</activeList>`;
		const iseWithList = (list: FakeAnswer) => {
			const ise = iseWithSessions();
			let [now, most] = [0, 0];
			const server: FakeServer = async (request) => {
				if (request.url.pathname.endsWith('/ActiveList')) return list;
				most = Math.max(most, ++now);
				await new Promise((resolve) => setTimeout(resolve, 2));
				now--;
				return await ise.handle(request);
			};
			return { server, mostAtOnce: () => most };
		};

		it.each([
			['too large', { body: tooLarge }],
			['refused', { status: 500, body: '<html>Out of memory</html>' }],
			['cut off', { body: '<activeList><activeSession>' }],
		])('asks for the addresses, and once for a list that is %s', async (_, list) => {
			const { server, mostAtOnce } = iseWithList(list);
			const items = [
				find({ ipAddresses: ips }),
				find({ macAddresses: [A, B] }),
				find({ userNames: 'LAB\\jdoe' }, { allUserSessions: false }),
				...ips.map((ip) => find({ ipAddresses: ip })),
			];
			const { json, paths } = await run(server, items);
			expect(json.slice(0, 4)).toEqual([
				{ sessions: [session], macs: [A], notFound: ips.slice(1) },
				{ sessions: [session], macs: [A], notFound: [B] },
				{ sessions: [session], macs: [A], notFound: [] },
				{ sessions: [session], macs: [A], notFound: [] },
			]);
			expect(paths.filter((path) => path === '/Session/ActiveList')).toHaveLength(1);
			expect(paths).toHaveLength(1 + ips.length + 2 + 1);
			expect(mostAtOnce()).toBeGreaterThan(1);
		});

		it('asks for at most 8 addresses of an item at once', async () => {
			const { server, mostAtOnce } = iseWithList({ body: tooLarge });
			await run(server, find({ ipAddresses: ips }));
			expect(mostAtOnce()).toBe(8);
		});

		it('does not ask on with an account that was refused', async () => {
			const { server } = iseWithList({ status: 401, body: '<html>Unauthorized</html>' });
			const parameters = { resource: 'session', ...find({ ipAddresses: ips }) };
			const context = fakeExecute({ parameters, credentials, server });
			await expect(new CiscoIse().execute.call(context)).rejects.toThrow('answered 401');
			expect(context.requests).toHaveLength(1);
		});

		it('fails for a user, whose other sessions it could not know', async () => {
			const { server } = iseWithList({ body: tooLarge });
			await expect(run(server, find({ userNames: 'jdoe' }))).rejects.toThrow('/Session/ActiveList');
		});
	});

	it('reads a list of active sessions that is larger than other answers may be', async () => {
		const ise = iseWithSessions();
		const padding = `<server>${'x'.repeat(11 * 1024 * 1024)}</server>`;
		const list = fixture('mnt-active-list.xml').replace('<server>ise-psn-1</server>', padding);
		ise.sessions.set('ActiveList', list);
		const ipAddresses = Array.from({ length: 20 }, (_, index) => `10.1.33.${index + 33}`);
		const { json, paths } = await run(ise.handle, find({ ipAddresses }));
		expect([json[0].macs, paths]).toEqual([[A, B], ['/Session/ActiveList']]);
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
		['the recorded form with status 200', 200, fixture('mnt-no-session.xml')],
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
		['a document of another form', 200, '<html><body>Welcome</body></html>', /answered 200/],
		[
			'another reason with 200',
			200,
			result('<internal-error-info>Database is down</internal-error-info>'),
			/answered 200/,
		],
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

	it('does not take a document of another form for an empty list', async () => {
		const parameters = { operation: 'getMany', returnAll: true };
		await expect(run(() => ({ body: '<html/>' }), parameters)).rejects.toMatchObject({
			description: expect.stringContaining('The answer has no activeList or activeSessionList') as string,
		});
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
