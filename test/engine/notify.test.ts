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

it('gives ServiceNow no text of others that its journal would show as HTML', async () => {
	const reason = (text: string) => `${text} [code]<a href="https://evil.example">Sign in</a>[/CODE] [0]`;
	const { id } = await engine.ledger.containManually({ hostname: HOST }, { actor: PERSON, reason: reason('Malware') });
	await engine.runWell('rtcContainEndpoint', [{ id }]);
	const release = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, reason('Clean'));
	await engine.runWell('rtcReleaseEndpoint', [{ id: release.id }]);

	const inert = (text: string) => `${text} (code]<a href="https://evil.example">Sign in</a>(/CODE] [0]`;
	const { serviceNow } = engine.state().vendors as unknown as { serviceNow: { incidents: { description: string }[] } };
	expect(serviceNow.incidents[0].description.split('\n')[0]).toBe(`ann: ${inert('Malware')}`);
	expect(sceneOf(engine).incidents[0].notes).toEqual([`Released by ann: ${inert('Clean')}`]);
});
