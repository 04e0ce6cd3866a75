import type { LedgerService } from '../../ledger';
import { openLedger } from '../../ledger';
import { Engine } from '../support/engine';
import type { EngineCredentials } from '../support/engineCredentials';
import { poll, reportEvent, THREAT_DETECTED } from '../support/engineScenes';
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres';
import { suiteUnless } from '../support/suite';


/** The engine has one credential per type; a moving ledger has two. */
function giveNewLedger(engine: Engine, data: Record<string, unknown>): void {
	const { credentials } = engine as unknown as { credentials: EngineCredentials };
	const byType = credentials.getDecrypted.bind(credentials);
	jest.spyOn(credentials, 'getDecrypted').mockImplementation(async (additional, credential, type) =>
		credential.name === 'New penalty ledger' ? (data as never) : await byType(additional, credential, type),
	);
}

suiteUnless(postgresMissing())('Move ledger', () => {
	let engine: Engine;
	let server: TestServer;
	let target: LedgerService;
	beforeAll(async () => {
		server = await startPostgres();
		engine = await Engine.start();
	}, 120_000);
	beforeEach(async () => {
		await engine.reset();
		reportEvent(engine, THREAT_DETECTED);
		await poll(engine);
		const settings = server.settings();
		giveNewLedger(engine, { ...settings, store: 'postgres', tls: false });
		target = await openLedger({ postgres: settings });
	});
	afterEach(async () => await target.close());
	afterAll(async () => {
		await engine.close();
		await server.stop();
	});

	it('copies everything from a file to a server', async () => {
		const [execution] = await engine.runWell('rtcMoveLedger');
		const { items, total } = await engine.ledger.getDetections({ limit: 10 });
		expect(total).toBe(1);
		expect(execution.output('Moved')).toMatchObject([{ detections: 1 }]);
		expect((await target.getDetections({ limit: 10 })).items).toEqual(items);
		expect((await target.getEntities({ limit: 10 })).items).toEqual((await engine.ledger.getEntities({ limit: 10 })).items);
		expect(await target.verifyAudit()).toMatchObject({ ok: true });
	}, 120_000);

	it('fails, and changes nothing, when the new ledger is not empty', async () => {
		await target.protect({ type: 'user', value: 'ann', reason: 'x' }, { name: 'ann' });
		const [execution] = await engine.run('rtcMoveLedger');
		expect(execution.error?.message).toContain('empty ledger');
		expect((await target.getDetections({ limit: 10 })).total).toBe(0);
	});
});
