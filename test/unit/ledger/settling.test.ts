import { LedgerError } from '../../../ledger/errors';
import { ACTOR, detection, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';

const [MAC_A, MAC_B, MAC_C] = ['02:00:00:00:00:0A', '02:00:00:00:00:0B', '02:00:00:00:00:0C'];

/** Claimed containments of these hosts, in the same order. */
async function claimed(test: TestLedger, targets: Record<string, string>[]): Promise<string[]> {
	const ids: string[] = [];
	for (const target of targets) {
		const { contain } = await test.ledger.score([detection({ penalty: 90, targets: [target] })], { actor: ACTOR });
		ids.push(contain[0].id);
	}
	await test.ledger.claimIntents({ kinds: ['contain'], limit: 10, leaseSeconds: 60, actor: ACTOR });
	return ids;
}

describe('many intents in one change', () => {
	let test: TestLedger;
	beforeEach(async () => void (test = await newLedger(plainPolicy())));
	afterEach(async () => {
		expect(await test.ledger.verifyAudit()).toMatchObject({ ok: true });
		await test.ledger.close();
	});

	it('a refused one leaves the others', async () => {
		const [a, b] = await claimed(test, [{ hostname: 'pc-a' }, { hostname: 'pc-b' }]);
		const results = await test.ledger.completeIntents([a, 'int_unknown', b].map((intentId) => ({ intentId, result: {} })), ACTOR);
		expect(results).toMatchObject([{ intent: { id: a, state: 'done' } }, expect.any(LedgerError), { intent: { id: b, state: 'done' } }]);
		expect(results[1]).toMatchObject({ code: 'notFound' });
	});

	it('what one of them finds is known to the next: a host that was called off turns out to be another', async () => {
		const [a, b, c] = await claimed(test, [{ hostname: 'pc-a', mac: MAC_A }, { mac: MAC_B }, { hostname: 'pc-c', mac: MAC_C }]);
		await test.ledger.refuseIntent(b, PERSON, 'Not needed');
		const results = await test.ledger.completeIntents(
			[
				{ intentId: a, result: {}, identity: { macs: [MAC_A, MAC_B] } },
				{ intentId: b, result: {} },
				{ intentId: c, result: {}, identity: { macs: [MAC_C, MAC_B] } },
			],
			ACTOR,
		);
		expect(results).toMatchObject([{ intent: { state: 'done' } }, { intent: { state: 'cancelled' } }, { intent: { state: 'done' } }]);
		const [hostA, hostB] = await Promise.all([MAC_A, MAC_B].map(async (key) => (await test.ledger.getEntity({ kind: 'mac', key }))?.hostId));
		expect(hostA).toBeDefined();
		expect(hostB).toBe(hostA);
	});

	it('confirms what was known and what was found, each once', async () => {
		const [a] = await claimed(test, [{ hostname: 'pc-a', mac: MAC_A }]);
		const findings = { intentId: a, identity: { macs: [MAC_B, MAC_A.toLowerCase()], connectorGuids: ['G1 '] } };
		expect(await test.ledger.confirmTargets([findings], ACTOR)).toMatchObject([{ confirmed: true, macs: [MAC_A, MAC_B], connectorGuids: ['g1'] }]);
	});
});
