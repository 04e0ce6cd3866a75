import { DatabaseSync } from 'node:sqlite';
import { openLedger } from '../../../ledger';
import { ACTOR, detection, HOUR_MS, newLedger, plainPolicy, START_MS } from './helpers';

const DAY_MS = 24 * HOUR_MS;
const PC = { kind: 'hostname', key: 'pc1' } as const;

/** A ledger as a version wrote it that took the account of a computer for its name. */
async function writtenBefore() {
	const test = await newLedger(plainPolicy());
	await test.ledger.score([detection({ penalty: 40, targets: [{ hostname: 'PC1$' }] })], { actor: ACTOR });
	const db = new DatabaseSync(test.file);
	db.exec(`UPDATE entities SET key = 'pc1$' WHERE key = 'pc1'; UPDATE head SET body = json_remove(body, '$.identityReading')`);
	db.close();
	return test;
}

it('a ledger that read identities otherwise gets the scores of a replay when it is opened', async () => {
	const test = await writtenBefore();
	const rebuilt = async () => (await test.ledger.getAudit({ action: 'rebuilt', limit: 5 })).total;
	const before = (await rebuilt()) as number;
	expect(await test.ledger.replay()).toMatchObject({ equal: false });
	const opened = await openLedger({ file: test.file, now: () => test.clock.nowMs });
	expect(await opened.getEntity(PC)).toMatchObject({ score: 40 });
	expect(await opened.getEntity({ kind: 'hostname', key: 'pc1$' })).toMatchObject({ key: 'pc1' });
	expect(await opened.replay()).toMatchObject({ equal: true, detections: 1 });
	await (await openLedger({ file: test.file })).close();
	expect(await rebuilt()).toBe(before + 1);
	await opened.close();
	await test.close();
});

it('its export can be imported', async () => {
	const [before, empty] = [await writtenBefore(), await newLedger()];
	expect(await empty.ledger.importAll(before.ledger.exportAll(), ACTOR)).toMatchObject({ detections: 1 });
	expect(await empty.ledger.getEntity(PC)).toMatchObject({ score: 40 });
	expect((await empty.ledger.verifyAudit()).ok).toBe(true);
	await Promise.all([before.close(), empty.close()]);
});

it('points from before the retention horizon stay with what they were given to', async () => {
	const test = await writtenBefore();
	test.clock.nowMs = START_MS + 2 * DAY_MS;
	const db = new DatabaseSync(test.file);
	const setReading = (version: number) => db.exec(`UPDATE head SET body = json_set(body, '$.identityReading', ${version})`);
	db.exec(`INSERT INTO bases SELECT id, sources, '[]' FROM entities; UPDATE head SET body = json_set(body, '$.retention', json('{"seq":1,"beforeMs":${START_MS},"removed":0}'))`);
	setReading(1);
	db.close();
	const opened = await openLedger({ file: test.file, now: () => test.clock.nowMs });
	await opened.score([detection({ penalty: 5, atMs: test.clock.nowMs, targets: [{ hostname: 'pc1$' }] })], { actor: ACTOR });
	const { items } = await opened.getEntities({ kind: 'hostname', limit: 5 });
	expect(items.map(({ key, score }) => [key, score])).toEqual([['pc1$', 10], ['pc1', 5]]);
	expect(await opened.replay()).toMatchObject({ equal: true });
	await opened.close();
	await test.close();
});
