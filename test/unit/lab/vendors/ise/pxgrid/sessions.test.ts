import { LAPTOP, LAPTOP_WIFI, PRINTER, SERVER } from '../../support';
import { pxGridLab, type Json } from './support';

const SESSION = 'com.cisco.ise.session';

test('gives the session of a user, in the fields of Session.java', async () => {
	const { service } = pxGridLab();
	const answer = await service(SESSION, 'getSessionByIpAddress', { ipAddress: '10.1.1.7' });
	expect(answer.status).toBe(200);
	expect(answer.body).toMatchObject({
		timestamp: '2026-03-04T07:06:07.000+02:00',
		state: 'STARTED',
		userName: 'ada@corp.example',
		macAddress: LAPTOP,
		callingStationId: LAPTOP,
		ipAddresses: ['10.1.1.7'],
		nasIpAddress: '10.0.0.1',
		nasPortId: 'GigabitEthernet1/0/1',
		nasPortType: 'Ethernet',
		endpointProfile: 'Windows10-Workstation',
		adNormalizedUser: 'ada',
		adUserDomainName: 'corp.example',
		adUserSamAccountName: 'ada',
		providers: ['None'],
		radiusFlowType: 'Wired802_1x',
		selectedAuthzProfiles: ['PermitAccess'],
	});
	expect(answer.body).not.toHaveProperty('ancPolicy');
	expect(answer.body).not.toHaveProperty('ssid');
});

test('shows a device let in by its address with that as user', async () => {
	const { service } = pxGridLab();
	const { body } = await service(SESSION, 'getSessionByMacAddress', { macAddress: PRINTER });
	expect(body).toMatchObject({ userName: PRINTER, serviceType: 'Call Check', radiusFlowType: 'WiredMAB' });
	expect(body).not.toHaveProperty('adUserDomainName');
});

test('names the network of a wireless session', async () => {
	const { lab, service } = pxGridLab();
	lab.nic(LAPTOP_WIFI).connected = true;
	const { body } = await service(SESSION, 'getSessionByMacAddress', { macAddress: LAPTOP_WIFI });
	expect(body).toMatchObject({ ssid: 'corp', nasPortType: 'Wireless - IEEE 802.11' });
});

test.each([
	['getSessionByIpAddress', { ipAddress: '10.9.9.9' }],
	['getSessionByMacAddress', { macAddress: LAPTOP_WIFI }],
	['getUserGroupByUserName', { userName: 'nobody@corp.example' }],
])('%s answers 204 when there is none', async (call, body) => {
	const { service } = pxGridLab();
	expect(await service(SESSION, call, body)).toEqual({ status: 204 });
});

test.each([
	['getSessionByIpAddress', { ip: '10.1.1.7' }],
	['getSessionByIpAddress', { ipAddress: 'ten' }],
	['getSessionByMacAddress', { macAddress: 'aa:bb:cc:00:00:01' }],
	['getSessionByMacAddress', {}],
	['getSessions', { startTimestamp: '2026-03-04' }],
	['getSessions', { startTimestamp: '2026-03-04T05:06:07' }],
	['getSessions', { since: 1 }],
	['getSessions', { filter: 'anything' }],
])('%s refuses %j', async (call, body) => {
	const { service } = pxGridLab();
	expect(await service(SESSION, call, body)).toMatchObject({ status: 400, violation: expect.any(String) });
});

test.each(['getSession', 'toString'])(
	'refuses the call %s, which the service does not have',
	async (call) => {
		const { service } = pxGridLab();
		expect(await service(SESSION, call, {})).toMatchObject({
			status: 404,
			violation: expect.stringMatching(/has no call/),
		});
	},
);

test('lists sessions from a time on', async () => {
	const { lab, service } = pxGridLab();
	const macs = async (body: object) =>
		(await service(SESSION, 'getSessions', body)).body.sessions.map((one: Json) => one.macAddress);
	expect(await macs({})).toEqual([LAPTOP, SERVER, PRINTER]);
	expect(await macs({ filter: "nasIpAddress == '10.0.0.2'" })).toEqual([SERVER]);
	lab.advance(60_000);
	lab.nic(LAPTOP_WIFI).connected = true;
	expect(await macs({ startTimestamp: '2026-03-04T07:06:08+02:00' })).toEqual([LAPTOP_WIFI]);
	expect(await macs({ startTimestamp: '2026-03-04T05:08:07.000Z' })).toEqual([]);
});

test('still knows ended sessions for recovery', async () => {
	const { lab, service } = pxGridLab();
	lab.advance(1000);
	lab.nic(LAPTOP).connected = false;
	const all = (await service(SESSION, 'getSessionsForRecovery')).body.sessions;
	expect(all).toContainEqual(
		expect.objectContaining({
			macAddress: LAPTOP,
			state: 'DISCONNECTED',
			timestamp: '2026-03-04T07:06:08.000+02:00',
		}),
	);
	const window = { startTimestamp: '2026-03-04T05:06:08Z', endTimestamp: '2026-03-04T05:06:09Z' };
	expect((await service(SESSION, 'getSessionsForRecovery', window)).body.sessions).toHaveLength(1);
	const live = (await service(SESSION, 'getSessions')).body.sessions;
	expect(live.map((one: Json) => one.state)).toEqual(['STARTED', 'STARTED']);
});

test('gives the groups of users', async () => {
	const { service } = pxGridLab();
	const { userGroups } = (await service(SESSION, 'getUserGroups')).body;
	expect(userGroups.map((one: Json) => one.userName)).toEqual(['ada@corp.example', SERVER, PRINTER]);
	const { groups } = (await service(SESSION, 'getUserGroupByUserName', { userName: 'ada@corp.example' }))
		.body;
	expect(groups).toContainEqual({ name: 'corp.example/Users/Domain Users', type: 'ACTIVE_DIRECTORY' });
	expect(userGroups[0].groups).toEqual(groups);
});

test('loses the body of as many replies as told', async () => {
	const { ise, service } = pxGridLab();
	ise.setFault('pxgridEmptyReply', 2);
	const ask = async () => await service(SESSION, 'getSessionByIpAddress', { ipAddress: '10.1.1.7' });
	expect(await ask()).toEqual({ status: 200, body: '' });
	expect(await ask()).toEqual({ status: 200, body: '' });
	expect((await ask()).body.macAddress).toBe(LAPTOP);
});

test('has no failures to report', async () => {
	const { service } = pxGridLab();
	expect((await service('com.cisco.ise.radius', 'getFailures')).body).toEqual({ failures: [] });
});
