import type { IDataObject } from 'n8n-workflow';
import { Engine } from '../support/engine';
import { HOST, misdeedsOf, sceneOf } from '../support/engineScenes';
import { failIntent } from '../support/settle';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

const HOUR_MS = 3_600_000;

/** A containment that is tried until the ledger gives it up. */
async function giveUp(): Promise<void> {
	const { id } = await engine.ledger.containManually({ hostname: HOST }, { actor: { name: 'ann' }, reason: 'x' });
	const { attempts } = (await engine.ledger.getPolicy()).policy.retry;
	for (let attempt = 0; attempt < attempts; attempt++) {
		await engine.ledger.claimIntents({ actor: { name: 'test' }, kinds: ['contain'], ids: [id], limit: 1, leaseSeconds: 60 });
		await failIntent(engine.ledger, id, 'ISE is down', { name: 'test' });
		engine.time.advance(HOUR_MS);
	}
}

/** What the card is told, by the fields of the node that posts it. */
async function summary(): Promise<{ title: string; failed: string; severity: string }> {
	const before = cards().length;
	await engine.runWell('rtcDailySummary');
	expect(sceneOf(engine).messages).toHaveLength(before + 1);
	const text = JSON.stringify(cards()[before]);
	return { title: String(sceneOf(engine).messages[before]), failed: /"Failed since yesterday","value":"(\d+)"/.exec(text)?.[1] ?? '', severity: /warning|attention/i.test(text) ? 'warning' : 'info' };
}

const cards = () => engine.state().vendors.webex.messages as unknown as IDataObject[];

describe('Daily summary', () => {
	it('warns of what failed in the last day, and no longer', async () => {
		expect(await summary()).toMatchObject({ failed: '0', severity: 'info' });
		await giveUp();
		expect(await summary()).toMatchObject({ failed: '1', severity: 'warning' });
		engine.time.advance(24 * HOUR_MS);
		expect(await summary()).toMatchObject({ failed: '0', severity: 'info' });
	});
});
