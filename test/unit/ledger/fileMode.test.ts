import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../../ledger';

it('the folder that is made for a ledger is open to its owner only', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'ledger-mode-'));
	const ledger = await openLedger({ file: join(folder, 'cisco-rtc', 'ledger.db') });
	expect(statSync(join(folder, 'cisco-rtc')).mode & 0o077).toBe(0);
	await ledger.close();
	rmSync(folder, { recursive: true });
});
