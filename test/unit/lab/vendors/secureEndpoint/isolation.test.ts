import { START } from '../shared/testLab';
import { parsed, secureEndpointLab } from './support';

const PATH = '/computers/00000000-0000-4000-8000-000000000001/isolation';

describe('Secure Endpoint: isolation', () => {
	it('goes through pending states, which the connector confirms within 2 to 4 seconds', async () => {
		const { call, advance } = secureEndpointLab();
		const status = async () => parsed(await call('GET', PATH)).data.status;
		const started = await call('PUT', PATH, { json: { comment: 'RTC episode 7' } });
		expect(parsed(started).data).toMatchObject({
			available: true,
			status: 'pending_start',
			comment: 'RTC episode 7',
			unlock_code: expect.stringMatching(/^[a-z]{6}$/),
		});
		advance(1999);
		expect(await status()).toBe('pending_start');
		advance(2001);
		expect(await status()).toBe('isolated');
		const stopped = await call('DELETE', PATH, { json: { comment: 'released' } });
		expect(parsed(stopped).data).toMatchObject({ status: 'pending_stop', comment: 'released' });
		advance(4000);
		expect(await status()).toBe('not_isolated');
	});

	it('reports the change as an event', async () => {
		const { call, advance } = secureEndpointLab();
		await call('PUT', PATH);
		advance(4000);
		const { data } = parsed(await call('GET', '/events?event_type[]=553648202'));
		expect(data).toHaveLength(1);
		expect(data[0].timestamp).toBeGreaterThanOrEqual((START + 2000) / 1000);
	});

	it('tells by OPTIONS which verbs work now', async () => {
		const { call, advance } = secureEndpointLab();
		const allow = async () => {
			const response = await call('OPTIONS', PATH);
			expect(response.status).toBe(204);
			return response.headers?.allow;
		};
		expect(await allow()).toBe('OPTIONS, GET, PUT');
		await call('PUT', PATH);
		expect(await allow()).toBe('OPTIONS, GET');
		advance(4000);
		expect(await allow()).toBe('OPTIONS, GET, DELETE');
	});

	it('answers 409, no violation, when already isolated, in transition, not isolated, or not allowed', async () => {
		const { call, advance, vendor } = secureEndpointLab();
		const expectConflict = async (method: string, word: string) => {
			const response = await call(method, PATH);
			expect(response.status).toBe(409);
			expect(parsed(response).errors[0].details[0]).toContain(word);
			expect(response.violation).toBeUndefined();
		};
		await expectConflict('DELETE', 'not isolated');
		await call('PUT', PATH);
		await expectConflict('PUT', 'transitional');
		await expectConflict('DELETE', 'transitional');
		advance(4000);
		await expectConflict('PUT', 'already isolated');
		vendor.reset();
		const groups = parsed(await call('GET', '/groups?name=Audit')).data;
		await call('PATCH', PATH.replace('/isolation', ''), { json: { group_guid: groups[0].guid } });
		await expectConflict('PUT', 'not available');
	});

	it('takes an unlock code, and refuses bodies that it can not read', async () => {
		const { call } = secureEndpointLab();
		const text = await call('PUT', PATH, { raw: '{}', headers: { 'content-type': 'text/plain' } });
		expect(text).toMatchObject({ status: 415, violation: expect.stringContaining('Content-Type') });
		const field = await call('PUT', PATH, { json: { lock: true } });
		expect(field).toMatchObject({ status: 400, violation: expect.stringContaining('lock') });
		const started = await call('PUT', PATH, { json: { unlock_code: 'opensesame' } });
		expect(parsed(started).data.unlock_code).toBe('opensesame');
	});

	it('shows judges which connectors are isolated', async () => {
		const { call, advance, vendor } = secureEndpointLab();
		await call('PUT', PATH);
		advance(4000);
		expect(vendor.state().isolation).toEqual([
			expect.objectContaining({ hostname: 'LAP-001', status: 'isolated' }),
		]);
		vendor.reset();
		expect(vendor.state().isolation).toEqual([]);
	});

	it('knows no other connectors', async () => {
		const response = await secureEndpointLab().call('PUT', PATH.replace('0001', '9999'));
		expect(response.status).toBe(404);
		expect(response.violation).toBeUndefined();
	});
});
