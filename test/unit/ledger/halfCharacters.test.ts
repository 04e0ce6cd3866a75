import { detection, newLedger, plainPolicy, type TestLedger } from './helpers';

/** Half of an emoji, as JSON and careless cutting make it. */
const HALF = 'eve\ud83d';

let test: TestLedger;
beforeEach(async () => (test = await newLedger(plainPolicy())));
afterEach(async () => await test.close());

it('detections with half characters do not stop those that follow, and count for one entity', async () => {
	const { ledger } = test;
	for (let i = 0; i < 3; i++) {
		const { outcomes } = await ledger.score([detection({ penalty: 5, targets: [{ user: HALF, hostname: HALF }] })], { actor: { name: 'poll' } });
		expect(outcomes).toEqual([expect.objectContaining({ outcome: 'recorded' })]);
	}
	const { items } = await ledger.getEntities({ limit: 10 });
	expect(items.map(({ kind, key, score }) => [kind, key, score]).sort()).toEqual([['hostname', 'eve\ufffd', 15], ['user', 'eve\ufffd', 15]]);
	expect(await ledger.replay()).toMatchObject({ equal: true });
});

it('half characters in what people write leave the audit trail whole', async () => {
	const { ledger } = test;
	await ledger.note({ name: HALF, execution: HALF }, `console.${HALF}`, `user:${HALF}`, { [HALF]: HALF });
	await ledger.protect({ type: 'hostname', value: HALF, reason: HALF }, { name: HALF });
	expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
	expect((await ledger.getAudit({ subject: 'user:eve\ufffd', limit: 1 })).items).toHaveLength(1);
});
