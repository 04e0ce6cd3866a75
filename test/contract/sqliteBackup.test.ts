import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { openLedger, type LedgerService } from '../../ledger';

const BATCHES = 30;
const PER_BATCH = 20;
const OPTIONS = { actor: { name: 'poll' } };

let folder: string;
let ledger: LedgerService;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'backup-'));
	ledger = await openLedger({ file: join(folder, 'ledger.db') });
});
afterEach(async () => {
	await ledger.close();
	rmSync(folder, { recursive: true, force: true });
});

const detections = (batch: number) =>
	Array.from({ length: PER_BATCH }, (_, index) => ({
			id: `secureEndpoint:${batch}-${index}`,
			source: 'secureEndpoint',
			eventType: { id: '1090519054', name: 'Threat Detected' },
			categories: [],
			severity: 'High',
			occurredAt: new Date(Date.now() - 60_000).toISOString(),
			observables: [{ type: 'sha256', value: `${batch}` }],
			targets: [{ hostname: `pc-${index % 7}` }],
		}));

/** Scores batch after batch until all are in; `meanwhile` runs after the tenth. */
async function underLoad(meanwhile: () => Promise<void>): Promise<void> {
	let copying: Promise<void> | undefined;
	for (let batch = 0; batch < BATCHES; batch++) {
		await ledger.score(detections(batch), OPTIONS);
		if (batch === BATCHES / 3) copying = meanwhile();
		await new Promise((resolve) => setImmediate(resolve));
	}
	await copying;
}

/** A copy that starts as a ledger, whole and in itself right. */
async function restored(file: string): Promise<LedgerService> {
	const copy = await openLedger({ file });
	expect(await copy.verifyAudit()).toMatchObject({ ok: true });
	expect(await copy.replay()).toMatchObject({ equal: true });
	return copy;
}

const countOf = async (service: LedgerService) => (await service.getDetections({ limit: 5_000 })).items.length;

describe('a snapshot of the file taken while detections are scored', () => {
	it.each([
		[
			'VACUUM INTO',
			async (file: string) => {
				const reader = new DatabaseSync(join(folder, 'ledger.db'));
				reader.prepare('VACUUM INTO ?').run(file);
				reader.close();
			},
		],
		[
			'the backup API',
			async (file: string) => {
				const reader = new DatabaseSync(join(folder, 'ledger.db'), { readOnly: true });
				await backup(reader, file, { rate: 5 });
				reader.close();
			},
		],
	])('by %s holds whole batches, verifies, and replays to the same scores', async (_how, snapshot) => {
		const file = join(folder, 'snapshot.db');
		await underLoad(async () => await snapshot(file));
		expect(await countOf(ledger)).toBe(BATCHES * PER_BATCH);

		const copy = await restored(file);
		const count = await countOf(copy);
		expect(count).toBeGreaterThanOrEqual((BATCHES / 3) * PER_BATCH);
		expect(count % PER_BATCH).toBe(0);
		// What came after the snapshot is read again: none is lost, none counts twice.
		for (let batch = 0; batch < BATCHES; batch++) await copy.score(detections(batch), OPTIONS);
		expect(await countOf(copy)).toBe(BATCHES * PER_BATCH);
		expect(await copy.replay()).toMatchObject({ equal: true });
		await copy.close();
	});
});
