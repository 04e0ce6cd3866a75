import { runLedgerProcess } from '../../support/runLedgerProcess';
import { ACTOR, detection, newLedger, plainPolicy, START_MS } from './helpers';

const PROCESSES = 3;
const ROUNDS = 10;

describe('many processes on one file', () => {
	it('score overlapping detections of the same entities exactly once', async () => {
		const test = await newLedger(plainPolicy({ mode: 'observe', sourceCap: { factor: null } }));
		const results = await Promise.all(Array.from({ length: PROCESSES }, () => runLedgerProcess({ file: test.file }, 'score', ROUNDS)));
		expect(results.map(({ code }) => code)).toEqual(Array(PROCESSES).fill(0));
		const recorded = results.reduce((sum, { output }) => sum + Number(output), 0);
		expect(recorded).toBe(ROUNDS * 20);
		expect((await test.ledger.getMetrics()).detections).toEqual({ secureEndpoint: ROUNDS * 20 });
		expect(await test.ledger.getEntity({ kind: 'user', key: 'shared' })).toMatchObject({ score: ROUNDS * 20 * 5 });
		expect(await test.ledger.replay()).toMatchObject({ equal: true });
		expect(await test.ledger.verifyAudit()).toMatchObject({ ok: true });
		await test.close();
	}, 120_000);

	it('one that dies with a claimed intent leaves it to the next', async () => {
		const test = await newLedger(plainPolicy());
		await test.ledger.score([detection({ penalty: 90 })], { actor: ACTOR });
		const { code } = await runLedgerProcess({ file: test.file }, 'claimAndDie');
		expect(code).not.toBe(0);
		const claim = () => test.ledger.claimIntents({ actor: ACTOR, kinds: ['contain'], limit: 1, leaseSeconds: 60 });
		expect(await claim()).toEqual([]);
		test.clock.nowMs = START_MS + 61_000;
		expect(await claim()).toMatchObject([{ attempts: 2, state: 'claimed', steps: { anc: 'applied' } }]);
		await test.close();
	}, 60_000);
});
