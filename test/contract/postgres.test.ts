import { PostgresStore } from '../../ledger/store/postgres';
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres';
import { suiteUnless } from '../support/suite';
import { describeStore } from './store.contract';


suiteUnless(postgresMissing())('on a real server', () => {
	let server: TestServer;
	beforeAll(async () => {
		server = await startPostgres();
	}, 60_000);
	afterAll(async () => await server.stop());

	describeStore('PostgreSQL', async () => {
		const settings = server.settings();
		const [store, other] = [new PostgresStore(settings), new PostgresStore(settings)];
		return {
			store,
			other,
			dispose: async () => {
				await Promise.all([store.close(), other.close()]);
				await server.query(`DROP SCHEMA "${settings.schema}" CASCADE`);
			},
		};
	});
});
