import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Engine } from '../support/engine';
import { HOST, PERSON, intentOf, messagesOf, misdeedsOf, sceneOf } from '../support/engineScenes';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

/** SQLite's own words, where a test can switch them on and off. */
const FULL = "CREATE TRIGGER full_disk BEFORE UPDATE ON intents BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";

/** No intent can be written from the first message at Webex on, for a second. */
async function failBehindTheMessage(ledgerFile: string): Promise<void> {
	while (messagesOf(engine).length === 0) await nextTurn();
	const other = new DatabaseSync(ledgerFile);
	other.exec(FULL);
	await new Promise((resolve) => setTimeout(resolve, 1_000));
	other.exec('DROP TRIGGER full_disk');
	other.close();
}

it('posts one card when what was sent can be recorded only later', async () => {
	const { id } = await engine.ledger.containManually({ hostname: HOST }, { actor: PERSON, reason: 'x' });
	await Promise.all([engine.run('rtcContainEndpoint', [{ id }]), failBehindTheMessage(engine.ledgerFile)]);

	engine.time.advance(3_600_000);
	await engine.runWell('rtcSweepIntents');
	expect(await intentOf(engine, 'notify')).toMatchObject({ state: 'done', steps: { webexMessageId: messagesOf(engine)[0].id } });
	expect(sceneOf(engine)).toMatchObject({ messages: [`${HOST} was contained`], incidents: [{ notes: [] }] });
});
