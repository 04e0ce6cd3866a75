import { basic } from '../../support';
import { NODE_1, NODE_2, pxGridLab, READY } from './support';

const CERTIFICATE = 'CN=n8n.corp.example';

async function newAccount(nodeName = 'rtc') {
	const px = pxGridLab();
	const created = await px.post(`${NODE_1}/pxgrid/control/AccountCreate`, { nodeName });
	const headers = { authorization: basic(nodeName, created.body.password) };
	const activate = async () =>
		(await px.control('AccountActivate', { description: 'test' }, { headers })).body.accountState;
	return { ...px, created, headers, activate };
}

describe('a password account', () => {
	it('is pending until it is approved', async () => {
		const { lab, created, activate, state } = await newAccount();
		expect(created.status).toBe(200);
		expect(created.body).toEqual({
			nodeName: 'rtc',
			userName: 'rtc',
			password: expect.stringMatching(/^\w{16}$/),
		});
		expect(state().accounts).toContainEqual(expect.objectContaining({ nodeName: 'rtc', state: 'INIT' }));
		expect(await activate()).toBe('PENDING');
		lab.advance(2999);
		expect(await activate()).toBe('PENDING');
		lab.advance(1);
		expect(await activate()).toBe('ENABLED');
	});

	it('waits for a person when approval is manual', async () => {
		const { ise, lab, activate } = await newAccount();
		ise.setFault('pxgridApproval', 'manual');
		await activate();
		lab.advance(3_600_000);
		expect(await activate()).toBe('PENDING');
		ise.setFault('pxgridApproval', 'approve');
		expect(await activate()).toBe('ENABLED');
	});

	it('is approved after all when the fault ends', async () => {
		const { ise, lab, activate } = await newAccount();
		ise.setFault('pxgridApproval', 'manual');
		await activate();
		lab.advance(3000);
		ise.setFault('pxgridApproval', undefined);
		expect(await activate()).toBe('ENABLED');
	});

	it('can be disabled, which is not its own fault', async () => {
		const { ise, control } = pxGridLab();
		ise.setFault('pxgridApproval', 'disable');
		expect((await control('AccountActivate')).body.accountState).toBe('DISABLED');
		const lookup = await control('ServiceLookup', { name: 'com.cisco.ise.session' });
		expect(lookup.status).toBe(403);
		expect(lookup.violation).toBeUndefined();
	});

	it('may not look services up before it is enabled', async () => {
		const { control, headers } = await newAccount();
		const lookup = await control('ServiceLookup', { name: 'com.cisco.ise.session' }, { headers });
		expect(lookup.status).toBe(403);
		expect(lookup.violation).toMatch(/INIT.*AccountActivate/);
	});

	it('has a name of its own', async () => {
		const { control, post } = await newAccount();
		const again = await post(`${NODE_2}/pxgrid/control/AccountCreate`, { nodeName: 'rtc' });
		expect(again).toMatchObject({ status: 409 });
		expect((await control('AccountCreate', { nodeName: 'a b' })).status).toBe(400);
	});

	it('is refused with another password', async () => {
		const { control } = pxGridLab();
		const headers = { authorization: basic(READY.nodeName, 'guess') };
		const answer = await control('AccountActivate', {}, { headers });
		expect(answer).toMatchObject({ status: 401, violation: expect.stringContaining('password') });
		expect(answer.body).toBeUndefined();
	});

	it('does not open for a certificate in place of the password', async () => {
		const { control } = pxGridLab();
		const headers = { authorization: basic(READY.nodeName, '') };
		expect((await control('AccountActivate', {}, { headers, certificate: CERTIFICATE })).status).toBe(401);
	});
});

describe('a certificate account', () => {
	const headers = { authorization: basic('by-certificate', '') };

	it('begins with the first call and goes through approval', async () => {
		const { lab, control, state } = pxGridLab();
		const options = { headers, certificate: CERTIFICATE };
		expect((await control('AccountActivate', {}, options)).body.accountState).toBe('PENDING');
		lab.advance(3000);
		expect((await control('AccountActivate', {}, options)).body.accountState).toBe('ENABLED');
		const lookup = await control('ServiceLookup', { name: 'com.cisco.ise.session' }, options);
		expect(lookup.body.services).toHaveLength(2);
		expect(state().accounts).toContainEqual({
			nodeName: 'by-certificate',
			state: 'ENABLED',
			description: '',
			authentication: 'certificate',
		});
	});

	it('takes no password', async () => {
		const { control } = pxGridLab();
		const wrong = { authorization: basic('by-certificate', 'something') };
		const answer = await control('AccountActivate', {}, { headers: wrong, certificate: CERTIFICATE });
		expect(answer).toMatchObject({ status: 401, violation: expect.any(String) });
	});

	it.each([
		['no certificate', undefined],
		['another certificate', 'CN=somebody.else'],
	])('is refused with %s', async (_what, certificate) => {
		const { control } = pxGridLab();
		await control('AccountActivate', {}, { headers, certificate: CERTIFICATE });
		const answer = await control('AccountActivate', {}, { headers, certificate });
		expect(answer).toMatchObject({ status: 401, violation: expect.any(String) });
	});
});

describe('the form of a call', () => {
	it.each([
		['GET', { method: 'GET' }, 405, 'POST'],
		['no Accept', { headers: { accept: undefined } }, 406, 'Accept'],
		['Accept of anything', { headers: { accept: '*/*' } }, 406, 'Accept'],
		['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'Content-Type'],
		['no body', { rawBody: '' }, 400, 'JSON object'],
		['a list', { rawBody: '[]' }, 400, 'JSON object'],
		['broken JSON', { rawBody: '{' }, 400, 'JSON object'],
		['no authorization', { headers: { authorization: undefined } }, 401, 'Basic'],
	])('refuses %s', async (_what, options, status, words) => {
		const { control } = pxGridLab();
		const answer = await control('AccountActivate', {}, options);
		expect(answer.status).toBe(status);
		expect(answer.violation).toContain(words);
	});

	it.each([
		['AccountActivate', { note: 'x' }, 400],
		['ServiceLookup', {}, 400],
		['ServiceLookup', { name: 7 }, 400],
		['AccessSecret', { peer: '~ise-mnt-ise' }, 400],
		['ServiceDiscover', {}, 404],
		['toString', {}, 404],
	])('refuses %s with %j', async (call, body, status) => {
		const { control } = pxGridLab();
		expect(await control(call, body)).toMatchObject({ status, violation: expect.any(String) });
	});

	it('takes a list of types in Accept, and parameters', async () => {
		const { control } = pxGridLab();
		const headers = { accept: 'text/html, application/json;q=0.9' };
		expect((await control('AccountActivate', {}, { headers })).status).toBe(200);
	});
});

describe('ServiceLookup', () => {
	it('names both nodes with what a client needs of them', async () => {
		const { control } = pxGridLab();
		const lookup = async (name: string) => (await control('ServiceLookup', { name })).body.services;
		expect(await lookup('com.cisco.ise.session')).toEqual([
			{
				name: 'com.cisco.ise.session',
				nodeName: '~ise-mnt-ise',
				properties: {
					restBaseUrl: 'https://ise.lab.example:8910/pxgrid/mnt/sd',
					sessionTopic: '/topic/com.cisco.ise.session',
					groupTopic: '/topic/com.cisco.ise.session.group',
					wsPubsubService: 'com.cisco.ise.pubsub',
				},
			},
			expect.objectContaining({ nodeName: '~ise-mnt-ise2' }),
		]);
		expect((await lookup('com.cisco.ise.config.anc'))[1].properties).toEqual({
			restBaseUrl: 'https://ise2.lab.example:8910/pxgrid/ise/config/anc',
			statusTopic: '/topic/com.cisco.ise.config.anc.status',
			wsPubsubService: 'com.cisco.ise.pubsub',
		});
		expect((await lookup('com.cisco.ise.pubsub'))[0]).toEqual({
			name: 'com.cisco.ise.pubsub',
			nodeName: '~ise-pubsub-ise',
			properties: { wsUrl: 'wss://ise.lab.example:8910/pxgrid/ise/pubsub' },
		});
		expect(await lookup('com.cisco.ise.radius')).toHaveLength(2);
		expect(await lookup('com.cisco.ise.nothing')).toEqual([]);
	});

	it('finds what a client registered, until it is taken back', async () => {
		const { control } = pxGridLab();
		const service = { name: 'com.example.rtc', properties: { greeting: 'hello' } };
		const { id, reregisterTimeMillis } = (await control('ServiceRegister', service)).body;
		expect(reregisterTimeMillis).toBe(300_000);
		const lookup = async () => (await control('ServiceLookup', { name: service.name })).body.services;
		expect(await lookup()).toEqual([{ ...service, nodeName: READY.nodeName }]);
		expect((await control('ServiceReregister', { id })).status).toBe(200);
		expect((await control('ServiceUnregister', { id })).status).toBe(200);
		expect(await lookup()).toEqual([]);
		expect((await control('ServiceReregister', { id })).status).toBe(404);
	});
});

describe('AccessSecret', () => {
	const secretOf = async ({ control }: ReturnType<typeof pxGridLab>, peerNodeName: string) =>
		(await control('AccessSecret', { peerNodeName })).body.secret as string;
	const ask = async ({ post }: ReturnType<typeof pxGridLab>, secret: string, node = NODE_1) =>
		await post(
			`${node}/pxgrid/mnt/sd/getSessions`,
			{},
			{ headers: { authorization: basic(READY.nodeName, secret) } },
		);

	it('stays the same for a peer and differs between peers', async () => {
		const px = pxGridLab();
		const secret = await secretOf(px, '~ise-mnt-ise');
		expect(await secretOf(px, '~ise-mnt-ise')).toBe(secret);
		expect(await secretOf(px, '~ise-mnt-ise2')).not.toBe(secret);
		expect(await secretOf(px, '~ise-admin-ise')).not.toBe(secret);
		expect((await px.control('AccessSecret', { peerNodeName: '~nobody' })).status).toBe(404);
	});

	it.each([
		['the peer itself', '~ise-mnt-ise', 200, undefined],
		['its twin on the other node', '~ise-mnt-ise2', 401, /~ise-mnt-ise2 was used at ~ise-mnt-ise$/],
		['another service of the node', '~ise-admin-ise', 401, /~ise-admin-ise was used at ~ise-mnt-ise$/],
	])('of %s', async (_what, peer, status, violation) => {
		const px = pxGridLab();
		const answer = await ask(px, await secretOf(px, peer));
		expect(answer.status).toBe(status);
		if (violation) expect(answer.violation).toMatch(violation);
		else expect(answer.violation).toBeUndefined();
	});

	it('is asked for even of those who know their password', async () => {
		const px = pxGridLab();
		expect(await ask(px, READY.password)).toMatchObject({
			status: 401,
			violation: expect.stringMatching(/AccessSecret/),
		});
	});

	it('belongs to one account', async () => {
		const px = pxGridLab();
		const secret = await secretOf(px, '~ise-mnt-ise');
		const headers = { authorization: basic('somebody', secret) };
		const answer = await px.post(`${NODE_1}/pxgrid/mnt/sd/getSessions`, {}, { headers });
		expect(answer).toMatchObject({ status: 401, violation: expect.any(String) });
	});

	it('expires when told, without blame, and is replaced', async () => {
		const px = pxGridLab();
		const secret = await secretOf(px, '~ise-mnt-ise');
		px.ise.expireTokens?.();
		const answer = await ask(px, secret);
		expect(answer.status).toBe(401);
		expect(answer.violation).toBeUndefined();
		const fresh = await secretOf(px, '~ise-mnt-ise');
		expect(fresh).not.toBe(secret);
		expect((await ask(px, fresh)).status).toBe(200);
	});
});

it('permits what enabled accounts want to do', async () => {
	const { control } = pxGridLab();
	const ask = async (requestNodeName: string) =>
		(
			await control('Authorization', {
				requestNodeName,
				serviceName: 'com.cisco.ise.session',
				serviceOperation: 'gets',
			})
		).body;
	expect(await ask(READY.nodeName)).toEqual({ authorization: 'PERMIT' });
	expect(await ask('stranger')).toEqual({ authorization: 'DENY' });
});

it('answers on the other node while one is down', async () => {
	const { ise, post } = pxGridLab();
	const ask = async (node: string) => {
		const headers = { authorization: basic(READY.nodeName, READY.password) };
		return (await post(`${node}/pxgrid/control/AccountActivate`, {}, { headers })).status;
	};
	ise.setFault('pxgridNodeDown', 1);
	expect([await ask(NODE_1), await ask(NODE_2)]).toEqual([503, 200]);
	ise.setFault('pxgridNodeDown', 2);
	expect([await ask(NODE_1), await ask(NODE_2)]).toEqual([200, 503]);
	ise.setFault('pxgridNodeDown', undefined);
	expect([await ask(NODE_1), await ask(NODE_2)]).toEqual([200, 200]);
});

it.each([
	['pxgridNodeDown', 3],
	['pxgridApproval', 'maybe'],
	['pxgridEmptyReply', -1],
	['pxgridSomething', true],
])('does not know the fault %s %p', (name, value) => {
	expect(() => pxGridLab().ise.setFault(name, value)).toThrow(/takes|Unknown fault/);
});

it('forgets accounts, secrets and faults with a reset', async () => {
	const px = await newAccount();
	px.ise.setFault('pxgridNodeDown', 1);
	px.ise.reset();
	expect(px.state().accounts).toEqual([expect.objectContaining({ nodeName: READY.nodeName })]);
	expect((await px.control('AccountActivate')).status).toBe(200);
});
