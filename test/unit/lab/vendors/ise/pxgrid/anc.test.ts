import { basic, LAPTOP, LAPTOP_WIFI, SERVER, send } from '../../support';
import { pxGridLab, type Json, type PxGridLab } from './support';

const ANC = 'com.cisco.ise.config.anc';

/** Longest time that an operation takes. */
const OPERATION_MS = 2000;

/** Starts an operation and answers how it ended. */
async function outcome(px: PxGridLab, call: string, body: object): Promise<Json> {
	const { operationId } = (await px.service(ANC, call, body)).body;
	px.lab.advance(OPERATION_MS);
	return (await px.service(ANC, 'getOperationStatus', { operationId })).body;
}

const quarantine = async (px: PxGridLab, macAddress = LAPTOP) =>
	await outcome(px, 'applyEndpointByMacAddress', { policyName: 'Quarantine', macAddress });

describe('an operation', () => {
	it('runs first and ends later', async () => {
		const px = pxGridLab();
		const body = { policyName: 'Quarantine', macAddress: LAPTOP };
		const started = await px.service(ANC, 'applyEndpointByMacAddress', body);
		expect(started).toMatchObject({
			status: 200,
			body: { operationId: 'ise.lab.example:1', macAddress: LAPTOP, status: 'RUNNING' },
		});
		const status = async () =>
			(await px.service(ANC, 'getOperationStatus', { operationId: 'ise.lab.example:1' })).body;
		px.lab.advance(499);
		expect(await status()).toMatchObject({ status: 'RUNNING' });
		expect((await px.service(ANC, 'getEndpoints')).body).toEqual({ endpoints: [] });
		px.lab.advance(OPERATION_MS - 499);
		expect(await status()).toEqual({
			operationId: 'ise.lab.example:1',
			macAddress: LAPTOP,
			status: 'SUCCESS',
		});
	});

	it('ends within the call when told', async () => {
		const px = pxGridLab();
		px.ise.setFault('pxgridImmediate', true);
		const body = { policyName: 'Quarantine', macAddress: LAPTOP };
		const apply = async () => (await px.service(ANC, 'applyEndpointByMacAddress', body)).body;
		expect(await apply()).toMatchObject({ status: 'SUCCESS' });
		expect(await apply()).toMatchObject({ status: 'FAILURE', failureReason: expect.any(String) });
	});

	it('fails as often as told, and changes nothing', async () => {
		const px = pxGridLab();
		px.ise.setFault('pxgridOperationFails', 1);
		expect(await quarantine(px)).toMatchObject({
			status: 'FAILURE',
			failureReason: expect.stringMatching(/network device/),
		});
		expect((await px.service(ANC, 'getEndpointByMacAddress', { macAddress: LAPTOP })).status).toBe(204);
		expect(await quarantine(px)).toMatchObject({ status: 'SUCCESS' });
	});

	it('is unknown under another id', async () => {
		expect((await pxGridLab().service(ANC, 'getOperationStatus', { operationId: 'x:9' })).status).toBe(204);
	});

	it('ends even when nobody asks', async () => {
		const px = pxGridLab();
		await px.service(ANC, 'applyEndpointByMacAddress', { policyName: 'Quarantine', macAddress: LAPTOP });
		px.lab.advance(OPERATION_MS);
		expect(px.ise.state().ancBindings).toMatchObject([{ mac: LAPTOP, policy: 'Quarantine', inForce: true }]);
		expect(px.state().operations).toMatchObject([
			{ kind: 'apply', policyName: 'Quarantine', status: 'SUCCESS' },
		]);
	});
});

describe('applying and clearing', () => {
	it('quarantines by MAC, and releases', async () => {
		const px = pxGridLab();
		await quarantine(px);
		const endpoint = await px.service(ANC, 'getEndpointByMacAddress', { macAddress: LAPTOP });
		expect(endpoint.body).toMatchObject({ macAddress: LAPTOP, policyName: 'Quarantine' });
		expect((await px.service(ANC, 'getEndpoints')).body.endpoints).toEqual([endpoint.body]);
		const session = async () =>
			(await px.service('com.cisco.ise.session', 'getSessionByMacAddress', { macAddress: LAPTOP })).body;
		expect(await session()).toMatchObject({
			ancPolicy: 'Quarantine',
			ctsSecurityGroup: 'Quarantined_Systems',
			selectedAuthzProfiles: ['Quarantine_Access'],
		});
		const cleared = await outcome(px, 'clearEndpointByMacAddress', { macAddress: LAPTOP });
		expect(cleared).toMatchObject({ status: 'SUCCESS', macAddress: LAPTOP });
		expect(await session()).not.toHaveProperty('ancPolicy');
	});

	it('finds the endpoint by the address of its session', async () => {
		const px = pxGridLab();
		const body = { policyName: 'Quarantine', ipAddress: '10.1.1.7' };
		expect(await outcome(px, 'applyEndpointByIpAddress', body)).toMatchObject({
			status: 'SUCCESS',
			macAddress: LAPTOP,
		});
		expect(await outcome(px, 'clearEndpointByIpAddress', { ipAddress: '10.1.1.7' })).toMatchObject({
			status: 'SUCCESS',
		});
	});

	it('binds an endpoint without session, too', async () => {
		const px = pxGridLab();
		expect(await quarantine(px, LAPTOP_WIFI)).toMatchObject({ status: 'SUCCESS' });
		px.lab.nic(LAPTOP_WIFI).connected = true;
		expect(px.ise.state().ancBindings).toMatchObject([{ mac: LAPTOP_WIFI, inForce: true }]);
	});

	it.each([
		[
			'applyEndpointByIpAddress',
			{ policyName: 'Quarantine', ipAddress: '10.9.9.9' },
			'Session lookup failure',
		],
		['applyEndpointByMacAddress', { policyName: 'Nope', macAddress: SERVER }, 'Policy is not configured'],
		[
			'applyEndpointByMacAddress',
			{ policyName: 'Quarantine', macAddress: LAPTOP },
			'mac address is already associated with this policy',
		],
		['clearEndpointByMacAddress', { macAddress: SERVER }, 'mac address is not associated with a policy'],
	])('%s %j fails: %s', async (call, body, failureReason) => {
		const px = pxGridLab();
		await quarantine(px);
		expect(await outcome(px, call, body)).toMatchObject({ status: 'FAILURE', failureReason });
	});

	it('lets only the first of two operations at once succeed', async () => {
		const px = pxGridLab();
		const body = { policyName: 'Quarantine', macAddress: LAPTOP };
		await px.service(ANC, 'applyEndpointByMacAddress', body);
		await px.service(ANC, 'applyEndpointByMacAddress', body);
		px.lab.advance(OPERATION_MS);
		expect(px.state().operations.map(({ status }: Json) => status)).toEqual(['SUCCESS', 'FAILURE']);
	});

	it.each([
		['applyEndpointByMacAddress', { policyName: 'Quarantine', macAddress: 'aabb.cc00.0001' }],
		['applyEndpointByMacAddress', { policyName: 'Quarantine' }],
		['applyEndpointByMacAddress', { policy: 'Quarantine', macAddress: LAPTOP }],
		['applyEndpointByIpAddress', { policyName: 'Quarantine', ipAddress: LAPTOP }],
		['applyEndpointPolicy', { policyName: 'Quarantine', macAddress: LAPTOP }],
		['getOperationStatus', {}],
	])('%s refuses %j', async (call, body) => {
		const answer = await pxGridLab().service(ANC, call, body);
		expect(answer).toMatchObject({ status: 400, violation: expect.any(String) });
	});
});

describe('a policy for one network device', () => {
	const apply = async (px: PxGridLab, nasIpAddress: string) =>
		await outcome(px, 'applyEndpointPolicy', {
			policyName: 'Quarantine',
			macAddress: LAPTOP,
			nasIpAddress,
			userName: 'ada@corp.example',
		});

	it('is kept apart from those by MAC', async () => {
		const px = pxGridLab();
		expect(await apply(px, '10.0.0.1')).toMatchObject({ status: 'SUCCESS', nasIpAddress: '10.0.0.1' });
		expect((await px.service(ANC, 'getEndpoints')).body.endpoints).toEqual([]);
		expect((await px.service(ANC, 'getEndpointPolicies')).body.endpoints).toMatchObject([
			{ macAddress: LAPTOP, nasIpAddress: '10.0.0.1', policyName: 'Quarantine' },
		]);
		const byDevice = { macAddress: LAPTOP, nasIpAddress: '10.0.0.1' };
		expect((await px.service(ANC, 'getEndpointByNasIpAddress', byDevice)).status).toBe(200);
		expect(await outcome(px, 'clearEndpointByMacAddress', { macAddress: LAPTOP })).toMatchObject({
			status: 'FAILURE',
		});
		expect(await outcome(px, 'clearEndpointPolicy', byDevice)).toMatchObject({ status: 'SUCCESS' });
	});

	it('holds at that device only', async () => {
		const px = pxGridLab();
		await apply(px, '10.0.0.99');
		expect(px.ise.state().ancBindings).toMatchObject([{ mac: LAPTOP, inForce: false }]);
		px.lab.nic(LAPTOP).connected = false;
		px.ise.state();
		Object.assign(px.lab.nic(LAPTOP), { connected: true, nasIp: '10.0.0.99' });
		expect(px.ise.state().ancBindings).toMatchObject([{ mac: LAPTOP, inForce: true }]);
	});
});

describe('policies', () => {
	it('are those of ERS, in the spelling of pxGrid', async () => {
		const px = pxGridLab();
		const { policies } = (await px.service(ANC, 'getPolicies')).body;
		expect(policies).toEqual([
			{ name: 'Quarantine', actions: ['QUARANTINE'] },
			{ name: 'Shutdown', actions: ['SHUT_DOWN'] },
			{ name: 'Reauth', actions: ['RE_AUTHENTICATE'] },
		]);
		const created = await px.service(ANC, 'createPolicy', { name: 'Bounce', actions: ['PORT_BOUNCE'] });
		expect(created.status).toBe(200);
		const ers = await send(px.ise, 'GET', 'https://ise.lab.example:9060/ers/config/ancpolicy/Bounce', {
			headers: {
				authorization: basic('ers-admin', 'ers-lab-1'),
				accept: 'application/json',
				'content-type': 'application/json',
			},
		});
		expect(ers.body).toMatchObject({ ErsAncPolicy: { actions: ['PORTBOUNCE'] } });
	});

	it('can be found, not made twice, and deleted once', async () => {
		const { service } = pxGridLab();
		const reauth = { name: 'Reauth' };
		expect((await service(ANC, 'getPolicyByName', reauth)).body.actions).toEqual(['RE_AUTHENTICATE']);
		expect((await service(ANC, 'createPolicy', { ...reauth, actions: ['QUARANTINE'] })).status).toBe(409);
		expect((await service(ANC, 'deletePolicyByName', reauth)).status).toBe(200);
		expect((await service(ANC, 'deletePolicyByName', reauth)).status).toBe(204);
		expect((await service(ANC, 'getPolicyByName', reauth)).status).toBe(204);
	});

	it('stay while endpoints have them', async () => {
		const px = pxGridLab();
		await quarantine(px);
		expect((await px.service(ANC, 'deletePolicyByName', { name: 'Quarantine' })).status).toBe(409);
	});

	it.each([[['PORTBOUNCE']], [['SHUTDOWN']], [[]], [['QUARANTINE', 'SHUT_DOWN']], ['QUARANTINE']])(
		'do not take %j as actions',
		async (actions) => {
			const answer = await pxGridLab().service(ANC, 'createPolicy', { name: 'New', actions });
			expect(answer).toMatchObject({ status: 400, violation: expect.any(String) });
		},
	);
});
