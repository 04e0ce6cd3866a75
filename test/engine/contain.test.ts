import { Engine } from '../support/engine';
import {
	HOST,
	PERSON,
	QUARANTINE_FAILED,
	changesAsked,
	compromise,
	intentOf,
	laptops,
	macsOf,
	messagesOf,
	misdeedsOf,
	poll,
	reportEvent,
	sceneOf,
} from '../support/engineScenes';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

describe('Contain endpoint', () => {
	it('binds every network card, isolates the connector, and tells of it once', async () => {
		await compromise(engine);

		const { id, state, episodeId } = await intentOf(engine, 'contain');
		expect(state).toBe('done');
		expect(sceneOf(engine)).toEqual({
			bound: macsOf(engine),
			isolation: 'isolated',
			messages: [`${HOST} was contained`],
			incidents: [{ correlationId: episodeId, notes: [] }],
		});
		expect((await engine.ledger.getEpisodes({ limit: 10 })).items).toMatchObject([
			{
				id: episodeId,
				state: 'contained',
				references: { serviceNowNumber: 'INC0010001', webexMessageId: messagesOf(engine)[0].id },
			},
		]);
		expect(
			(await engine.ledger.getAudit({ subject: `intent:${id}`, limit: 10 })).items.map(
				({ action }) => action,
			),
		).toContain('intent.done');
		expect(await engine.ledger.verifyAudit()).toMatchObject({ ok: true });
	});

	it('changes nothing when it runs again', async () => {
		await compromise(engine);
		const before = { asked: changesAsked(engine), scene: sceneOf(engine) };
		const contain = await intentOf(engine, 'contain');
		const notice = await intentOf(engine, 'notify');

		await engine.runWell('rtcContainEndpoint', [{ id: contain.id }]);
		await engine.runWell('rtcNotify', [{ id: notice.id }]);
		await engine.runWell('rtcSweepIntents');
		expect({ asked: changesAsked(engine), scene: sceneOf(engine) }).toEqual(before);
	});

	it('carries a containment out once when two executions are given it at the same time', async () => {
		const { id } = await engine.ledger.containManually(
			{ hostname: HOST, mac: macsOf(engine)[0] },
			{ actor: PERSON, reason: 'Seen on camera' },
		);
		await Promise.all([
			engine.runWell('rtcContainEndpoint', [{ id }]),
			engine.runWell('rtcContainEndpoint', [{ id }]),
		]);

		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), messages: [`${HOST} was contained`] });
		expect(sceneOf(engine).incidents).toHaveLength(1);
		expect(changesAsked(engine).filter((call) => call.includes('/isolation'))).toHaveLength(1);
	});

	it('finds the other network cards of a host that is known by its name only', async () => {
		const { id } = await engine.ledger.containManually(
			{ hostname: HOST },
			{ actor: PERSON, reason: 'Asked by phone' },
		);
		await engine.runWell('rtcContainEndpoint', [{ id }]);

		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
		expect((await intentOf(engine, 'contain')).host.macs.sort()).toEqual(macsOf(engine));
	});

	it('contains several hosts in one run, each with its own episode', async () => {
		const hostnames = [HOST, ...laptops(engine, 2, 'Windows11-Workstation')];
		for (const hostname of hostnames) {
			await engine.ledger.containManually(
				{ hostname, mac: macsOf(engine, hostname)[0] },
				{ actor: PERSON, reason: 'Drill' },
			);
		}
		await engine.runWell('rtcSweepIntents');

		for (const hostname of hostnames) {
			expect(sceneOf(engine, hostname)).toMatchObject({
				bound: macsOf(engine, hostname),
				isolation: 'isolated',
			});
		}
		expect(sceneOf(engine).messages.sort()).toEqual(
			hostnames.map((hostname) => `${hostname} was contained`).sort(),
		);
		expect(new Set(sceneOf(engine).incidents.map(({ correlationId }) => correlationId)).size).toBe(3);
	});

	it('tells of a host that goes on being reported in the same incident', async () => {
		await compromise(engine);
		reportEvent(engine, QUARANTINE_FAILED);
		await poll(engine);

		expect(sceneOf(engine)).toMatchObject({
			messages: [`${HOST} was contained`],
			incidents: [
				{ notes: [expect.stringContaining('More entities of the host crossed the threshold: mac ')] },
			],
		});
	});
});

describe('what ISE knows of the host', () => {
	it.each([
		['endpointProfile', 'OS_X-Workstation'],
		['identityGroup', 'Workstation'],
	] as const)('stops the containment of a protected %s', async (type, value) => {
		await engine.ledger.protect({ type, value, reason: 'Signs the payroll' }, PERSON);
		await compromise(engine);

		expect(sceneOf(engine)).toEqual({
			bound: [],
			isolation: undefined,
			messages: [`Containment of ${HOST} did not succeed`],
			incidents: [{ correlationId: expect.any(String) as string, notes: [] }],
		});
		expect(messagesOf(engine)[0].text).toContain(`Protected by ${type} ${value}: Signs the payroll`);
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'cancelled' });
		expect((await engine.ledger.getEpisodes({ limit: 1 })).items).toMatchObject([{ state: 'refused' }]);
	});

	const release33 = { vendor: 'ise', kind: 'vendor', name: 'release33', value: true };
	const group = { type: 'identityGroup', value: 'Workstation', reason: 'Signs the payroll' } as const;

	it.each([
		['the monitoring node', {}],
		['pxGrid', { withPxGrid: true }],
	])('stops it by the group of the endpoint when the session from %s has none', async (_, accounts) => {
		await engine.reset(accounts);
		engine.fault(release33);
		await engine.ledger.protect(group, PERSON);
		await compromise(engine);

		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: undefined });
		expect(messagesOf(engine)[0].text).toContain('Protected by identityGroup Workstation: Signs the payroll');
	});

	it('stops it by what an endpoint without session is filed under', async () => {
		engine.host(HOST).nics.forEach((nic) => (nic.connected = false));
		await engine.ledger.protect(group, PERSON);
		await compromise(engine);
		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: undefined });
		expect(await intentOf(engine, 'contain')).toMatchObject({ state: 'cancelled' });
	});

	it('asks ERS a constant number of times for a host with several network cards', async () => {
		await compromise(engine);
		const asked = engine.journal({ vendor: 'ise' }).map(({ path }) => path.replace(/[0-9a-f-]{36}/, 'ID'));
		const records = asked.filter((path) => /ers\/config\/(endpoint|profilerprofile)/.test(path));
		expect(records.map((path) => path.split('?')[0])).toEqual([
			'/ers/config/endpoint',
			...macsOf(engine).map(() => '/ers/config/endpoint/ID'),
			'/ers/config/profilerprofile/ID',
			'/ers/config/endpointgroup/ID',
		]);
	});

	it('stops one containment and not the others', async () => {
		const [windows] = laptops(engine, 1, 'Windows11-Workstation');
		await engine.ledger.protect(
			{ type: 'endpointProfile', value: 'Windows11-*', reason: 'Signs the payroll' },
			PERSON,
		);
		for (const hostname of [windows, HOST]) {
			await engine.ledger.containManually(
				{ hostname, mac: macsOf(engine, hostname)[0] },
				{ actor: PERSON, reason: 'Drill' },
			);
		}
		await engine.runWell('rtcSweepIntents');

		expect(sceneOf(engine, windows)).toMatchObject({ bound: [], isolation: undefined });
		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
		expect(sceneOf(engine).messages.sort()).toEqual(
			[`Containment of ${windows} did not succeed`, `${HOST} was contained`].sort(),
		);
	});

	/** The ledger keeps the override only for protections that it knew of when the containment was asked for. */
	it('does not stop a containment when somebody took the responsibility', async () => {
		await engine.ledger.protect(
			{ type: 'endpointProfile', value: 'OS_X-Workstation', reason: 'Signs the payroll' },
			PERSON,
		);
		const options = { actor: PERSON, reason: 'It is encrypting', overrideProtection: true };
		const { id } = await engine.ledger.containManually({ hostname: HOST, mac: macsOf(engine)[0] }, options);
		await engine.runWell('rtcContainEndpoint', [{ id }]);

		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
	});
});
