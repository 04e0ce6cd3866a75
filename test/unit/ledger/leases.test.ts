import type { Intent } from '../../../ledger';
import { completeIntent, confirmTarget, failIntent } from '../../support/settle';
import { detection, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';

const FIRST = { name: 'workflow', execution: 'Notify#1' };
const SECOND = { name: 'workflow', execution: 'Notify#2' };
const SUB_WORKFLOW = { name: 'workflow', execution: 'Part of Notify#3' };
const LOST = { code: 'leaseLost', message: expect.stringContaining('Notify#2') as string };

let test: TestLedger;
beforeEach(async () => void (test = await newLedger(plainPolicy())));
afterEach(async () => {
	expect(await test.ledger.verifyAudit()).toMatchObject({ ok: true });
	await test.ledger.close();
});

const claim = async (actor: typeof FIRST, kind: Intent['kind'], limit = 10) =>
	await test.ledger.claimIntents({ actor, kinds: [kind], limit, leaseSeconds: 60 });

/** A claimed containment. */
async function contained(hostname = 'pc1'): Promise<Intent> {
	await test.ledger.score([detection({ penalty: 90, targets: [{ hostname }] })], { actor: FIRST });
	const [intent] = await claim(FIRST, 'contain');
	return intent;
}

/** Two executions have claimed it, one after the other. */
async function overtaken(kind: 'contain' | 'notify'): Promise<Intent> {
	const intent = await contained();
	if (kind === 'notify') {
		await completeIntent(test.ledger, intent.id, { actor: FIRST, result: {} });
		await claim(FIRST, 'notify');
	}
	test.clock.nowMs += MINUTE_MS;
	const [again] = await claim(SECOND, kind);
	expect(again).toMatchObject({ attempts: 2, claimedBy: [FIRST.execution, SECOND.execution] });
	return again;
}

describe('an execution whose lease has ended', () => {
	it('may go on while nobody else has claimed the intent', async () => {
		const { id } = await contained();
		test.clock.nowMs += 2 * MINUTE_MS;
		await test.ledger.recordStep(id, { sent: true }, FIRST);
		expect(await completeIntent(test.ledger, id, { actor: FIRST, result: {} })).toMatchObject({ intent: { state: 'done' } });
	});

	it('can neither record, complete nor fail what another has claimed since', async () => {
		const { id } = await overtaken('notify');
		await expect(test.ledger.recordStep(id, { webexMessageId: 'second card' }, FIRST)).rejects.toMatchObject(LOST);
		await expect(completeIntent(test.ledger, id, { actor: FIRST, result: {} })).rejects.toMatchObject(LOST);
		await expect(failIntent(test.ledger, id, 'late', FIRST)).rejects.toMatchObject(LOST);

		expect(await test.ledger.recordStep(id, { webexMessageId: 'card' }, SECOND)).toMatchObject({ state: 'claimed', steps: { webexMessageId: 'card' } });
		expect(await completeIntent(test.ledger, id, { actor: SECOND, result: {} })).toMatchObject({ intent: { state: 'done' } });
	});

	it('is told so too after a person has retried the intent with all its attempts', async () => {
		const { id } = await overtaken('notify');
		for (let attempt = 2; attempt <= 8; attempt++) {
			await failIntent(test.ledger, id, 'Webex is down', SECOND);
			test.clock.nowMs += 15 * MINUTE_MS;
			await claim(SECOND, 'notify');
		}
		await test.ledger.retryIntent(id, PERSON, 'It is back');
		await claim(SECOND, 'notify');
		await expect(test.ledger.recordStep(id, {}, FIRST)).rejects.toMatchObject(LOST);
	});

	it('contains nothing that another is about to contain', async () => {
		const { id } = await overtaken('contain');
		expect(await confirmTarget(test.ledger, id, {}, FIRST)).toMatchObject({ confirmed: false, macs: [], connectorGuids: [] });
		expect(await confirmTarget(test.ledger, id, {}, SECOND)).toMatchObject({ confirmed: true });
	});

	it('leaves the other intents of its run as they are', async () => {
		const { id } = await overtaken('contain');
		const other = await contained('pc2');
		const given = [id, other.id].map((intentId) => ({ intentId, result: {} }));
		expect(await test.ledger.completeIntents(given, FIRST)).toMatchObject([{ code: 'leaseLost' }, { intent: { id: other.id, state: 'done' } }]);
	});

	it('has its containment undone when the host was released meanwhile', async () => {
		const { id, episodeId } = await overtaken('contain');
		await completeIntent(test.ledger, id, { actor: SECOND, result: {} });
		await test.ledger.release({ episodeId }, PERSON, 'clean');
		const [release] = await claim(SECOND, 'release');
		await completeIntent(test.ledger, release.id, { actor: SECOND, result: {} });
		await completeIntent(test.ledger, id, { actor: SECOND, result: {} });
		expect(await claim(SECOND, 'release')).toEqual([]);

		await completeIntent(test.ledger, id, { actor: FIRST, result: {} });
		expect(await claim(SECOND, 'release')).toMatchObject([{ episodeId, kind: 'release' }]);
	});
});

it('a step that is recorded renews the lease, also by a sub-workflow', async () => {
	const { id } = await contained();
	test.clock.nowMs += 50_000;
	await test.ledger.recordStep(id, {}, SUB_WORKFLOW);
	test.clock.nowMs += 50_000;
	expect(await claim(SECOND, 'contain')).toEqual([]);
	expect(await completeIntent(test.ledger, id, { actor: SUB_WORKFLOW, result: {} })).toMatchObject({ intent: { state: 'done' } });
});

describe('notices of one episode', () => {
	/** Of two hosts: of the first two notices, of the second one. */
	async function notices(): Promise<{ first: string; second: string }> {
		const [first, second] = [await contained('pc1'), await contained('pc2')];
		await completeIntent(test.ledger, first.id, { actor: FIRST, result: {} });
		test.clock.nowMs += 1_000;
		await test.ledger.score([detection({ penalty: 90, targets: [{ hostname: 'pc1', user: 'alice', mac: '00:11:22:33:44:77' }] })], { actor: FIRST });
		test.clock.nowMs += 1_000;
		await completeIntent(test.ledger, second.id, { actor: FIRST, result: {} });
		return { first: first.episodeId, second: second.episodeId };
	}

	it('are claimed one after the other, and know what the one before has sent', async () => {
		const { first, second } = await notices();
		const [told] = await claim(FIRST, 'notify', 1);
		expect(told).toMatchObject({ episodeId: first, notice: { event: 'contained', references: {} } });
		expect(await claim(SECOND, 'notify', 1)).toMatchObject([{ episodeId: second }]);
		expect(await claim(SECOND, 'notify')).toEqual([]);

		await test.ledger.recordStep(told.id, { serviceNowSysId: 's1' }, FIRST);
		await completeIntent(test.ledger, told.id, { actor: FIRST, result: {} });
		expect(await claim(SECOND, 'notify')).toMatchObject([{ episodeId: first, notice: { event: 'escalated', references: { serviceNowSysId: 's1' } } }]);
	});

	it('do not wait for one whose lease has ended', async () => {
		await notices();
		await claim(FIRST, 'notify');
		test.clock.nowMs += MINUTE_MS;
		expect(await claim(SECOND, 'notify')).toHaveLength(2);
	});
});
