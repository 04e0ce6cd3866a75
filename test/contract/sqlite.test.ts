import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '../../ledger/store/sqlite';
import { describeStore } from './store.contract';

describeStore('SQLite', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'store-'));
	const file = join(folder, 'ledger.db');
	const [store, other] = [new SqliteStore(file), new SqliteStore(file)];
	return {
		store,
		other,
		dispose: async () => {
			await store.close();
			await other.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
});
