import { createCmx } from '../../../../../lab/vendors/cmx';
import { basic, send, testContext, type CallOptions } from '../shared/testLab';

const CLIENTS = 'https://cmx.lab.example/api/location/v3/clients';
const WIRED = '00:1B:AA:00:00:01';
const WIRELESS = '00:1B:BB:00:00:01';

function lab() {
	const vendor = createCmx(testContext().context);
	const { user, password } = vendor.credentials() as { user: string; password: string };
	const get = async (
		query: string,
		options: CallOptions = { headers: { authorization: basic(user, password) } },
	) => await send(vendor, 'GET', CLIENTS + query, options);
	return { vendor, get };
}

describe('CMX', () => {
	it('knows where a wireless card is', async () => {
		const { get } = lab();
		const answer = await get(`?macAddress=${WIRELESS.toLowerCase()}`);
		expect(answer).toMatchObject({
			status: 200,
			body: [
				{
					deviceId: WIRELESS.toLowerCase(),
					locationMapHierarchy: expect.stringMatching(/^Corp Campus>Building [AB]>Level [1-4]$/),
					ipAddress: ['10.1.2.1'],
				},
			],
		});
		expect(await get(`?macAddress=${WIRELESS}`)).toEqual(answer);
	});

	it.each([WIRED, '00:00:00:00:00:01'])('has no place for %s', async (mac) => {
		expect(await lab().get(`?macAddress=${mac}`)).toEqual({ status: 204 });
	});

	it('gives all clients without a filter, and one by address or user', async () => {
		const { get } = lab();
		expect((await get('')).body).toHaveLength(3);
		for (const query of ['?ipAddress=10.1.2.2', '?username=user2@corp.example']) {
			expect((await get(query)).body).toMatchObject([{ ipAddress: ['10.1.2.2'] }]);
		}
	});

	it.each([
		['?macAddress=001bbb000001', undefined, 400],
		['?mac=1', undefined, 400],
		['', {}, 401],
		['', { headers: { authorization: basic('cmxapi', 'x') } }, 401],
	])('notes %j as misuse', async (query, options, status) => {
		expect(await lab().get(query, options)).toMatchObject({ status, violation: expect.any(String) });
	});
});
