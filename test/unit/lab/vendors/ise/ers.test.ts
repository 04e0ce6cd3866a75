import { createIse } from '../../../../../lab/vendors/ise';
import { omit } from '../../../../../lab/vendors/shared/omit';
import { LAPTOP, LAPTOP_WIFI, PRINTER, SERVER, basic, send, testLab, type CallOptions } from '../support';

const ERS = 'https://ise.lab.example:9060/ers/config';
const ADMIN = basic('ers-admin', 'ers-lab-1');
const OPERATOR = basic('ers-operator', 'ers-read-lab-1');

function setUp() {
	const lab = testLab();
	const ise = createIse(lab);
	const ers = async (method: string, path: string, { headers, body }: CallOptions = {}) => {
		const response = await send(ise, method, path.startsWith('https') ? path : `${ERS}${path}`, {
			headers: {
				authorization: ADMIN,
				accept: 'application/json',
				'content-type': 'application/json',
				...headers,
			},
			body,
		});
		// eslint-disable-next-line @typescript-eslint/no-explicit-any
		return { ...response, body: response.body as any };
	};
	const anc = async (operation: 'apply' | 'clear', data: Record<string, string>) =>
		await ers('PUT', `/ancendpoint/${operation}`, {
			body: {
				OperationAdditionalData: {
					additionalData: Object.entries(data).map(([name, value]) => ({ name, value })),
				},
			},
		});
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	const state = () => ise.state() as any;
	return { lab, ise, ers, anc, state };
}

const titleOf = (body: { ERSResponse: { messages: { title: string }[] } }) =>
	body.ERSResponse.messages[0].title;

describe('ERS gate', () => {
	test.each([
		['no credentials', { authorization: undefined }, 401],
		['a wrong password', { authorization: basic('ers-admin', 'wrong') }, 401],
		['an account without ERS role', { authorization: basic('mnt-admin', 'mnt-lab-1') }, 403],
		['no Accept', { accept: undefined }, 406],
		['Accept: */*', { accept: '*/*' }, 406],
		['no Content-Type', { 'content-type': undefined }, 415],
		['another Content-Type', { 'content-type': 'text/plain' }, 415],
	])('refuses a call with %s', async (_name, headers, status) => {
		const { ers } = setUp();
		const response = await ers('GET', '/ancpolicy', { headers });
		expect(response.status).toBe(status);
		expect(response.violation).toBeTruthy();
	});

	test('answers 401 with an HTML page', async () => {
		const { ers } = setUp();
		const response = await ers('GET', '/ancpolicy', { headers: { authorization: undefined } });
		expect(response.headers['Content-Type']).toContain('text/html');
		expect(response.body).toContain('<html');
	});

	test("takes axios' default Accept and a charset", async () => {
		const { ers } = setUp();
		const response = await ers('GET', '/ancpolicy', {
			headers: {
				accept: 'application/json, text/plain, */*',
				'content-type': 'application/json; charset=utf-8',
			},
		});
		expect(response.status).toBe(200);
		expect(response.violation).toBeUndefined();
	});

	test('lets the operator read but not write', async () => {
		const { ers } = setUp();
		const headers = { authorization: OPERATOR };
		expect((await ers('GET', '/ancpolicy', { headers })).status).toBe(200);
		const refused = await ers('PUT', '/ancendpoint/apply', { headers, body: {} });
		expect(refused.status).toBe(403);
		expect(refused.violation).toContain('ers-operator');
	});

	test('asks for token and cookie when the CSRF check is on', async () => {
		const { ise, ers, lab } = setUp();
		ise.setFault('csrf', true);
		const policy = { body: { ErsAncPolicy: { name: 'Bounce', actions: ['PORTBOUNCE'] } } };
		const refused = await ers('POST', '/ancpolicy', policy);
		expect(refused.status).toBe(403);

		const fetched = await ers('GET', '/ancpolicy', { headers: { 'x-csrf-token': 'fetch' } });
		const token = fetched.headers['X-CSRF-TOKEN'];
		const cookie = fetched.headers['Set-Cookie'].split(';')[0];
		const noCookie = await ers('POST', '/ancpolicy', { ...policy, headers: { 'x-csrf-token': token } });
		expect(noCookie.status).toBe(403);
		const headers = { 'x-csrf-token': token, cookie };
		lab.advance(61_000);
		expect((await ers('POST', '/ancpolicy', { ...policy, headers })).status).toBe(403);
		const again = await ers('GET', '/ancpolicy', { headers: { 'x-csrf-token': 'fetch' } });
		const fresh = {
			'x-csrf-token': again.headers['X-CSRF-TOKEN'],
			cookie: again.headers['Set-Cookie'].split(';')[0],
		};
		expect((await ers('POST', '/ancpolicy', { ...policy, headers: fresh })).status).toBe(201);
	});

	test('answers on the gateway and on the second node, but not MnT paths on 9060', async () => {
		const { ers, anc } = setUp();
		await anc('apply', { macAddress: LAPTOP, policyName: 'Quarantine' });
		for (const host of ['ise.lab.example', 'ise2.lab.example', 'ise2.lab.example:9060']) {
			const list = await ers('GET', `https://${host}/ers/config/ancendpoint`);
			expect(list.body.SearchResult.total).toBe(1);
		}
		expect((await ers('GET', 'https://ise.lab.example:9060/admin/API/mnt/Session/ActiveCount')).status).toBe(
			404,
		);
	});

	test('notes more than 100 calls in a second, without refusing them', async () => {
		const { ers, lab } = setUp();
		for (let call = 0; call < 100; call++) {
			expect((await ers('GET', '/op/systemconfig/iseversion')).violation).toBeUndefined();
		}
		const over = await ers('GET', '/op/systemconfig/iseversion');
		expect(over.status).toBe(200);
		expect(over.violation).toContain('100');
		lab.advance(1000);
		expect((await ers('GET', '/op/systemconfig/iseversion')).violation).toBeUndefined();
	});

	test('tells its version', async () => {
		const { ers } = setUp();
		const { body } = await ers('GET', '/op/systemconfig/iseversion');
		expect(body.OperationResult.resultValue[0]).toEqual({ value: '3.1.0.518', name: 'version' });
	});
});

describe('ERS lists', () => {
	test("pages with links to the node's internal name", async () => {
		const { ers } = setUp();
		const first = (await ers('GET', '/ancpolicy?size=2')).body.SearchResult;
		expect(first.total).toBe(3);
		expect(first.resources).toHaveLength(2);
		expect(first.nextPage.href).toBe(
			'https://ise-pan-1.corp.internal:9060/ers/config/ancpolicy?size=2&page=2',
		);
		const second = (await ers('GET', '/ancpolicy?size=2&page=2')).body.SearchResult;
		expect(second.resources).toHaveLength(1);
		expect(second.nextPage).toBeUndefined();
	});

	test('keeps the filter in the link to the next page', async () => {
		const { ers } = setUp();
		const { SearchResult } = (await ers('GET', '/endpoint?size=1&filter=mac.STARTSW.AA:BB')).body;
		expect(new URL(SearchResult.nextPage.href).searchParams.get('filter')).toBe('mac.STARTSW.AA:BB');
	});

	test.each([['size=101'], ['size=0'], ['page=x']])('refuses %s', async (query) => {
		const { ers } = setUp();
		const response = await ers('GET', `/ancpolicy?${query}`);
		expect(response.status).toBe(400);
		expect(response.violation).toBeTruthy();
	});

	test('notes an unknown parameter', async () => {
		const { ers } = setUp();
		const response = await ers('GET', '/ancpolicy?limit=3');
		expect(response.status).toBe(200);
		expect(response.violation).toContain('limit');
	});
});

describe('ANC policies', () => {
	test('has three by default, found by id and by name', async () => {
		const { ers } = setUp();
		const { SearchResult } = (await ers('GET', '/ancpolicy')).body;
		expect(SearchResult.resources.map(({ name }: { name: string }) => name)).toEqual([
			'Quarantine',
			'Shutdown',
			'Reauth',
		]);
		for (const path of ['/ancpolicy/Shutdown', '/ancpolicy/name/Shutdown']) {
			expect((await ers('GET', path)).body.ErsAncPolicy).toMatchObject({
				name: 'Shutdown',
				actions: ['SHUTDOWN'],
			});
		}
		const missing = await ers('GET', '/ancpolicy/name/Nothing');
		expect(missing.status).toBe(404);
		expect(missing.violation).toBeUndefined();
	});

	test('creates and deletes, but not while in use', async () => {
		const { ers, anc, state } = setUp();
		const created = await ers('POST', '/ancpolicy', {
			body: { ErsAncPolicy: { name: 'No Access', actions: ['QUARANTINE'] } },
		});
		expect(created.status).toBe(201);
		expect(created.headers.Location).toMatch(/\/ers\/config\/ancpolicy\/No%20Access$/);
		await anc('apply', { macAddress: LAPTOP, policyName: 'No Access' });
		expect((await ers('DELETE', '/ancpolicy/No%20Access')).status).toBe(400);
		await anc('clear', { macAddress: LAPTOP });
		expect((await ers('DELETE', '/ancpolicy/No%20Access')).status).toBe(204);
		expect(state().policies).toHaveLength(3);
	});

	test.each([
		['two actions', { name: 'A', actions: ['QUARANTINE', 'SHUTDOWN'] }],
		["pxGrid's spelling", { name: 'A', actions: ['SHUT_DOWN'] }],
		['no name', { actions: ['QUARANTINE'] }],
	])('refuses a policy with %s', async (_name, policy) => {
		const { ers, state } = setUp();
		const response = await ers('POST', '/ancpolicy', { body: { ErsAncPolicy: policy } });
		expect(response.status).toBe(400);
		expect(response.violation).toBeTruthy();
		expect(state().policies).toHaveLength(3);
	});
});

describe('ANC endpoints', () => {
	test('applies by MAC, shows ids only in the list, and puts the session into quarantine', async () => {
		const { ers, anc, state } = setUp();
		const applied = await anc('apply', { macAddress: LAPTOP, policyName: 'Quarantine' });
		expect(applied).toMatchObject({ status: 204 });
		expect(applied.body).toBeUndefined();
		expect(applied.violation).toBeUndefined();

		const { SearchResult } = (await ers('GET', '/ancendpoint')).body;
		expect(Object.keys(SearchResult.resources[0]).sort()).toEqual(['id', 'link']);
		const { ErsAncEndpoint } = (await ers('GET', `/ancendpoint/${SearchResult.resources[0].id}`)).body;
		expect(ErsAncEndpoint).toMatchObject({ macAddress: LAPTOP, policyName: 'Quarantine' });
		expect(state().ancBindings).toEqual([
			expect.objectContaining({ mac: LAPTOP, policy: 'Quarantine', hostname: 'pc-7', inForce: true }),
		]);
		expect(state().sessions.find(({ mac }: { mac: string }) => mac === LAPTOP).quarantined).toBe(true);

		expect((await anc('clear', { macAddress: LAPTOP })).status).toBe(204);
		expect(state().ancBindings).toEqual([]);
		expect(state().sessions.find(({ mac }: { mac: string }) => mac === LAPTOP).quarantined).toBe(false);
	});

	test('applies by IP only with an active session', async () => {
		const { anc, state } = setUp();
		expect((await anc('apply', { ipAddress: '10.1.1.7', policyName: 'Quarantine' })).status).toBe(204);
		expect(state().ancBindings[0].mac).toBe(LAPTOP);
		const offline = await anc('apply', { ipAddress: '10.2.1.7', policyName: 'Quarantine' });
		expect(offline.status).toBe(400);
		expect(offline.violation).toBeUndefined();
	});

	test('takes effect for an offline MAC at its next authentication', async () => {
		const { lab, anc, state } = setUp();
		expect((await anc('apply', { macAddress: LAPTOP_WIFI, policyName: 'Quarantine' })).status).toBe(204);
		expect(state().ancBindings[0].inForce).toBe(false);
		lab.nic(LAPTOP_WIFI).connected = true;
		expect(state().ancBindings[0].inForce).toBe(true);
	});

	test('waits for the next authentication when network devices ignore the change', async () => {
		const { ise, anc, state } = setUp();
		ise.setFault('coaIgnored', true);
		await anc('apply', { macAddress: LAPTOP, policyName: 'Quarantine' });
		expect(state().ancBindings[0].inForce).toBe(false);
	});

	test('a SHUTDOWN policy ends the session for good', async () => {
		const { anc, state } = setUp();
		await anc('apply', { macAddress: PRINTER, policyName: 'Shutdown' });
		await anc('clear', { macAddress: PRINTER });
		expect(state().shutPorts).toEqual([PRINTER]);
		expect(state().sessions.map(({ mac }: { mac: string }) => mac)).not.toContain(PRINTER);
	});

	test.each([
		['the same policy', 'Quarantine', 400],
		['another policy', 'Reauth', 500],
	])('refuses %s on top of one', async (_name, policyName, status) => {
		const { anc, state } = setUp();
		await anc('apply', { macAddress: LAPTOP, policyName: 'Quarantine' });
		const response = await anc('apply', { macAddress: LAPTOP, policyName });
		expect(response.status).toBe(status);
		expect(titleOf(response.body)).toContain('already associated with policy Quarantine');
		expect(response.violation).toBeUndefined();
		expect(state().ancBindings[0].policy).toBe('Quarantine');
	});

	test.each([
		['a lower-case MAC', { macAddress: LAPTOP.toLowerCase(), policyName: 'Quarantine' }, true],
		['a MAC with dashes', { macAddress: LAPTOP.replaceAll(':', '-'), policyName: 'Quarantine' }, true],
		['no target', { policyName: 'Quarantine' }, true],
		['no policy', { macAddress: LAPTOP }, true],
		['an unknown name', { mac: LAPTOP, policyName: 'Quarantine' }, true],
		['an unknown policy', { macAddress: LAPTOP, policyName: 'Nothing' }, false],
	])('refuses %s with 400', async (_name, data, misuse) => {
		const { anc, state } = setUp();
		const response = await anc('apply', data as Record<string, string>);
		expect(response.status).toBe(400);
		expect(Boolean(response.violation)).toBe(misuse);
		expect(state().ancBindings).toEqual([]);
	});

	test('refuses to clear what has no policy, without blame', async () => {
		const { anc } = setUp();
		const response = await anc('clear', { macAddress: LAPTOP });
		expect(response.status).toBe(400);
		expect(response.violation).toBeUndefined();
	});

	test('filters by name, which is the MAC', async () => {
		const { ers, anc } = setUp();
		for (const macAddress of [LAPTOP, SERVER]) await anc('apply', { macAddress, policyName: 'Quarantine' });
		const both = `filter=name.CONTAINS.${LAPTOP}&filter=name.CONTAINS.${SERVER}&filterType=or`;
		expect((await ers('GET', `/ancendpoint?filter=name.CONTAINS.${SERVER}`)).body.SearchResult.total).toBe(1);
		expect((await ers('GET', `/ancendpoint?${both}`)).body.SearchResult.total).toBe(2);
	});

	test('shows a binding later, and says 500 of one that is gone, when told so', async () => {
		const { lab, ise, ers, anc } = setUp();
		ise.setFault('bindingsLate', true);
		ise.setFault('bindingGone500', true);
		await anc('apply', { macAddress: LAPTOP, policyName: 'Quarantine' });
		expect((await ers('GET', '/ancendpoint')).body.SearchResult.total).toBe(0);
		lab.advance(2_000);
		expect((await ers('GET', '/ancendpoint')).body.SearchResult.total).toBe(1);
		const { status, body } = await ers('GET', '/ancendpoint/no-such-id');
		expect([status, body.ERSResponse.messages[0].code]).toEqual([500, 'CRUD operation exception']);
	});

	test('filters by no other field', async () => {
		const { ers } = setUp();
		const response = await ers('GET', `/ancendpoint?filter=macAddress.EQ.${LAPTOP}`);
		expect(response.status).toBe(400);
		expect(response.violation).toBeTruthy();
	});

	test('a second operation in flight for one endpoint is a violation, for two endpoints it is not', async () => {
		const { anc, state } = setUp();
		const [one, two, other] = await Promise.all([
			anc('apply', { macAddress: LAPTOP, policyName: 'Quarantine' }),
			anc('apply', { ipAddress: '10.1.1.7', policyName: 'Quarantine' }),
			anc('apply', { macAddress: SERVER, policyName: 'Quarantine' }),
		]);
		expect([one.status, two.status, other.status]).toEqual([204, 500, 204]);
		expect([one, two, other].map(({ violation }) => Boolean(violation))).toEqual([false, true, false]);
		expect(state().ancBindings).toHaveLength(2);
		expect((await anc('clear', { macAddress: LAPTOP })).status).toBe(204);
	});

	test.each([
		[
			'JSON',
			'application/json',
			JSON.stringify({
				ErsAncEndpointBulkRequest: {
					operationType: 'apply',
					resources: [
						{ macAddress: LAPTOP, policyName: 'Quarantine' },
						{ macAddress: SERVER, policyName: 'Nothing' },
					],
				},
			}),
		],
		[
			'XML',
			'application/xml',
			`<?xml version="1.0"?><ns4:ancEndpointBulkRequest operationType="apply" xmlns:ns4="ers.ise.cisco.com"><ns4:resourcesList>
				<ns4:ancEndpoint><macAddress>${LAPTOP}</macAddress><policyName>Quarantine</policyName></ns4:ancEndpoint>
				<ns4:ancEndpoint><macAddress>${SERVER}</macAddress><policyName>Nothing</policyName></ns4:ancEndpoint>
			</ns4:resourcesList></ns4:ancEndpointBulkRequest>`,
		],
	])('takes bulk requests as %s and reports each element', async (_name, type, body) => {
		const { ers, state } = setUp();
		const submitted = await ers('PUT', '/ancendpoint/bulk/submit', {
			headers: { 'content-type': type },
			body,
		});
		expect(submitted.status).toBe(202);
		const path = new URL(submitted.headers.Location).pathname.replace('/ers/config', '');
		const { BulkStatus } = (await ers('GET', path)).body;
		expect(BulkStatus).toMatchObject({ resourcesCount: 2, successCount: 1, failCount: 1 });
		expect(state().ancBindings.map(({ mac }: { mac: string }) => mac)).toEqual([LAPTOP]);
	});
});

describe('Endpoints', () => {
	const find = async (ers: ReturnType<typeof setUp>['ers']) => {
		const { SearchResult } = (await ers('GET', `/endpoint?filter=mac.EQ.${LAPTOP}`)).body;
		expect(SearchResult.total).toBe(1);
		return (await ers('GET', `/endpoint/${SearchResult.resources[0].id}`)).body.ERSEndPoint;
	};

	test('are found by filter and by name', async () => {
		const { ers } = setUp();
		const endpoint = await find(ers);
		expect(endpoint).toMatchObject({ mac: LAPTOP, name: LAPTOP });
		expect((await ers('GET', `/endpoint/name/${LAPTOP}`)).body.ERSEndPoint.id).toBe(endpoint.id);
		const group = (await ers('GET', `/endpointgroup/${endpoint.groupId}`)).body.EndPointGroup;
		expect(group.name).toBe('Workstation');
	});

	test.each(['mac.EQUALS.X', 'serial.EQ.X'])('refuse the filter %s', async (filter) => {
		const { ers } = setUp();
		expect(await ers('GET', `/endpoint?filter=${filter}`)).toMatchObject({
			status: 400,
			violation: expect.any(String),
		});
	});

	test('keep what a full update carries', async () => {
		const { ers, state } = setUp();
		const endpoint = omit(await find(ers), 'link', 'staticGroupAssignmentDefined', 'staticProfileAssignmentDefined');
		const response = await ers('PUT', `/endpoint/${endpoint.id}`, {
			body: { ERSEndPoint: { ...endpoint, description: 'seen' } },
		});
		expect(response.body.UpdatedFieldsList.updatedField).toEqual([
			{ field: 'description', oldValue: '', newValue: 'seen' },
		]);
		expect(state().endpointsTouched[0].cleared).toEqual([]);
	});

	test('lose what a careless update leaves out', async () => {
		const { ers, state } = setUp();
		const { id, mac } = await find(ers);
		const response = await ers('PUT', `/endpoint/${id}`, {
			body: { ERSEndPoint: { id, mac, description: 'x' } },
		});
		expect(response.status).toBe(200);
		expect(state().endpointsTouched[0].cleared).toEqual(
			expect.arrayContaining(['groupId', 'profileId', 'customAttributes']),
		);
		expect((await find(ers)).customAttributes.customAttributes).toEqual({});
	});

	test('refuse an update with what ISE 3.3 tells only', async () => {
		const { ers } = setUp();
		const endpoint = await find(ers);
		expect(endpoint.staticGroupAssignmentDefined).toBe(false);
		const response = await ers('PUT', `/endpoint/${endpoint.id}`, { body: { ERSEndPoint: omit(endpoint, 'link') } });
		expect(response).toMatchObject({ status: 400, violation: expect.stringContaining('staticGroupAssignmentDefined') });
	});

	test('refuse an update that carries the link', async () => {
		const { ers, state } = setUp();
		const endpoint = await find(ers);
		const response = await ers('PUT', `/endpoint/${endpoint.id}`, { body: { ERSEndPoint: endpoint } });
		expect(response).toMatchObject({ status: 400, violation: expect.stringContaining('link') });
		expect(state().endpointsTouched).toEqual([]);
	});
});

test('reset takes everything back', async () => {
	const { ise, anc, ers, state } = setUp();
	const before = JSON.stringify({ ...state(), sessions: [] });
	await anc('apply', { macAddress: PRINTER, policyName: 'Shutdown' });
	await ers('POST', '/ancpolicy', { body: { ErsAncPolicy: { name: 'X', actions: ['QUARANTINE'] } } });
	ise.setFault('csrf', true);
	ise.reset();
	expect(JSON.stringify({ ...state(), sessions: [] })).toBe(before);
	expect((await anc('apply', { macAddress: PRINTER, policyName: 'Reauth' })).status).toBe(204);
	expect(() => ise.setFault('nothing', true)).toThrow('csrf');
});

test('the second node answers while the first is down', async () => {
	const { ise, ers } = setUp();
	ise.setFault('primaryDown', true);
	expect((await ers('GET', '/ancpolicy')).status).toBe(502);
	const second = 'https://ise2.lab.example:9060/ers/config/ancpolicy';
	expect((await ers('GET', second)).status).toBe(200);
	const create = { body: { ErsAncPolicy: { name: 'X', actions: ['QUARANTINE'] } } };
	expect((await ers('POST', second, create)).status).toBe(500);
	ise.setFault('secondaryPromoted', true);
	expect((await ers('POST', second, create)).status).toBe(201);
});
