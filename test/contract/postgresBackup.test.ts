import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { clientProgram } from '../../demo/postgres';
import { openLedger } from '../../ledger';
import type { PostgresSettings } from '../../ledger/store/postgresSettings';
import { expectConsistent, snapshotUnderLoad } from '../support/backup';
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres';
import { suiteUnless } from '../support/suite';

const [pgDump, psql] = ['pg_dump', 'psql'].map(clientProgram);
const missing = postgresMissing() ?? (pgDump && psql ? undefined : 'pg_dump or psql is not installed');
const run = promisify(execFile);

suiteUnless(missing)('a dump of the PostgreSQL schema taken while detections are scored', () => {
	let server: TestServer;
	beforeAll(async () => void (server = await startPostgres()));
	afterAll(async () => await server.stop());

	it('holds whole batches, verifies, and replays to the same scores', async () => {
		const settings = server.settings();
		const ledger = await openLedger({ postgres: settings });
		let dump = '';
		await snapshotUnderLoad(ledger, async () => {
			dump = (await run(pgDump!, ['--no-owner', '--schema', `"${settings.schema}"`], { env: envOf(settings), maxBuffer: 1 << 28 })).stdout;
		});
		await ledger.close();

		const restored = { ...settings, database: `restored_${process.pid}` };
		await server.query(`CREATE DATABASE ${restored.database}`);
		const restoring = run(psql!, ['--quiet', '--set', 'ON_ERROR_STOP=1'], { env: envOf(restored) });
		restoring.child.stdin!.end(dump);
		await restoring;
		const copy = await openLedger({ postgres: restored });
		await expectConsistent(copy);
		await copy.close();
		await server.query(`DROP DATABASE ${restored.database} WITH (FORCE)`);
	});
});

function envOf({ host, port, database, user, password }: PostgresSettings): NodeJS.ProcessEnv {
	return { PATH: process.env.PATH, PGHOST: host, PGPORT: String(port), PGDATABASE: database, PGUSER: user, PGPASSWORD: password };
}
