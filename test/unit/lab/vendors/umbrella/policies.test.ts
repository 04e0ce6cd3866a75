import { START } from '../shared/testLab';
import { bodyOf, umbrellaLab } from './support';

const LISTS = '/policies/v2/destinationlists';

async function blockList(call: ReturnType<typeof umbrellaLab>['call']): Promise<string> {
	const { data } = bodyOf(await call('GET', LISTS));
	const list = data.find(({ name }: { name: string }) => name === 'Rapid Threat Containment');
	return `${LISTS}/${list.id}`;
}

describe('Umbrella: destination lists', () => {
	it('creates, renames and deletes a list, but not a global one', async () => {
		const { call } = umbrellaLab();
		const created = await call('POST', LISTS, {
			json: { access: 'block', isGlobal: false, name: 'RTC', destinations: [{ destination: 'a.example' }] },
		});
		const { data } = bodyOf(created);
		expect(data).toMatchObject({
			organizationId: 2345678,
			createdAt: START / 1000,
			meta: { destinationCount: 1 },
		});
		const renamed = await call('PATCH', `${LISTS}/${data.id}`, { json: { name: 'RTC 2' } });
		expect(bodyOf(renamed)).toMatchObject({ status: { code: 200, text: 'OK' }, data: { name: 'RTC 2' } });
		expect(bodyOf(await call('DELETE', `${LISTS}/${data.id}`)).data).toEqual([]);
		expect(await call('GET', `${LISTS}/${data.id}`)).toMatchObject({
			status: 404,
			body: { statusCode: 404, error: 'Not Found', txId: expect.any(String) },
		});
		const [globalList] = bodyOf(await call('GET', LISTS)).data;
		const refused = await call('DELETE', `${LISTS}/${globalList.id}`);
		expect(refused.status).toBe(400);
		expect(refused.violation).toBeUndefined();
	});

	it('adds destinations once, gives text ids, and removes by integer ids', async () => {
		const { call, vendor } = umbrellaLab();
		const path = await blockList(call);
		const destinations = [
			{ destination: 'evil.example', comment: 'RTC' },
			{ destination: '198.51.100.7' },
			{ destination: 'http://bad.example/x' },
		];
		for (let round = 0; round < 2; round += 1) {
			const added = await call('POST', `${path}/destinations`, { json: destinations });
			expect(bodyOf(added).data.meta).toMatchObject({
				destinationCount: 3,
				domainCount: 1,
				urlCount: 1,
				ipv4Count: 1,
			});
		}
		const { data, meta } = bodyOf(await call('GET', `${path}/destinations?page=1&limit=2`));
		expect(meta).toEqual({ page: 1, limit: 2, total: 3 });
		expect(data[0]).toEqual({
			id: expect.stringMatching(/^\d+$/),
			destination: 'evil.example',
			type: 'domain',
			comment: 'RTC',
			createdAt: '2026-03-02 09:00:00',
		});
		const asText = await call('DELETE', `${path}/destinations/remove`, { json: [data[0].id] });
		expect(asText).toMatchObject({ status: 400, violation: expect.stringContaining('integers') });
		const removed = await call('DELETE', `${path}/destinations/remove`, { json: [Number(data[0].id)] });
		expect(bodyOf(removed).data.meta.destinationCount).toBe(2);
		expect(JSON.stringify(vendor.state())).not.toContain('evil.example');
	});

	it.each([
		['an object instead of an array', { json: { destination: 'a.example' } }, 400, 'array'],
		[
			'more than 500',
			{ json: Array.from({ length: 501 }, (_, i) => ({ destination: `d${i}.example` })) },
			400,
			'500',
		],
		['texts', { json: ['a.example'] }, 400, 'object'],
		['IPv6', { json: [{ destination: '2001:db8::1' }] }, 400, '2001:db8::1'],
		['an unknown field', { json: [{ destination: 'a.example', note: 'x' }] }, 400, 'note'],
		['a form', { form: { destination: 'a.example' } }, 415, 'Content-Type'],
		['nothing', {}, 400, 'missing'],
	])('refuses to add %s', async (_name, options, status, word) => {
		const { call } = umbrellaLab();
		const response = await call('POST', `${await blockList(call)}/destinations`, options);
		expect(response.status).toBe(status);
		expect(response.violation).toContain(word);
		expect(bodyOf(response)).toMatchObject({ statusCode: status, txId: expect.any(String) });
	});

	it('refuses a URL on a busy domain, adding nothing', async () => {
		const { call } = umbrellaLab();
		const path = await blockList(call);
		const json = [{ destination: 'a.example' }, { destination: 'https://docs.google.com/x' }];
		const refused = await call('POST', `${path}/destinations`, { json });
		expect(bodyOf(refused).message).toContain('high-volume');
		expect(refused.violation).toBeUndefined();
		expect(bodyOf(await call('GET', `${path}/destinations`)).meta.total).toBe(0);
	});

	it.each([
		['203.0.113.0/24', 'ipv4'],
		['203.0.113.7/32', 'ipv4'],
		['203.0.113.7/33', 'url'],
		['203.0.113.7/a', 'url'],
	])('takes %s for %s', async (destination, type) => {
		const { call } = umbrellaLab();
		const path = await blockList(call);
		await call('POST', `${path}/destinations`, { json: [{ destination }] });
		expect(bodyOf(await call('GET', `${path}/destinations`)).data).toMatchObject([{ destination, type }]);
	});

	it('adds the others under the fault partialAdd', async () => {
		const { call, vendor } = umbrellaLab();
		const path = await blockList(call);
		vendor.setFault('partialAdd', true);
		const json = [{ destination: 'a.example' }, { destination: 'https://docs.google.com/x' }];
		expect((await call('POST', `${path}/destinations`, { json })).status).toBe(400);
		expect(bodyOf(await call('GET', `${path}/destinations`)).data).toMatchObject([{ destination: 'a.example' }]);
	});

	it('refuses with 409 what a full list can not hold, and takes what it holds already', async () => {
		const { call, vendor } = umbrellaLab();
		const path = await blockList(call);
		vendor.setFault('listCapacity', 1);
		const add = async (...names: string[]) =>
			await call('POST', `${path}/destinations`, { json: names.map((destination) => ({ destination })) });
		expect((await add('a.example')).status).toBe(200);
		expect(await add('a.example', 'b.example')).toMatchObject({ status: 409, body: { error: 'Conflict' } });
		expect((await add('a.example')).status).toBe(200);
	});

	it('keeps no IPv4 address in a block list under the fault dropIpv4', async () => {
		const { call, vendor } = umbrellaLab();
		const path = await blockList(call);
		vendor.setFault('dropIpv4', true);
		const json = [{ destination: 'a.example' }, { destination: '203.0.113.7' }];
		expect((await call('POST', `${path}/destinations`, { json })).status).toBe(200);
		expect(bodyOf(await call('GET', `${path}/destinations`)).meta.total).toBe(1);
	});

	it('gives at most 100 on a page', async () => {
		const { call } = umbrellaLab();
		const response = await call('GET', `${LISTS}?limit=101`);
		expect(response).toMatchObject({ status: 400, violation: expect.stringContaining('limit') });
	});
});
