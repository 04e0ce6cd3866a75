import fc from 'fast-check';
import { createServiceNow } from '../../../../../lab/vendors/serviceNow';
import { OAUTH_CLIENT } from '../../../../../lab/vendors/serviceNow/accounts';
import { basic, send, testLab, type CallOptions } from '../support';

const INSTANCE = 'https://dev00001.service-now.com';
const WRITER = basic('rtc.integration', 'now-lab-1');
const READER = basic('rtc.readonly', 'now-read-lab-1');

function setUp() {
	const lab = testLab();
	const serviceNow = createServiceNow(lab);
	const call = async (method: string, path: string, { headers, body }: CallOptions = {}) => {
		const response = await send(serviceNow, method, path.startsWith('https') ? path : `${INSTANCE}${path}`, {
			headers: {
				authorization: WRITER,
				accept: 'application/json',
				...(body !== undefined && { 'content-type': 'application/json' }),
				...headers,
			},
			body,
		});
		// eslint-disable-next-line @typescript-eslint/no-explicit-any
		return { ...response, body: response.body as any };
	};
	const table = async (method: string, path: string, body?: unknown) =>
		await call(method, `/api/now/table/${path}`, { body });
	const query = async (name: string, encoded: string, fields = 'number') => {
		const response = await table(
			'GET',
			`${name}?sysparm_fields=${fields}&sysparm_query=${encodeURIComponent(encoded)}`,
		);
		return { rows: response.body.result as Record<string, string>[], violation: response.violation };
	};
	const create = async (body: Record<string, unknown> = {}) =>
		(await table('POST', 'incident', { short_description: 'PC-7 quarantined', ...body })).body.result;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	const state = () => serviceNow.state() as any;
	return { lab, serviceNow, call, table, query, create, state };
}

describe('Authentication', () => {
	test.each([
		['nothing', undefined],
		['a wrong password', basic('rtc.integration', 'wrong')],
		['an unknown token', 'Bearer nothing'],
	])("refuses %s in ServiceNow's words", async (_name, authorization) => {
		const { call } = setUp();
		const response = await call('GET', '/api/now/table/incident?sysparm_limit=1', {
			headers: { authorization },
		});
		expect(response).toMatchObject({
			status: 401,
			violation: expect.any(String),
			body: {
				error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' },
				status: 'failure',
			},
		});
	});

	const token = async (call: ReturnType<typeof setUp>['call'], form: Record<string, string>) =>
		await call('POST', '/oauth_token.do', {
			headers: { authorization: undefined, 'content-type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams({
				client_id: OAUTH_CLIENT.clientId,
				client_secret: OAUTH_CLIENT.clientSecret,
				...form,
			}).toString(),
		});
	const PASSWORD = { grant_type: 'password', username: 'rtc.integration', password: 'now-lab-1' };

	test('access tokens live 1799 seconds; the refresh token gives new ones', async () => {
		const { call, lab } = setUp();
		const first = (await token(call, PASSWORD)).body;
		expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 1799, scope: 'useraccount' });
		const read = async (accessToken: string) =>
			(await call('GET', '/api/now/table/incident', { headers: { authorization: `Bearer ${accessToken}` } }))
				.status;
		expect(await read(first.access_token)).toBe(200);
		lab.advance(1_799_000);
		expect(await read(first.access_token)).toBe(401);
		const second = await token(call, { grant_type: 'refresh_token', refresh_token: first.refresh_token });
		expect(await read(second.body.access_token)).toBe(200);
	});

	test('expireTokens ends access tokens at once', async () => {
		const { call, serviceNow } = setUp();
		const { access_token: accessToken } = (await token(call, { grant_type: 'client_credentials' })).body;
		serviceNow.expireTokens?.();
		const response = await call('GET', '/api/now/table/incident', {
			headers: { authorization: `Bearer ${accessToken}` },
		});
		expect(response.status).toBe(401);
	});

	test.each([
		['a wrong client', { ...PASSWORD, client_secret: 'wrong' }, 401],
		['a wrong password', { ...PASSWORD, password: 'wrong' }, 401],
		['an unknown grant', { grant_type: 'magic' }, 400],
	])('the token endpoint refuses %s', async (_name, form, status) => {
		const { call } = setUp();
		expect(await token(call, form)).toMatchObject({ status, violation: expect.any(String) });
	});

	test('a read-only account reads and no more', async () => {
		const { call, state } = setUp();
		const headers = { authorization: READER };
		expect((await call('GET', '/api/now/table/incident', { headers })).status).toBe(200);
		const refused = await call('POST', '/api/now/table/incident', {
			headers,
			body: { short_description: 'x' },
		});
		expect(refused.status).toBe(403);
		expect(state().incidents).toEqual([]);
	});
});

describe('Table API', () => {
	test('creates with 201, Location, number, strings and computed priority', async () => {
		const { table, call } = setUp();
		const { status, headers, body, violation } = await table('POST', 'incident', {
			short_description: 'x',
			impact: 2,
			urgency: '1',
			priority: '5',
			caller_id: 'analyst',
			made_up: 'y',
		});
		expect(status).toBe(201);
		expect(violation).toBeUndefined();
		const { result } = body;
		expect(result).toMatchObject({
			number: 'INC0010001',
			impact: '2',
			priority: '2',
			state: '1',
			active: 'true',
		});
		expect(result.sys_id).toMatch(/^[0-9a-f]{32}$/);
		expect(result.caller_id.link).toBe(`${INSTANCE}/api/now/table/sys_user/${result.caller_id.value}`);
		expect(result.made_up).toBeUndefined();
		expect(result.sys_created_on).toBe('2026-03-04 05:06:07');
		expect(headers.Location).toBe(`${INSTANCE}/api/now/table/incident/${result.sys_id}`);
		expect((await call('GET', headers.Location)).body.result.number).toBe('INC0010001');
	});

	test('counts numbers on', async () => {
		const { create } = setUp();
		await create();
		expect((await create()).number).toBe('INC0010002');
	});

	test.each(['/api/now/table', '/api/now/v1/table', '/api/now/v2/table'])(
		'answers under %s',
		async (base) => {
			const { call } = setUp();
			expect((await call('GET', `${base}/sys_user_role`)).status).toBe(200);
		},
	);

	test('a wrong reference is stored empty', async () => {
		const { create } = setUp();
		expect((await create({ caller_id: 'nobody' })).caller_id).toBe('');
	});

	test('work notes go to the journal and read back empty', async () => {
		const { create, table, query, state } = setUp();
		const { sys_id: id } = await create({ work_notes: 'first' });
		const updated = await table('PATCH', `incident/${id}`, {
			work_notes: 'second',
			comments: 'to caller',
			state: '2',
		});
		expect(updated.body.result).toMatchObject({
			work_notes: '',
			comments: '',
			state: '2',
			sys_mod_count: '1',
		});
		const journal = await query(
			'sys_journal_field',
			`element_id=${id}^element=comments^ORelement=work_notes`,
			'value',
		);
		expect(journal.rows.map(({ value }) => value)).toEqual(['first', 'second', 'to caller']);
		expect(state().incidents[0].work_notes.map(({ value }: { value: string }) => value)).toEqual([
			'first',
			'second',
		]);
		const shown = await table('GET', `incident/${id}?sysparm_fields=work_notes&sysparm_display_value=true`);
		expect(shown.body.result.work_notes).toContain('(Work notes)\nsecond');
	});

	test('closing needs code and notes', async () => {
		const { create, table, state } = setUp();
		const { sys_id: id } = await create();
		const refused = await table('PATCH', `incident/${id}`, { state: '6' });
		expect(refused.status).toBe(403);
		expect(refused.violation).toBeUndefined();
		expect(refused.body.error.detail).toContain('Resolution code, Resolution notes');
		const closed = await table('PUT', `incident/${id}`, {
			state: '7',
			close_code: 'Not Solved',
			close_notes: 'x',
		});
		expect(closed.body.result).toMatchObject({ active: 'false', incident_state: '7' });
		expect(state().incidents[0].closed_at).toBeTruthy();
	});

	test('deletes with 204 and then knows nothing', async () => {
		const { create, table } = setUp();
		const { sys_id: id } = await create();
		expect((await table('DELETE', `incident/${id}`)).status).toBe(204);
		const gone = await table('GET', `incident/${id}`);
		expect(gone.status).toBe(404);
		expect(gone.violation).toBeUndefined();
		expect(gone.body).toEqual({
			error: {
				message: 'No Record found',
				detail: "Record doesn't exist or ACL restricts the record retrieval",
			},
			status: 'failure',
		});
	});

	test('an unknown table gets 400', async () => {
		const { table } = setUp();
		expect(await table('GET', 'incidents')).toMatchObject({
			status: 400,
			violation: expect.any(String),
			body: { error: { message: 'Invalid table incidents' } },
		});
	});

	test.each([
		['another content type', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
		['broken JSON', '{', {}, 400],
		['no body', undefined, {}, 400],
		['an Accept without JSON', '{}', { accept: 'text/html' }, 406],
	])('refuses %s', async (_name, body, headers, status) => {
		const { call, state } = setUp();
		const response = await call('POST', '/api/now/table/incident', { body, headers });
		expect(response.status).toBe(status);
		expect(response.violation).toBeTruthy();
		expect(state().incidents).toEqual([]);
	});

	test('security incidents have numbers and states of their own', async () => {
		const { table, state } = setUp();
		const { result } = (
			await table('POST', 'sn_si_incident?sysparm_fields=sys_id,number,state', { state: '18' })
		).body;
		expect(result).toEqual({ sys_id: expect.any(String), number: 'SIR0010001', state: '18' });
		expect(state().securityIncidents).toHaveLength(1);
	});

	test('display values and reference links come as asked', async () => {
		const { create, table } = setUp();
		const { sys_id: id, assignment_group: group } = await create({
			assignment_group: 'Security Operations',
			state: '2',
		});
		const get = async (parameters: string) =>
			(
				await table(
					'GET',
					`incident/${id}?sysparm_fields=state,assignment_group,assignment_group.name&${parameters}`,
				)
			).body.result;
		const link = group.link;
		expect(await get('')).toEqual({
			state: '2',
			assignment_group: group,
			'assignment_group.name': 'Security Operations',
		});
		expect(await get('sysparm_exclude_reference_link=true')).toMatchObject({ assignment_group: group.value });
		expect(await get('sysparm_display_value=true')).toMatchObject({
			state: 'In Progress',
			assignment_group: { display_value: 'Security Operations', link },
		});
		expect(await get('sysparm_display_value=all')).toMatchObject({
			state: { display_value: 'In Progress', value: '2' },
			assignment_group: { display_value: 'Security Operations', value: group.value, link },
		});
	});
});

describe('Queries', () => {
	const filled = async () => {
		const lab = setUp();
		await lab.create({ short_description: 'alpha', impact: '1', urgency: '1', correlation_id: 'rtc-1' });
		await lab.create({ short_description: 'beta', impact: '2', urgency: '2', caller_id: 'analyst' });
		await lab.create({ short_description: 'gamma', impact: '3', urgency: '3' });
		return lab;
	};

	test.each([
		['correlation_id=rtc-1^active=true', ['alpha']],
		['short_description!=beta', ['alpha', 'gamma']],
		['short_descriptionLIKEMM', ['gamma']],
		['short_descriptionSTARTSWITHbe', ['beta']],
		['priorityIN1,5', ['alpha', 'gamma']],
		['correlation_idISEMPTY', ['beta', 'gamma']],
		['caller_idISNOTEMPTY', ['beta']],
		['caller_id.user_name=analyst', ['beta']],
		['priority<3', ['alpha']],
		['active=true^short_description=alpha^ORshort_description=beta', ['alpha', 'beta']],
		['short_description=alpha^NQpriority=5', ['alpha', 'gamma']],
		['ORDERBYDESCpriority', ['gamma', 'beta', 'alpha']],
		['priority>=3^ORDERBYshort_description^', ['beta', 'gamma']],
		['short_description=nothing', []],
	])('%s', async (encoded, expected) => {
		const { query } = await filled();
		const { rows, violation } = await query('incident', encoded, 'short_description');
		expect(rows.map((row) => row.short_description)).toEqual(expected);
		expect(violation).toBeUndefined();
	});

	test.each(['corelation_id=rtc-1', 'priority IS 1', 'javascript'])(
		'%s is ignored, and noted',
		async (encoded) => {
			const { query } = await filled();
			const { rows, violation } = await query('incident', encoded);
			expect(rows).toHaveLength(3);
			expect(violation).toContain(encoded);
		},
	);

	test('plain parameters filter, unknown ones are noted', async () => {
		const { table } = await filled();
		expect((await table('GET', 'incident?correlation_id=rtc-1')).body.result).toHaveLength(1);
		expect((await table('GET', 'incident?limit=1')).violation).toContain('limit');
	});

	test('pages with X-Total-Count and Link', async () => {
		const { table, call } = await filled();
		const first = await table('GET', 'incident?sysparm_limit=2&sysparm_query=ORDERBYnumber');
		expect(first.headers['X-Total-Count']).toBe('3');
		expect(first.body.result).toHaveLength(2);
		const next = /<([^>]+)>;rel="next"/.exec(first.headers.Link)![1];
		const second = await call('GET', next);
		expect(second.body.result.map(({ number }: { number: string }) => number)).toEqual(['INC0010003']);
		expect(second.headers.Link).not.toContain('rel="next"');
		expect((await table('GET', 'incident?sysparm_limit=-1')).status).toBe(400);
	});

	test('any value is found again by an equal query', async () => {
		await fc.assert(
			fc.asyncProperty(fc.stringMatching(/^[^^]{1,40}$/), async (value) => {
				const { create, query } = setUp();
				await create({ correlation_id: value });
				await create({ correlation_id: `${value}x` });
				expect((await query('incident', `correlation_id=${value}`)).rows).toHaveLength(1);
			}),
			{ numRuns: 50 },
		);
	});
});

describe("What n8n's ServiceNow node asks for", () => {
	test.each([
		['/api/now/doc/table/schema'],
		['/api/now/table/sys_dictionary?sysparm_query=name%3Dincident&sysparm_fields=column_label%2Celement'],
		['/api/now/table/cmdb_ci_service?sysparm_fields=name%2Csys_id'],
		['/api/now/table/sys_user?sysparm_fields=sys_id%2Cuser_name&sysparm_limit=100'],
		['/api/now/table/sys_user_group?sysparm_fields=sys_id%2Cname&sysparm_limit=100'],
		['/api/now/table/sys_user_role'],
		['/api/now/table/cmdb_ci?sysparm_fields=sys_id%2Cname%2Csys_class_name&sysparm_limit=100'],
		['/api/now/table/cmn_department?sysparm_limit=100'],
		[
			'/api/now/table/sys_choice?sysparm_fields=label%2Cvalue&sysparm_query=element%3Dcategory%5Ename%3Dincident',
		],
	])('%s', async (path) => {
		const { call } = setUp();
		const { status, body, violation } = await call('GET', path);
		expect(status).toBe(200);
		expect(violation).toBeUndefined();
		expect(body.result.length).toBeGreaterThan(0);
		for (const row of body.result) for (const value of Object.values(row)) expect(value).toBeDefined();
	});

	test('members of a group, with a trailing caret, and then each user', async () => {
		const { query, table } = setUp();
		const [group] = (await query('sys_user_group', 'name=Security Operations', 'sys_id')).rows;
		const members = (await table('GET', `sys_user_grmember?sysparm_query=group%3D${group.sys_id}%5E`)).body
			.result;
		expect(members).toHaveLength(2);
		const user = await table('GET', `sys_user/${members[0].user.value}`);
		expect(user.body.result.user_name).toBe('analyst');
	});

	test('attachments: upload, list, metadata, download, delete', async () => {
		const { create, call, state } = setUp();
		const { sys_id: id } = await create();
		const base = '/api/now/attachment';
		const uploaded = await call(
			'POST',
			`${base}/file?table_name=incident&table_sys_id=${id}&file_name=a.csv`,
			{
				body: Buffer.from([0, 255, 10]),
				headers: { 'content-type': 'text/csv' },
			},
		);
		expect(uploaded.status).toBe(201);
		expect(uploaded.body.result).toMatchObject({ size_bytes: '3', content_type: 'text/csv' });
		expect(state().incidents[0].attachments).toEqual(['a.csv']);
		const listed = await call('GET', `${base}?sysparm_query=table_name%3Dincident`);
		expect(listed.body.result).toHaveLength(1);
		const fileId = uploaded.body.result.sys_id;
		expect((await call('GET', `${base}/${fileId}/file`, { headers: { accept: undefined } })).body).toEqual(
			Buffer.from([0, 255, 10]),
		);
		expect((await call('DELETE', `${base}/${fileId}`)).status).toBe(204);
		expect((await call('GET', `${base}/${fileId}`)).status).toBe(404);
	});
});

test('configuration items are found by address', async () => {
	const { query } = setUp();
	const { rows } = await query('cmdb_ci', 'ip_address=10.9.9.9^ORmac_address=AA:BB:CC:00:00:01', 'name');
	expect(rows).toEqual([{ name: 'pc-7' }]);
});

test('new hosts of the world become configuration items, once', async () => {
	const { lab, serviceNow, query } = setUp();
	lab.world.hosts.push({ ...lab.world.hosts[0], hostname: 'pc-8', user: 'new.comer@corp.example' });
	serviceNow.worldChanged?.();
	serviceNow.worldChanged?.();
	expect((await query('cmdb_ci', 'nameSTARTSWITHpc-', 'name')).rows).toEqual([
		{ name: 'pc-7' },
		{ name: 'pc-8' },
	]);
	expect((await query('sys_user', 'email=new.comer@corp.example', 'name')).rows).toEqual([
		{ name: 'New Comer' },
	]);
});

test('a rate rule and hibernation are played on demand', async () => {
	const { serviceNow, table } = setUp();
	serviceNow.setFault('rateRule', true);
	const limited = await table('GET', 'incident');
	expect(limited.status).toBe(429);
	expect(limited.headers).toMatchObject({ 'Retry-After': '30', 'X-RateLimit-Limit': '100' });
	serviceNow.setFault('rateRule', false);
	serviceNow.setFault('hibernating', true);
	const asleep = await table('GET', 'incident');
	expect(asleep.status).toBe(200);
	expect(asleep.body).toContain('<html>');
});

test('reset starts numbers anew', async () => {
	const { serviceNow, create, state } = setUp();
	await create();
	serviceNow.reset();
	expect(state().incidents).toEqual([]);
	expect((await create()).number).toBe('INC0010001');
});
