import { closeIdleLedgers, openLedger, type LedgerService, type Policy, type PostgresSettings } from '../../ledger';
import { ACTOR, detection, plainPolicy, START_MS } from '../unit/ledger/helpers';
import { runLedgerProcess } from '../support/runLedgerProcess';
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres';
import { suiteUnless } from '../support/suite';

const PROCESSES = 3;
const ROUNDS = 10;

suiteUnless(postgresMissing())('many processes on one PostgreSQL', () => {
	let server: TestServer;
	const clock = { nowMs: START_MS };
	beforeAll(async () => {
		server = await startPostgres();
	}, 60_000);
	afterEach(async () => await closeIdleLedgers());
	afterAll(async () => await server.stop());

	const newLedger = async (settings: PostgresSettings, policy: Policy): Promise<LedgerService> => {
		clock.nowMs = START_MS;
		const ledger = await openLedger({ postgres: settings, now: () => clock.nowMs });
		await ledger.updatePolicy(policy, { name: 'test' }, 'for a test');
		return ledger;
	};

	it('make the schema once when they all start on an empty database', async () => {
		const settings = server.settings();
		const results = await Promise.all(Array.from({ length: PROCESSES }, () => runLedgerProcess({ postgres: settings }, 'score', 1)));
		expect(results.map(({ code }) => code)).toEqual(Array(PROCESSES).fill(0));
		expect(results.reduce((sum, { output }) => sum + Number(output), 0)).toBe(20);
		expect(await server.query(`SELECT version FROM "${settings.schema}".ledger_schema`)).toHaveLength(1);
		expect(await server.query(`SELECT 1 FROM "${settings.schema}".policies`)).toHaveLength(1);
	}, 120_000);

	it('score overlapping detections of the same entities exactly once', async () => {
		const settings = server.settings();
		const ledger = await newLedger(settings, plainPolicy({ mode: 'observe', sourceCap: { factor: null } }));
		const results = await Promise.all(Array.from({ length: PROCESSES }, () => runLedgerProcess({ postgres: settings }, 'score', ROUNDS)));
		expect(results.map(({ code }) => code)).toEqual(Array(PROCESSES).fill(0));
		expect(results.reduce((sum, { output }) => sum + Number(output), 0)).toBe(ROUNDS * 20);
		expect((await ledger.getMetrics()).detections).toEqual({ secureEndpoint: ROUNDS * 20 });
		expect(await ledger.getEntity({ kind: 'user', key: 'shared' })).toMatchObject({ score: ROUNDS * 20 * 5 });
		expect(await ledger.replay()).toMatchObject({ equal: true });
		expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
		await ledger.close();
	}, 120_000);

	it('one that dies with a claimed intent leaves it to the next', async () => {
		const settings = server.settings();
		const ledger = await newLedger(settings, plainPolicy());
		await ledger.score([detection({ penalty: 90 })], { actor: ACTOR });
		const { code } = await runLedgerProcess({ postgres: settings }, 'claimAndDie');
		expect(code).not.toBe(0);
		const claim = () => ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
		expect(await claim()).toEqual([]);
		clock.nowMs = START_MS + 61_000;
		expect(await claim()).toMatchObject([{ attempts: 2, state: 'claimed', steps: { anc: 'applied' } }]);
		await ledger.close();
	}, 60_000);

	it('leave no connection behind', async () => {
		await runLedgerProcess({ postgres: server.settings() }, 'score', 1);
		await closeIdleLedgers();
		const open = async () => await server.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'n8n-nodes-cisco-rtc'`);
		// The server takes a moment to end a session that was closed; an idle one would stay for ten seconds.
		for (let i = 0; i < 50 && (await open()).length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 100));
		expect(await open()).toEqual([]);
	}, 60_000);
});
