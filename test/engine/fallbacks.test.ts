import { Engine } from '../support/engine';
import {
	HOST,
	PERSON,
	compromise,
	intentOf,
	laptops,
	macsOf,
	messagesOf,
	misdeedsOf,
	sceneOf,
} from '../support/engineScenes';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

/** Everything is up again; the longest backoff of a first retry later, the sweep comes by. */
async function recover(): Promise<void> {
	engine.lab.lab.clearFaults();
	engine.time.advance(60_000);
	await engine.runWell('rtcSweepIntents');
}

const contained = () => ({
	bound: macsOf(engine),
	isolation: 'isolated',
	messages: [`${HOST} was contained`],
	incidents: [{ correlationId: expect.any(String) as string, notes: [] }],
});

describe('while Secure Endpoint is down', () => {
	const down = { vendor: 'secureEndpoint', kind: 'status', status: 503, path: '/v1/computers*' };
	const onlyAtIse = () => ({ bound: macsOf(engine), isolation: undefined, messages: [], incidents: [] });

	it('the host is contained at ISE, and its connector isolated later, told of once', async () => {
		engine.fault(down);
		await compromise(engine);
		expect(sceneOf(engine)).toEqual(onlyAtIse());
		expect(await intentOf(engine, 'contain')).toMatchObject({
			state: 'pending',
			lastError: expect.stringContaining('503'),
		});

		await recover();
		expect(sceneOf(engine)).toEqual(contained());
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'done', attempts: 2 });
		expect(messagesOf(engine)[0].text).not.toContain('not isolated');
	});

	it('for long, the containment is told of without the connector', async () => {
		engine.fault(down);
		await compromise(engine);
		for (let round = 0; round < 4; round++) {
			expect(sceneOf(engine)).toEqual(onlyAtIse());
			engine.time.advance(10 * 60_000);
			await engine.runWell('rtcSweepIntents');
		}

		expect(sceneOf(engine)).toEqual({ ...contained(), isolation: undefined });
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'done', attempts: 5 });
		expect(messagesOf(engine)[0].text).toContain('Connector: not isolated');
	});

	it('or refuses the isolation for good, that is told of at once', async () => {
		engine.fault({ ...down, status: 403, method: 'PUT' });
		await compromise(engine);
		expect(sceneOf(engine)).toEqual({ ...contained(), isolation: undefined });
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'done', attempts: 1 });
		expect(messagesOf(engine)[0].text).toContain('Connector: not isolated');
	});
});

describe('while ISE refuses', () => {
	it('the containment is repeated until it succeeds, and is announced only then', async () => {
		engine.fault({ vendor: 'ise', kind: 'status', status: 500, path: '/ers/config/ancendpoint/apply' });
		await compromise(engine);
		expect(sceneOf(engine)).toEqual({ bound: [], isolation: undefined, messages: [], incidents: [] });
		const failed = await intentOf(engine, 'contain');
		expect(failed).toMatchObject({
			state: 'pending',
			attempts: 1,
			lastError: expect.stringContaining('500'),
		});

		await engine.runWell('rtcSweepIntents');
		expect(await intentOf(engine, 'contain')).toMatchObject({ attempts: 1 });

		await recover();
		expect(sceneOf(engine)).toEqual(contained());
		expect(await intentOf(engine, 'contain')).toMatchObject({ id: failed.id, state: 'done' });
	});

	it('one of two network cards, the other is bound at once and both after the retry', async () => {
		engine.fault({
			vendor: 'ise',
			kind: 'status',
			status: 500,
			path: '/ers/config/ancendpoint/apply',
			times: 1,
		});
		await compromise(engine);
		expect(sceneOf(engine).bound).toHaveLength(1);
		expect(sceneOf(engine)).toMatchObject({ messages: [], incidents: [] });
		expect((await intentOf(engine, 'contain')).lastError).toContain('1 of 2 endpoints');

		await recover();
		expect(sceneOf(engine)).toEqual(contained());
	});

	it('one of two that nobody knew before, a release in the pause frees the other', async () => {
		engine.fault({
			vendor: 'ise',
			kind: 'status',
			status: 500,
			path: '/ers/config/ancendpoint/apply',
			times: 1,
		});
		const { id } = await engine.ledger.containManually(
			{ hostname: HOST },
			{ actor: PERSON, reason: 'Asked by phone' },
		);
		await engine.runWell('rtcContainEndpoint', [{ id }]);
		expect(sceneOf(engine).bound).toHaveLength(1);
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'pending', attempts: 1 });

		const release = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'Cleaned');
		expect([...release.host.macs].sort()).toEqual(macsOf(engine));
		await engine.runWell('rtcReleaseEndpoint', [{ id: release.id }]);
		expect(sceneOf(engine).bound).toEqual([]);
		expect(await intentOf(engine, 'release')).toMatchObject({ state: 'done' });
	});

	it('for good, the containment is given up and a person is told', async () => {
		engine.fault({ vendor: 'ise', kind: 'status', status: 500, path: '/ers/config/ancendpoint/apply' });
		await compromise(engine);
		for (let round = 0; round < 10; round++) {
			engine.time.advance(15 * 60_000);
			await engine.runWell('rtcSweepIntents');
		}

		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'failed', attempts: 8 });
		expect(sceneOf(engine)).toEqual({
			bound: [],
			isolation: undefined,
			messages: [`Containment of ${HOST} did not succeed`],
			incidents: contained().incidents,
		});
	});

	it('for one host, the others of the run are contained', async () => {
		const [other] = laptops(engine, 1, 'Windows11-Workstation');
		const actor = { name: 'ann' };
		for (const hostname of [HOST, other]) {
			await engine.ledger.containManually(
				{ hostname, mac: macsOf(engine, hostname)[0] },
				{ actor, reason: 'Drill' },
			);
		}
		engine.fault({
			vendor: 'ise',
			kind: 'status',
			status: 500,
			path: '/ers/config/ancendpoint/apply',
			times: 1,
		});
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine).messages).toHaveLength(1);
		expect(sceneOf(engine).incidents).toHaveLength(1);

		await recover();
		for (const hostname of [HOST, other]) {
			expect(sceneOf(engine, hostname)).toMatchObject({
				bound: macsOf(engine, hostname),
				isolation: 'isolated',
			});
		}
		expect(sceneOf(engine).messages).toHaveLength(2);
		expect(sceneOf(engine).incidents).toHaveLength(2);
	});

	describe('to find sessions while a protected entry is about what it knows of endpoints', () => {
		const entry = { type: 'endpointProfile', value: 'OS_X-Workstation', reason: 'Signs the payroll' } as const;
		const down = { vendor: 'ise', kind: 'status', status: 503, path: '/admin/API/mnt/*' };

		it('the containment waits, and is refused when the host turns out to be protected', async () => {
			await engine.ledger.protect(entry, PERSON);
			engine.fault(down);
			await compromise(engine);
			expect(sceneOf(engine)).toEqual({ bound: [], isolation: undefined, messages: [], incidents: [] });
			expect(await intentOf(engine, 'contain')).toMatchObject({
				state: 'pending',
				lastError: expect.stringContaining('could not be read from ISE'),
			});

			await recover();
			expect(sceneOf(engine)).toMatchObject({ bound: [], messages: [`Containment of ${HOST} did not succeed`] });
		});

		it('and is carried out when it is not', async () => {
			await engine.ledger.protect({ ...entry, value: 'Cisco-Switch' }, PERSON);
			engine.fault(down);
			await compromise(engine);
			expect(sceneOf(engine).bound).toEqual([]);
			await recover();
			expect(sceneOf(engine)).toEqual(contained());
		});

		it('for long, people are asked, and what they approve is carried out', async () => {
			await engine.ledger.protect({ ...entry, value: 'Cisco-Switch' }, PERSON);
			engine.fault(down);
			await compromise(engine);
			for (let round = 1; round < 8; round++) {
				engine.time.advance(20 * 60_000);
				await engine.runWell('rtcSweepIntents');
			}
			expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: undefined });
			expect(messagesOf(engine)).toHaveLength(1);
			const { id } = await intentOf(engine, 'contain');
			expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'awaitingApproval' });

			await engine.ledger.approve(id, PERSON, 'It is a laptop');
			await engine.runWell('rtcSweepIntents');
			expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
		});

		it('whoever answers for it is not held up', async () => {
			await engine.ledger.protect(entry, PERSON);
			engine.fault(down);
			const options = { actor: PERSON, reason: 'It is encrypting', overrideProtection: true };
			const { id } = await engine.ledger.containManually({ hostname: HOST, mac: macsOf(engine)[0] }, options);
			await engine.runWell('rtcContainEndpoint', [{ id }]);
			expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
		});
	});

	it('to find sessions, the host is contained with the addresses that are known', async () => {
		engine.fault({ vendor: 'ise', kind: 'status', status: 500, path: '/admin/API/mnt/*' });
		await compromise(engine);
		expect(sceneOf(engine)).toEqual(contained());
	});
});

describe('while Webex is down', () => {
	it('the host is contained, the incident opened, and the message posted later', async () => {
		engine.fault({ vendor: 'webex', kind: 'status', status: 503 });
		await compromise(engine);
		expect(sceneOf(engine)).toEqual({ ...contained(), messages: [] });
		expect(await intentOf(engine, 'notify')).toMatchObject({
			state: 'pending',
			lastError: expect.stringContaining('503'),
		});

		await recover();
		expect(sceneOf(engine)).toEqual(contained());
	});
});

describe('while ServiceNow is down', () => {
	it('the incident is opened later, without a second message', async () => {
		engine.fault({ vendor: 'serviceNow', kind: 'status', status: 503 });
		await compromise(engine);
		expect(sceneOf(engine)).toEqual({ ...contained(), incidents: [] });
		expect(await intentOf(engine, 'notify')).toMatchObject({ state: 'pending', attempts: 1 });

		await recover();
		expect(sceneOf(engine)).toEqual(contained());
	});

	it('or its answer is lost, no second incident is opened', async () => {
		engine.fault({ vendor: 'serviceNow', kind: 'reset', method: 'POST', times: 1, afterHandling: true });
		await compromise(engine);
		expect(sceneOf(engine)).toEqual(contained());
		expect(await intentOf(engine, 'notify')).toMatchObject({ state: 'pending' });

		await recover();
		expect(sceneOf(engine)).toEqual(contained());
		expect(await intentOf(engine, 'notify')).toMatchObject({ state: 'done' });
		expect((await engine.ledger.getEpisodes({ limit: 1 })).items).toMatchObject([
			{ references: { serviceNowNumber: 'INC0010001' } },
		]);
	});
});

describe('when n8n is killed', () => {
	it('between message and incident, the next run opens the incident only', async () => {
		engine.fault({ vendor: 'webex', kind: 'status', status: 503 });
		engine.fault({ vendor: 'serviceNow', kind: 'status', status: 503 });
		await compromise(engine);
		engine.lab.lab.clearFaults();
		engine.time.advance(60_000);
		const actor = { name: 'workflow' };
		const [claimed] = await engine.ledger.claimIntents({
			actor,
			kinds: ['notify'],
			limit: 1,
			leaseSeconds: 120,
		});
		await engine.ledger.recordStep(claimed.id, { webexMessageId: 'posted before the crash' }, actor);

		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine).incidents).toEqual([]);

		engine.time.advance(121_000);
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine)).toEqual({ ...contained(), messages: [] });
		expect((await engine.ledger.getEpisodes({ limit: 1 })).items).toMatchObject([
			{ references: { webexMessageId: 'posted before the crash' } },
		]);
	});

	it('between ISE and Secure Endpoint, the next run finishes the containment', async () => {
		engine.fault({
			vendor: 'ise',
			kind: 'status',
			status: 500,
			path: '/ers/config/ancendpoint/apply',
			times: 1,
		});
		await compromise(engine);
		engine.time.advance(60_000);
		const actor = { name: 'workflow' };
		await engine.ledger.claimIntents({ actor, kinds: ['contain'], limit: 1, leaseSeconds: 120 });

		engine.time.advance(121_000);
		await engine.runWell('rtcSweepIntents');
		expect(sceneOf(engine)).toEqual(contained());
	});
});

const calls = (part: string) =>
	engine.journal({ vendor: 'ise' }).filter(({ path }) => path.includes(part)).length;

describe('with a pxGrid credential and none of ISE', () => {
	beforeEach(async () => await engine.reset({ onlyPxGrid: true }));
	afterEach(() => expect([calls('/ers/'), calls('/admin/API/mnt/')]).toEqual([0, 0]));

	it('the host is contained and released', async () => {
		await compromise(engine);
		expect(sceneOf(engine)).toEqual(contained());
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'done', attempts: 1 });
		expect(calls('/getSession')).toBeGreaterThan(0);

		const { id } = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'Cleaned');
		await engine.runWell('rtcReleaseEndpoint', [{ id }]);
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'not_isolated' });
		expect(await intentOf(engine, 'release')).toMatchObject({ state: 'done', attempts: 1 });
	});

	it('a host that is known by its address only is found', async () => {
		const [{ mac, ip }] = engine.host(HOST).nics.filter(({ connected }) => connected);
		const { id } = await engine.ledger.containManually({ ip }, { actor: PERSON, reason: 'Asked by phone' });
		await engine.runWell('rtcContainEndpoint', [{ id }]);
		expect(sceneOf(engine).bound).toContain(mac);
	});

	it.each([
		['identityGroup', 'Servers', 'pending'],
		['endpointProfile', 'Cisco-Switch', 'done'],
	] as const)('a protected %s holds up only what pxGrid does not tell', async (type, value, state) => {
		await engine.ledger.protect({ type, value, reason: 'Business depends on it' }, PERSON);
		await compromise(engine);
		expect(await intentOf(engine, 'contain')).toMatchObject({ state, attempts: 1 });
		expect(sceneOf(engine).bound).toHaveLength(state === 'done' ? macsOf(engine).length : 0);
	});

	it('the containment waits while pxGrid is down, and finishes when it is back', async () => {
		engine.fault({ vendor: 'ise', kind: 'reset', path: '/pxgrid/*' });
		await compromise(engine);
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'pending', attempts: 1 });
		await recover();
		expect(sceneOf(engine)).toEqual(contained());
	});

	it('what is bound at ISE is held against the ledger', async () => {
		await compromise(engine);
		engine.time.advance(15 * 60_000);
		const [reconciled] = await engine.runWell('rtcReconcileIse');
		expect(reconciled.output('Get ANC bindings')).toHaveLength(macsOf(engine).length);
		expect(sceneOf(engine)).toEqual(contained());
	});
});

describe('with a pxGrid credential', () => {
	beforeEach(async () => await engine.reset({ withPxGrid: true }));

	const change = (change: string, path: string) =>
		engine
			.journal({ vendor: 'ise', path })
			.some((entry) => entry.path.includes(change) && (entry.status ?? 500) < 300);

	it.each([
		['the primary ISE node', { kind: 'vendor', name: 'primaryDown', value: true }, '/pxgrid/'],
		['ERS on every node', { kind: 'reset', path: '/ers/*' }, '/pxgrid/'],
		['one pxGrid node', { kind: 'vendor', name: 'pxgridNodeDown', value: 1 }, '/ers/'],
		['pxGrid on every node', { kind: 'reset', path: '/pxgrid/*' }, '/ers/'],
		['the monitoring service', { kind: 'reset', path: '/admin/API/mnt/*' }, '/ers/'],
	])('%s down: the host is contained and released at once', async (_, fault, through) => {
		engine.fault({ vendor: 'ise', ...fault });
		await compromise(engine);
		expect(sceneOf(engine)).toEqual(contained());
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'done', attempts: 1 });
		expect(change('apply', `${through}*`)).toBe(true);

		const { id } = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'Cleaned');
		await engine.runWell('rtcReleaseEndpoint', [{ id }]);
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'not_isolated' });
		expect(change('clear', `${through}*`)).toBe(true);
	});

	it.each([
		['pxGrid', '/pxgrid/*', '/mnt/'],
		['the monitoring service', '/admin/API/mnt/*', '/getSession'],
	])('%s down: a host that is known by its address only is found all the same', async (_, path, asked) => {
		const [{ mac, ip }] = engine.host(HOST).nics.filter(({ connected }) => connected);
		engine.fault({ vendor: 'ise', kind: 'reset', path });
		const { id } = await engine.ledger.containManually({ ip }, { actor: PERSON, reason: 'Asked by phone' });
		await engine.runWell('rtcContainEndpoint', [{ id }]);

		expect(sceneOf(engine).bound).toContain(mac);
		expect(calls(asked)).toBeGreaterThan(0);
	});

	it('all of ISE down: containment and release wait, and finish when it is back', async () => {
		engine.fault({ vendor: 'ise', kind: 'reset' });
		await compromise(engine);
		expect(sceneOf(engine)).toEqual({ bound: [], isolation: undefined, messages: [], incidents: [] });
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'pending', attempts: 1 });
		await recover();
		expect(sceneOf(engine)).toEqual(contained());

		engine.fault({ vendor: 'ise', kind: 'reset' });
		const { id } = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'Cleaned');
		await engine.runWell('rtcReleaseEndpoint', [{ id }]);
		expect(sceneOf(engine)).toEqual(contained());
		expect(await intentOf(engine, 'release')).toMatchObject({ state: 'pending', attempts: 1 });
		await recover();
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: 'not_isolated' });
		expect(await intentOf(engine, 'release')).toMatchObject({ state: 'done' });
	});
});
