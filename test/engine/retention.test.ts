import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Engine } from '../support/engine';
import { misdeedsOf, poll, reportEvent, THREAT_DETECTED } from '../support/engineScenes';

let engine: Engine;
let archive: string;
beforeAll(async () => {
	process.env.N8N_RESTRICT_FILE_ACCESS_TO = tmpdir();
	engine = await Engine.start();
});
beforeEach(async () => {
	await engine.reset();
	archive = await mkdtemp(path.join(tmpdir(), 'archive-'));
	reportEvent(engine, THREAT_DETECTED);
	await poll(engine);
	engine.time.advance(100 * 86_400_000);
});
afterEach(async () => {
	await rm(archive, { recursive: true });
	expect(misdeedsOf(engine)).toEqual([]);
});
afterAll(async () => {
	delete process.env.N8N_RESTRICT_FILE_ACCESS_TO;
	await engine.close();
});

const SETTINGS = { detectionDays: 30, auditDays: 60, signedOffBy: '', archiveFolder: '' };
const run = async (settings: object) => {
	const executions = await engine.run('rtcLedgerRetention', [{}], { 'What to keep': [{ settings: { ...SETTINGS, ...settings } }] });
	expect(executions.map(({ error }) => error?.message)).toEqual([undefined]);
	return executions[0];
};

describe('Ledger retention', () => {
	it('removes old detections and leaves the audit trail whole until somebody signs off', async () => {
		const records = (await engine.ledger.getMetrics()).auditRecords;
		const execution = await run({});
		expect(execution.output('Apply retention')).toMatchObject([{ removed: 1, kept: 0, more: false }]);
		expect(execution.runsOf('Export audit segment')).toBe(0);
		expect(await engine.ledger.getDetections({ limit: 10 })).toEqual({ items: [], total: 0 });
		expect((await engine.ledger.getMetrics()).auditRecords).toBe(records + 1);
		expect((await engine.ledger.replay()).equal).toBe(true);
	});

	it('writes old audit records to the archive before it removes them', async () => {
		const records = (await engine.ledger.getMetrics()).auditRecords;
		const file = `cisco-rtc-audit-1-${records}.jsonl`;
		// n8n tells a missing file by `instanceof Error`, which does not hold across the realms of the test runner.
		await writeFile(path.join(archive, file), 'an older file');
		await run({ signedOffBy: 'ann', archiveFolder: archive });
		const bytes = await readFile(path.join(archive, file));
		expect(bytes.toString().trim().split('\n')).toHaveLength(records);
		const [closed] = (await engine.ledger.getAudit({ action: 'audit.segmentClosed', limit: 1 })).items;
		expect(closed).toMatchObject({
			actor: 'ann',
			details: { records, signedOffBy: 'ann', exportedTo: path.join(archive, file), sha256: createHash('sha256').update(bytes).digest('hex') },
		});
		expect(await engine.ledger.verifyAudit()).toMatchObject({ ok: true, records: 2 });
	});

	it('removes no audit record when the archive is not what was written', async () => {
		const records = (await engine.ledger.getMetrics()).auditRecords;
		await writeFile(path.join(archive, `cisco-rtc-audit-1-${records}.jsonl`), 'an older file');
		const executions = await engine.run(
			'rtcLedgerRetention',
			[{}],
			{ 'What to keep': [{ settings: { ...SETTINGS, signedOffBy: 'ann', archiveFolder: archive } }], Fingerprint: [{ sha256: 'of another file' }] },
		);
		expect(executions[0].error?.message).toMatch(/^The archive cisco-rtc-audit-1-\d+\.jsonl is not what was written to it\. No audit record was removed\.$/);
		expect((await engine.ledger.getAudit({ action: 'audit.segmentClosed', limit: 1 })).items).toEqual([]);
	});

	it('removes no audit record that it could not write', async () => {
		const executions = await engine.run('rtcLedgerRetention', [{}], {
			'What to keep': [{ settings: { ...SETTINGS, signedOffBy: 'ann', archiveFolder: path.join(archive, 'missing') } }],
		});
		expect(executions[0].error).toBeDefined();
		expect((await engine.ledger.getAudit({ action: 'audit.segmentClosed', limit: 1 })).items).toEqual([]);
	});
});
