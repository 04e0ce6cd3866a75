import { START, testHost } from '../shared/testLab';
import { parsed, secureEndpointLab } from './support';

const GUID = '00000000-0000-4000-8000-000000000001';
const SHA = 'd5cb3ef9816e8fd30cc9537bb394a7cc6c46c1dff1c65f11b527ef1df14edc3b';

describe('Secure Endpoint: computers', () => {
	it.each([
		['a part of the name, in any case', 'hostname[]=lap-00', 3],
		['one of two names', 'hostname[]=LAP-001&hostname[]=LAP-003', 2],
		['an address', 'internal_ip=10.1.2.2', 1],
		['the outer address', 'external_ip=192.0.2.1', 0],
		['being seen lately', 'last_seen_within=1', 2],
		['not being seen', 'last_seen_over=1', 1],
	])('finds by %s', async (_name, query, count) => {
		const away = testHost(3);
		const nics = away.nics.map((nic) => ({ ...nic, connected: false }));
		const { call } = secureEndpointLab([testHost(1), testHost(2), { ...away, nics }]);
		expect(parsed(await call('GET', `/computers?${query}`)).data).toHaveLength(count);
	});

	it('leaves out hosts without connector, and those that were deleted', async () => {
		const { call } = secureEndpointLab([testHost(1), testHost(2), testHost(4, { connectorGuid: undefined })]);
		expect((await call('DELETE', `/computers/${GUID}`)).status).toBe(200);
		expect(parsed(await call('GET', '/computers')).metadata.results.total).toBe(1);
		expect((await call('GET', `/computers/${GUID}`)).status).toBe(404);
	});

	it('moves a computer to another group', async () => {
		const { call } = secureEndpointLab();
		const [triage] = parsed(await call('GET', '/groups?name=Triage')).data;
		const moved = await call('PATCH', `/computers/${GUID}`, { json: { group_guid: triage.guid } });
		expect(parsed(moved).data).toMatchObject({ group_guid: triage.guid, policy: { name: 'Triage Policy' } });
		const missing = await call('PATCH', `/computers/${GUID}`, { json: {} });
		expect(missing).toMatchObject({ status: 400, violation: expect.stringContaining('group_guid') });
	});

	it('answers trajectories and activity searches from its events', async () => {
		const { call, emit } = secureEndpointLab();
		emit({ data: { sha256: SHA } });
		emit({ at: START - 1, type: '1107296277', data: { url: 'http://bad.example/payload' } });
		emit({ at: START - 1, hostname: 'LAP-002', type: '553648130' });
		const count = async (path: string) => parsed(await call('GET', path)).data.events.length;
		expect(await count(`/computers/${GUID}/trajectory`)).toBe(2);
		expect(await count(`/computers/${GUID}/trajectory?q=${SHA}`)).toBe(1);
		expect(await count(`/computers/${GUID}/user_trajectory?q=user1`)).toBe(2);
		const found = parsed(await call('GET', '/computers/activity?q=bad.example'));
		expect(found.data.map((computer: { connector_guid: string }) => computer.connector_guid)).toEqual([GUID]);
		expect(parsed(await call('GET', '/computers/user_activity?q=user2@corp.example')).data).toHaveLength(1);
		expect((await call('GET', '/computers/user_activity')).violation).toContain('q');
	});

	it('lists vulnerable programs by all three paths', async () => {
		const { call, emit } = secureEndpointLab();
		for (const hostname of ['LAP-001', 'LAP-002'])
			emit({ hostname, type: '1107296279', data: { sha256: SHA } });
		const [entry] = parsed(await call('GET', '/vulnerabilities')).data;
		expect(entry).toMatchObject({ file: { identity: { sha256: SHA } }, computers_total_count: 2 });
		expect(parsed(await call('GET', `/vulnerabilities/${SHA}/computers`)).data).toHaveLength(2);
		expect(parsed(await call('GET', `/computers/${GUID}/vulnerabilities`)).data.vulnerabilities).toHaveLength(
			1,
		);
	});
});

describe('Secure Endpoint: file lists', () => {
	it('adds, shows, refuses twice, and removes a hash', async () => {
		const { call, vendor } = secureEndpointLab();
		const lists = parsed(await call('GET', '/file_lists/simple_custom_detections?name[]=Quick%20SCD')).data;
		expect(lists).toHaveLength(1);
		const path = `/file_lists/${lists[0].guid}/files`;
		const added = await call('POST', `${path}/${SHA.toUpperCase()}`, { json: { description: 'incident 7' } });
		expect(added.status).toBe(201);
		expect(parsed(added).data).toMatchObject({ sha256: SHA, description: 'incident 7' });
		expect(await call('POST', `${path}/${SHA}`)).toMatchObject({ status: 409 });
		expect(parsed(await call('GET', path)).data).toMatchObject({
			name: 'Quick SCD',
			items: [{ sha256: SHA }],
		});
		expect(JSON.stringify(vendor.state().fileLists)).toContain(SHA);
		expect((await call('DELETE', `${path}/${SHA}`)).status).toBe(200);
		expect(await call('DELETE', `${path}/${SHA}`)).toMatchObject({ status: 404 });
		expect((await call('POST', `${path}/1234`)).violation).toContain('sha256');
	});
});

describe('Secure Endpoint: groups, policies, event streams', () => {
	it('creates, changes, nests and deletes a group', async () => {
		const { call } = secureEndpointLab();
		const created = await call('POST', '/groups', { json: { name: 'RTC', description: 'contained' } });
		expect(created.status).toBe(201);
		const { guid } = parsed(created).data;
		expect((await call('POST', '/groups', { json: { name: 'RTC' } })).status).toBe(409);
		const [parent] = parsed(await call('GET', '/groups?name=Server')).data;
		await call('PATCH', `/groups/${guid}/parent`, { json: { parent_group_guid: parent.guid } });
		expect(parsed(await call('GET', `/groups/${parent.guid}`)).data.child_groups).toHaveLength(1);
		expect((await call('DELETE', `/groups/${parent.guid}`)).status).toBe(409);
		expect((await call('DELETE', `/groups/${guid}`)).status).toBe(200);
	});

	it('gives a policy as JSON and as XML', async () => {
		const { call } = secureEndpointLab();
		const [policy] = parsed(await call('GET', '/policies?product[]=windows&name[]=Protect%20Policy')).data;
		expect(parsed(await call('GET', `/policies/${policy.guid}`)).data.name).toBe('Protect Policy');
		expect((await call('GET', `/policies/${policy.guid}.xml`)).headers?.['content-type']).toBe(
			'application/xml',
		);
	});

	it('shows the credentials of a stream once, and allows five', async () => {
		const { call } = secureEndpointLab();
		const create = (name: string) =>
			call('POST', '/event_streams', { json: { name, event_type: [1090519054], group_guid: [] } });
		const { id, amqp_credentials: credentials } = parsed(await create('one')).data;
		expect(credentials.password).toMatch(/^[0-9a-f]{40}$/);
		expect(parsed(await call('GET', `/event_streams/${id}`)).data.amqp_credentials.password).toBeUndefined();
		for (const name of ['two', 'three', 'four', 'five']) expect((await create(name)).status).toBe(201);
		expect((await create('six')).status).toBe(409);
	});
});
