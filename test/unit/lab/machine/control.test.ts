import type { RunningLab } from '../../../../lab';
import { FakeVendor, HOST, ask, control, startTestLab } from './support';

describe('the control port', () => {
	const amp = new FakeVendor('secureEndpoint', [HOST]);
	const umbrella = new FakeVendor('umbrella', ['umbrella.example']);
	const mute = Object.assign(new FakeVendor('mute', ['mute.example']), { emit: undefined });
	let lab: RunningLab;

	beforeAll(async () => {
		lab = await startTestLab([amp, umbrella, mute as unknown as FakeVendor], 7);
	});

	afterAll(async () => await lab.close());

	beforeEach(async () => {
		await control(lab, 'POST', '/_lab/reset');
		for (const vendor of [amp, umbrella]) vendor.events.length = 0;
	});

	it('lists hosts and credentials', async () => {
		const hosts = await control(lab, 'GET', '/_lab/hosts');
		expect(hosts.body).toEqual({
			hosts: [HOST, 'umbrella.example', 'mute.example'],
			byVendor: { secureEndpoint: [HOST], umbrella: ['umbrella.example'], mute: ['mute.example'] },
		});
		const credentials = await control(lab, 'GET', '/_lab/credentials');
		expect(credentials.body.umbrella).toEqual({ apiKey: 'umbrella-key' });
		expect(credentials.body.lab.caCertificate).toBe(lab.caPem);
	});

	it('shows the journal with filters', async () => {
		amp.answer = () => ({ status: 400, body: {}, violation: 'limit is no number' });
		await ask(lab, { path: '/v1/a?limit=x' });
		amp.answer = () => ({ status: 200, body: {} });
		await ask(lab, { path: '/v1/b' });
		const all = await control(lab, 'GET', '/_lab/journal');
		expect(all.body.total).toBe(2);
		expect(all.body.totals).toMatchObject({ calls: 2, violations: 1, rateLimited: 0 });
		const bad = await control(lab, 'GET', '/_lab/journal?violations=1&vendor=secureEndpoint&status=400');
		expect(bad.body.entries).toMatchObject([{ path: '/v1/a?limit=x', violation: 'limit is no number' }]);
		expect((await control(lab, 'GET', '/_lab/state')).body.violations).toBe(1);
	});

	it('shows the state of world and vendors', async () => {
		const { body } = await control(lab, 'GET', '/_lab/state');
		expect(body.seed).toBe(7);
		expect(body.world.hosts.length).toBeGreaterThan(50);
		expect(body.vendors.umbrella).toEqual({ events: 0 });
	});

	it('emits one event now, by the lab’s clock', async () => {
		await control(lab, 'POST', '/_lab/clock', { offsetMs: 60_000 });
		await control(lab, 'POST', '/_lab/clock', { vendor: 'umbrella', offsetMs: 5_000_000 });
		const input = { vendor: 'umbrella', hostname: 'ceo-laptop', type: 'dns', data: { domain: 'x.example' } };
		const { status } = await control(lab, 'POST', '/_lab/emit', input);
		expect(status).toBe(200);
		expect(umbrella.events).toMatchObject([
			{ hostname: 'ceo-laptop', type: 'dns', data: { domain: 'x.example' } },
		]);
		expect(Math.abs(umbrella.events[0].at - Date.now() - 60_000)).toBeLessThan(2000);
	});

	it('emits one event of each host in a list, or none when a name is wrong', async () => {
		const before = umbrella.events.length;
		const input = { vendor: 'umbrella', type: 'dns', hostname: ['ceo-laptop', 'ceo-laptop', 'nowhere'] };
		expect((await control(lab, 'POST', '/_lab/emit', input)).body.error).toContain('"nowhere"');
		expect(umbrella.events).toHaveLength(before);
		const { status } = await control(lab, 'POST', '/_lab/emit', { ...input, hostname: input.hostname.slice(0, 2) });
		expect(status).toBe(200);
		expect(umbrella.events.slice(before)).toMatchObject([{ hostname: 'ceo-laptop' }, { hostname: 'ceo-laptop' }]);
	});

	it('plays a scenario to its end and says what to expect', async () => {
		const started = await control(lab, 'POST', '/_lab/scenario', {
			name: 'ransomware',
			seed: 3,
			speed: 2000,
		});
		expect(started.body).toMatchObject({ name: 'ransomware', seed: 3, durationMs: 90 });
		expect(started.body.expectations).toMatchObject({ mustNotContain: 'all others', maxAutomatic: 4 });
		const deadline = Date.now() + 5000;
		let progress = started.body;
		while (progress.state === 'running' && Date.now() < deadline) {
			await new Promise((resolve) => setTimeout(resolve, 20));
			progress = (await control(lab, 'GET', '/_lab/scenario')).body;
		}
		expect(progress).toMatchObject({ state: 'finished', emitted: progress.total, failures: [] });
		expect(amp.events.length + umbrella.events.length).toBe(progress.total);
		const { body } = await control(lab, 'GET', '/_lab/state');
		const infected = body.world.hosts.filter((host: { infected: boolean }) => host.infected);
		expect(infected.map((host: { hostname: string }) => host.hostname).sort()).toEqual(progress.infected);
		expect(progress.infected).toEqual(progress.expectations.contain);
	});

	it('stops a scenario', async () => {
		await control(lab, 'POST', '/_lab/scenario', { name: 'quietDay', speed: 0.1 });
		expect((await control(lab, 'GET', '/_lab/scenario')).body.state).toBe('running');
		expect((await control(lab, 'DELETE', '/_lab/scenario')).body.state).toBe('stopped');
	});

	it('grows the world for a scenario that needs it, and tells vendors', async () => {
		const before = amp.worldChanges;
		const { body } = await control(lab, 'POST', '/_lab/scenario', { name: 'massFalsePositive', speed: 1 });
		expect(body.expectations.mayContain).toHaveLength(2000);
		expect(lab.lab.world.hosts.length).toBeGreaterThan(2050);
		expect(amp.worldChanges).toBe(before + 1);
		await control(lab, 'POST', '/_lab/reset');
		expect(lab.lab.world.hosts.length).toBeLessThan(100);
	});

	it('resets everything', async () => {
		await control(lab, 'POST', '/_lab/scenario', { name: 'ransomware', speed: 1 });
		await control(lab, 'POST', '/_lab/fault', { vendor: 'umbrella', kind: 'reset' });
		await control(lab, 'POST', '/_lab/clock', { offsetMs: 5 });
		await ask(lab);
		const resets = amp.resets;
		expect((await control(lab, 'POST', '/_lab/reset', { seed: 9 })).body).toEqual({ seed: 9 });
		const { body } = await control(lab, 'GET', '/_lab/state');
		expect(body).toMatchObject({ seed: 9, scenario: { state: 'idle' }, clock: { offsetMs: 0, vendors: {} } });
		expect(body.world.hosts.some((host: { infected: boolean }) => host.infected)).toBe(false);
		expect((await control(lab, 'GET', '/_lab/fault')).body.faults).toEqual([]);
		expect((await control(lab, 'GET', '/_lab/journal')).body.totals.calls).toBe(0);
		expect(amp.resets).toBe(resets + 1);
	});

	it('says how it is, and what it can play', async () => {
		expect((await control(lab, 'GET', '/_lab/health')).body).toMatchObject({
			status: 'ok',
			scenario: 'idle',
		});
		const { body } = await control(lab, 'GET', '/_lab/scenarios');
		expect(body.scenarios.map(({ name }: { name: string }) => name)).toContain('noisyDetector');
	});

	it.each([
		['POST', '/_lab/scenario', {}, 'name'],
		['POST', '/_lab/scenario', { name: 'apocalypse' }, 'name'],
		['POST', '/_lab/scenario', { name: 'quietDay', speed: 0 }, 'speed'],
		['POST', '/_lab/scenario', { name: 'quietDay', seed: 1.5 }, 'seed'],
		['POST', '/_lab/scenario', { name: 'quietDay', sped: 2 }, 'sped'],
		['POST', '/_lab/scenario', 'not json', 'body'],
		['POST', '/_lab/scenario', [], 'body'],
		['POST', '/_lab/clock', {}, 'offsetMs'],
		['POST', '/_lab/clock', { offsetMs: 1, vendor: 'nobody' }, 'vendor'],
		['POST', '/_lab/emit', { hostname: 'ceo-laptop', type: 'dns' }, 'vendor'],
		['POST', '/_lab/emit', { vendor: 'mute', hostname: 'ceo-laptop', type: 'dns' }, 'vendor'],
		['POST', '/_lab/emit', { vendor: 'umbrella', hostname: 'nowhere', type: 'dns' }, 'hostname'],
		['POST', '/_lab/emit', { vendor: 'umbrella', hostname: [], type: 'dns' }, 'hostname'],
		['POST', '/_lab/emit', { vendor: 'umbrella', hostname: ['ceo-laptop', 1], type: 'dns' }, 'hostname'],
		['POST', '/_lab/emit', { vendor: 'umbrella', hostname: 'ceo-laptop' }, 'type'],
		['POST', '/_lab/emit', { vendor: 'umbrella', hostname: 'ceo-laptop', type: 'nonsense' }, 'type'],
		['POST', '/_lab/emit', { vendor: 'umbrella', hostname: 'ceo-laptop', type: 'dns', data: 1 }, 'data'],
		['POST', '/_lab/reset', { seed: -1 }, 'seed'],
		['GET', '/_lab/journal?since=yesterday', undefined, 'since'],
		['GET', '/_lab/journal?vender=x', undefined, 'vender'],
	])('%s %s %j: 400 naming %s', async (method, path, input, field) => {
		const { status, body } = await control(lab, method, path, input);
		expect({ status, field: body.field }).toEqual({ status: 400, field });
		expect(body.error).toContain(field === 'body' ? 'body' : '');
	});

	it('lets a person press a button of a card', async () => {
		const presses: unknown[] = [];
		Object.assign(umbrella, {
			pressButton: (press: { messageId: string }) => {
				if (press.messageId === 'none') throw new Error('There is no message none');
				presses.push(press);
				return { id: 'action-1' };
			},
		});
		const press = { messageId: 'm1', personEmail: 'analyst@corp.example', inputs: { action: 'release' } };
		expect(await control(lab, 'POST', '/_lab/press', press)).toEqual({
			status: 200,
			body: { id: 'action-1' },
		});
		expect(presses).toEqual([press]);
		const refusal = await control(lab, 'POST', '/_lab/press', { ...press, messageId: 'none' });
		expect(refusal).toMatchObject({ status: 400, body: { field: 'messageId' } });
	});

	it('answers 404 with its routes', async () => {
		const { status, body } = await control(lab, 'GET', '/_lab/nothing');
		expect(status).toBe(404);
		expect(body.routes).toContain('GET /_lab/journal');
	});
});
