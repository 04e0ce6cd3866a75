import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { openLedger, type LedgerService } from '../../ledger';
import { expectConsistent, snapshotUnderLoad } from '../support/backup';

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
		await snapshotUnderLoad(ledger, async () => await snapshot(file));
		const copy = await openLedger({ file });
		await expectConsistent(copy);
		await copy.close();
	});
});
