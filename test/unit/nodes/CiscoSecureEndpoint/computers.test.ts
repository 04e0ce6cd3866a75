import type { IDataObject } from 'n8n-workflow';
import type { SentRequest } from '../support/fakeContext';
import { fixture, GUID, OTHER_GUID, run, vendorError } from './support';

const computerOf = (connector_guid: string, hostname: string, ...macs: string[]): IDataObject => ({
	connector_guid,
	hostname,
	network_addresses: macs.map((mac, i) => ({ mac, ip: `10.0.0.${i + 1}` })),
	internal_ips: ['10.0.0.9', 'fe80::1'],
});

/** Plays `/v1/computers` with these computers; host names are searched, not compared. */
function computerServer(...computers: IDataObject[]) {
	return ({ url, method, body }: SentRequest) => {
		const [, , , guid] = url.pathname.split('/');
		const found = computers.find(({ connector_guid }) => connector_guid === guid);
		if (guid === 'user_activity') return { body: { data: computers.slice(0, 1) } };
		if (guid !== undefined) {
			if (guid === 'not-a-guid') return vendorError(400, 'Bad Request', 'Invalid GUID');
			if (!found) return vendorError(404, 'Not Found');
			return { body: { data: method === 'PATCH' ? { ...found, ...(body as object) } : found } };
		}
		const names = url.searchParams.getAll('hostname[]').map((name) => name.toLowerCase());
		const matches = ({ hostname }: IDataObject) =>
			names.length === 0 || names.some((name) => String(hostname).toLowerCase().includes(name));
		return { body: { data: computers.filter(matches) } };
	};
}

const op = (operation: string, more: object) => ({ resource: 'computer', operation, ...more });

describe('Get Network Addresses', () => {
	const find = async (connectorGuids: unknown, hostnames: unknown, ...computers: IDataObject[]) => {
		const parameters = op('getNetworkAddresses', { connectorGuids, hostnames }) as IDataObject;
		const { json } = await run({ parameters, server: computerServer(...computers) });
		expect(json).toHaveLength(1);
		return json[0];
	};
	const laptop = computerOf(GUID, 'LAPTOP-1.corp.example', '00:50:56:aa:bb:01', '00:50:56:aa:bb:02');

	it('finds every network card', async () => {
		await expect(find([GUID], '', laptop)).resolves.toEqual({
			connectorGuids: [GUID],
			macs: ['00:50:56:AA:BB:01', '00:50:56:AA:BB:02'],
			ips: ['10.0.0.1', '10.0.0.2', '10.0.0.9'],
			hostnames: ['laptop-1.corp.example'],
			users: [],
			notFound: [],
			ambiguous: [],
		});
	});

	it.each([
		['laptop-1.corp.example', [GUID]],
		['LAPTOP-1', [GUID]],
		['laptop', []],
		['laptop-1.other.example', []],
	])('host name %s is compared exactly', async (hostname, expected) => {
		const answer = await find('', hostname, laptop, computerOf(OTHER_GUID, 'laptop-11'));
		expect(answer.connectorGuids).toEqual(expected);
		expect(answer.notFound).toEqual(expected.length === 0 ? [hostname] : []);
	});

	it('does not use a host name of two connectors', async () => {
		const answer = await find(
			'',
			'laptop-1',
			laptop,
			computerOf(OTHER_GUID, 'laptop-1.branch.example', '00:50:56:00:00:01'),
		);
		expect(answer).toMatchObject({
			connectorGuids: [],
			macs: [],
			notFound: [],
			ambiguous: [{ hostname: 'laptop-1', connectorGuids: [GUID, OTHER_GUID] }],
		});
	});

	it.each([
		['web01', ['web01', 'web01.prod.example'], 2],
		['web01', ['web01.prod.example', 'web01.dmz.example'], 2],
		['web01', ['web01.prod.example', 'web011.prod.example'], 1],
		['web01.prod.example', ['web01', 'web01.prod.example', 'web01.dmz.example'], 1],
		['web01.prod.example', ['web01.dmz.example'], 0],
		['web01.prod.example', ['web01', 'web01.dmz.example'], 1],
	])('the name %s among %j fits %i', async (hostname, names, count) => {
		const guids = [GUID, OTHER_GUID, 'third'];
		const answer = await find('', [hostname], ...names.map((name, i) => computerOf(guids[i], name)));
		const [connectorGuids, ambiguous, notFound] = [answer.connectorGuids, answer.ambiguous, answer.notFound] as unknown[][];
		expect([connectorGuids.length, ambiguous.length, notFound.length]).toEqual([
			Number(count === 1),
			Number(count > 1),
			Number(count === 0),
		]);
	});

	it.each([[["jane's iphone"]], ["jane's iphone"]])('takes %j for one name', async (hostnames) => {
		const answer = await find('', hostnames, computerOf(GUID, 'iPhone'), computerOf(OTHER_GUID, "Jane's iPhone"));
		expect(answer).toMatchObject({ connectorGuids: [OTHER_GUID], notFound: [], ambiguous: [] });
	});

	it('counts a computer once that was asked for twice', async () => {
		const answer = await find(`${GUID},${GUID}`, 'laptop-1', laptop);
		expect(answer).toMatchObject({
			connectorGuids: [GUID],
			macs: ['00:50:56:AA:BB:01', '00:50:56:AA:BB:02'],
		});
	});

	it('goes on past GUIDs that are unknown or wrong', async () => {
		await expect(find([OTHER_GUID, 'not-a-guid', GUID], [], laptop)).resolves.toMatchObject({
			connectorGuids: [GUID],
			notFound: [OTHER_GUID, 'not-a-guid'],
		});
	});

	it('gives one item for nothing', async () => {
		await expect(find([], [])).resolves.toMatchObject({ connectorGuids: [], macs: [], notFound: [] });
	});
});

describe('Get', () => {
	it('gives ten fields, or all of them', async () => {
		const server = () => ({ body: fixture('computer-patched') });
		const parameters = op('get', { computer: { __rl: true, mode: 'id', value: GUID } }) as IDataObject;
		const simple = await run({ parameters, server });
		expect(simple.json).toEqual([
			{
				connectorGuid: GUID,
				hostname: 'Demo_Command_Line_Arguments_Kovter',
				active: true,
				operatingSystem: 'Windows 10, SP 0.0',
				lastSeen: undefined,
				internalIps: ['48.228.237.163'],
				macs: ['CD:E0:30:42:21:F7'],
				groupGuid: '68665863-74d5-4bc1-ac7f-5477b2b6406e',
				policyName: 'Triage Policy',
				isolationStatus: 'not_isolated',
			},
		]);
		const raw = await run({ parameters: { ...parameters, simplify: false }, server });
		expect(raw.json).toEqual([(fixture('computer-patched') as { data: object }).data]);
	});

	it('tells the vendor text when the key is refused, and not the key', async () => {
		const failing = run({
			parameters: op('get', { computer: GUID }) as IDataObject,
			server: () => vendorError(401, 'Unauthorized', 'Unknown API key or Client ID'),
		});
		await expect(failing).rejects.toMatchObject({
			message: `Secure Endpoint answered 401 to GET /v1/computers/${GUID}`,
			description: expect.stringContaining('Unknown API key or Client ID') as string,
		});
		const error = (await failing.catch((caught: unknown) => caught)) as Error;
		expect(JSON.stringify(error)).not.toMatch(/topsecret|Y2xpZW50OnRvcHNlY3JldA/);
	});

	it('needs a GUID', async () => {
		await expect(run({ parameters: op('get', { computer: ' ' }) as IDataObject })).rejects.toThrow(
			'Computer is empty',
		);
	});
});

describe('Get Many', () => {
	const computers = [
		computerOf(GUID, 'a', '00:50:56:aa:bb:01'),
		computerOf(OTHER_GUID, 'b', '00:50:56:aa:bb:02'),
	];
	const names = async (filters: object) => {
		const parameters = op('getMany', { filters, returnAll: true }) as IDataObject;
		const { json, requests } = await run({ parameters, server: computerServer(...computers) });
		return { names: json.map(({ hostname }) => hostname), requests };
	};

	it.each([
		[{}, ['a', 'b']],
		[{ hostname: 'b' }, ['b']],
		[{ mac: '0050.56AA.BB02' }, ['b']],
		[{ user: 'jdoe' }, ['a']],
		[{ user: 'jdoe', mac: '00-50-56-AA-BB-02' }, []],
	])('with %j', async (filters, expected) => {
		await expect(names(filters)).resolves.toMatchObject({ names: expected });
	});

	it('sends what the API can filter', async () => {
		const { requests } = await names({
			internalIp: '10.0.0.1',
			externalIp: '203.0.113.1',
			groups: ['g'],
			lastSeenWithin: 3,
			lastSeenOver: 0,
		});
		expect(Object.fromEntries(requests[0].url.searchParams)).toEqual({
			limit: '500',
			internal_ip: '10.0.0.1',
			external_ip: '203.0.113.1',
			'group_guid[]': 'g',
			last_seen_within: '3',
		});
	});

	it('refuses a MAC address that is none', async () => {
		await expect(names({ mac: 'zz' })).rejects.toThrow('MAC Address is not valid');
	});
});

it('Get Trajectory gives the computer and what happened', async () => {
	const { json, requests } = await run({
		parameters: op('getTrajectory', { computer: GUID, search: '10.0.0.1', limit: 5 }) as IDataObject,
		server: () => ({ body: fixture('computer-trajectory') }),
	});
	expect(requests[0].url.search).toBe('?q=10.0.0.1&limit=5');
	expect(json[0]).toMatchObject({
		computer: { connectorGuid: GUID },
		events: [{ eventType: 'Executed by', fileName: 'taskmgr.exe' }, { date: '2020-02-17T11:49:33+00:00' }],
	});
});

it.each([
	['getActivity', { observable: 'evil.exe' }, '/v1/computers/activity?limit=50&q=evil.exe'],
	['getUserActivity', { user: 'jdoe' }, '/v1/computers/user_activity?limit=50&q=jdoe'],
])('%s', async (operation, more, path) => {
	const { json, requests } = await run({
		parameters: op(operation, { ...more, returnAll: false, limit: 50 }) as IDataObject,
		server: () => ({ body: fixture('computers-activity-by-sha256') }),
	});
	expect(requests[0].url.pathname + requests[0].url.search).toBe(path);
	expect(json).toEqual([
		{ connectorGuid: '367a2c23-d0e7-464b-ac3f-9a209868b31d', hostname: 'Demo_Stabuniq', active: true },
	]);
});

it('Move to Group patches the computer', async () => {
	const { json, requests } = await run({
		parameters: op('moveToGroup', { computer: GUID, group: 'triage' }) as IDataObject,
		server: computerServer(computerOf(GUID, 'a')),
	});
	expect(requests[0]).toMatchObject({ method: 'PATCH', body: { group_guid: 'triage' } });
	expect(json[0]).toMatchObject({ connectorGuid: GUID, groupGuid: 'triage' });
});
