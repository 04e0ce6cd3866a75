import { inRanges, rangeOf } from '../../../../../lab/vendors/secureNetworkAnalytics/addresses';
import sample from '../../../../fixtures/secure-network-analytics/tag.json';
import { START } from '../shared/testLab';
import { bodyOf, snaLab, TAGS } from './support';

const WISH = {
	name: 'Quarantine',
	location: 'INSIDE',
	description: 'Contained by rapid threat containment',
	ranges: ['10.1.2.1'],
	hostBaselines: false,
	suppressExcludedServices: true,
	inverseSuppression: false,
	hostTrap: false,
	sendToCta: false,
	parentId: 0,
};

function groupLab() {
	const lab = snaLab();
	const create = async (changes: object = {}) =>
		bodyOf(await lab.call('POST', TAGS, { json: [{ ...WISH, ...changes }] })).data[0];
	return { ...lab, create };
}

describe('Secure Network Analytics: host groups', () => {
	it('answers a host group with the keys of a real one', async () => {
		const { call } = groupLab();
		const { data } = bodyOf(await call('GET', `${TAGS}/6`));
		expect(data).toEqual(sample.data);
	});

	it('lists with and without the slash at the end', async () => {
		const { call } = groupLab();
		const list = await call('GET', `${TAGS}/`);
		expect(list).toEqual(await call('GET', TAGS));
		expect(bodyOf(list).data).toContainEqual(expect.objectContaining({ id: 1, name: 'Inside Hosts' }));
	});

	it('creates from a list, reads, changes and deletes', async () => {
		const { call, create, vendor } = groupLab();
		const created = await create();
		expect(created).toMatchObject({ ...WISH, domainId: 102, display: { editable: true, path: [] } });
		const path = `${TAGS}/${created.id}`;
		const changed = await call('PUT', path, { json: { ...created, ranges: ['10.1.2.1', '10.1.2.2'] } });
		expect(changed).toMatchObject({ status: 200, body: { data: { ranges: ['10.1.2.1', '10.1.2.2'] } } });
		expect(bodyOf(await call('GET', path))).toEqual(changed.body);
		expect(vendor.state().hostGroups).toContainEqual({
			id: created.id,
			name: 'Quarantine',
			location: 'INSIDE',
			ranges: ['10.1.2.1', '10.1.2.2'],
		});
		expect((await call('DELETE', path)).status).toBe(204);
		expect((await call('GET', path)).status).toBe(404);
	});

	it('shows a host group in the records of its hosts', async () => {
		const { create, emit, events } = groupLab();
		const { id } = await create();
		emit();
		const [record] = await events();
		expect(record.source.tags).toEqual([{ name: 'Quarantine', id }]);
	});

	it.each([
		['one host group instead of a list', WISH, 400, 'list'],
		['a missing flag', [{ ...WISH, hostTrap: undefined }], 400, 'hostTrap is missing'],
		['a text as flag', [{ ...WISH, hostTrap: 'false' }], 400, 'hostTrap'],
		['another location', [{ ...WISH, location: 'inside' }], 400, 'location'],
		['a range that is none', [{ ...WISH, ranges: ['laptop-7'] }], 400, 'laptop-7'],
		['ranges as text', [{ ...WISH, ranges: '10.1.2.1' }], 400, 'ranges'],
		['a misspelt field', [{ ...WISH, range: [] }], 400, '"range"'],
	])('refuses to create from %s', async (_name, json, status, word) => {
		const { call } = groupLab();
		const before = bodyOf(await call('GET', TAGS));
		expect(await call('POST', TAGS, { json })).toMatchObject({
			status,
			violation: expect.stringContaining(word),
		});
		expect(bodyOf(await call('GET', TAGS))).toEqual(before);
	});

	it('wants the whole object for a change', async () => {
		const { call, create } = groupLab();
		const { id } = await create();
		const answer = await call('PUT', `${TAGS}/${id}`, { json: { ranges: ['10.1.2.9'] } });
		expect(answer).toMatchObject({ status: 400, violation: expect.stringContaining('the whole host group') });
		const other = await call('PUT', `${TAGS}/${id}`, { json: { ...WISH, id: id + 1 } });
		expect(other).toMatchObject({ status: 400, violation: expect.stringContaining('of the path') });
	});

	it('refuses for their content, without blame: names used twice, unknown parents, built-in groups', async () => {
		const { call, create } = groupLab();
		await create();
		const twice = await call('POST', TAGS, { json: [WISH] });
		const orphan = await call('POST', TAGS, { json: [{ ...WISH, name: 'Other', parentId: 999 }] });
		const builtIn = await call('DELETE', `${TAGS}/65534`);
		expect([twice, orphan, builtIn].map(({ status }) => status)).toEqual([409, 400, 403]);
		expect([twice, orphan, builtIn].map(({ violation }) => violation)).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});

	it.each([
		['10.1.2.1', '10.1.2.1', true],
		['10.1.2.1', '10.1.2.10', false],
		['10.1.', '10.1.200.3', true],
		['10.1.', '10.10.1.1', false],
		['10.20.0.0/15', '10.21.255.255', true],
		['10.20.0.0/15', '10.22.0.0', false],
		['10.1.1.5-10.1.1.9', '10.1.1.9', true],
		['10.1.1.5-10.1.1.9', '10.1.1.10', false],
		['2001:db8::/32', '2001:db8::1', true],
	])('range %s around %s: %s', (range, ip, inside) => expect(inRanges(ip, [range])).toBe(inside));

	it.each(['', 'laptop', '10.1.2', '10.1.2.3/33', '10.1.2.300', '10.1.2.9-10.1.2.5', '10.1.2.3/', '300.'])(
		'%j is no range',
		(text) => expect(rangeOf(text)).toBeUndefined(),
	);
});

describe('Secure Network Analytics: ready-made reports', () => {
	const INTERNAL = '/sw-reporting/v1/tenants/102/internalHosts';

	it('names inside host groups by displayName', async () => {
		const { call } = snaLab();
		const { data } = bodyOf(await call('GET', `${INTERNAL}/tags`));
		expect(data).toContainEqual({ displayName: 'Catch All', id: 65534 });
		expect(data).not.toContainEqual(expect.objectContaining({ id: 61627 }));
	});

	it('ranks alarming hosts by their points', async () => {
		const { call, emit } = snaLab();
		emit({ data: { points: 5_000 } });
		emit({ hostname: 'LAP-002', data: { points: 20_000 } });
		emit({ hostname: 'LAP-003', at: START - 25 * 3_600_000 });
		const { data, header } = bodyOf(await call('GET', `${INTERNAL}/alarms/topHosts`)).data;
		expect(header).toEqual({ startTime: '2026-03-01T09:00:00Z', endTime: '2026-03-02T09:00:00Z' });
		expect(data.map(({ ipAddress }: { ipAddress: string }) => ipAddress)).toEqual(['10.1.2.2', '10.1.2.1']);
		expect(data[0].sourceCategoryEvents).toContainEqual({ alwaysBadCount: 0, severity: 2, typeId: 45 });
	});

	it('sums traffic of a host group by the hour', async () => {
		const { call, emit } = snaLab();
		const json = [{ ...WISH, ranges: ['10.1.'] }];
		const [{ id }] = bodyOf(await call('POST', TAGS, { json })).data;
		emit({ data: { points: 10 } });
		const { data } = bodyOf(await call('GET', `${INTERNAL}/tags/${id}/traffic/hourly`)).data;
		expect(data).toHaveLength(24);
		expect(data[0]).toEqual({
			timestamp: '2026-03-02T08:00:00Z',
			value: { inboundByteCount: 0, outboundByteCount: 400_000, withinByteCount: 0 },
		});
		expect(data[1].value.outboundByteCount).toBe(0);
	});

	it('lists users and their data roles', async () => {
		const { call } = snaLab();
		const users = bodyOf(await call('GET', '/smc-users/rest/v1/users')).data;
		const roles = bodyOf(await call('GET', '/smc-users/rest/v1/roles/data-roles')).data;
		const known = roles.map(({ id }: { id: number }) => id);
		expect(users.map(({ userName }: { userName: string }) => userName)).toEqual(['rtc-api', 'rtc-reader']);
		for (const { dataRoleId } of users) expect(known).toContain(dataRoleId);
	});
});
