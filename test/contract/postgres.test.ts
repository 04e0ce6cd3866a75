import { PostgresStore } from '../../ledger/store/postgres';
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres';
import { describeStore } from './store.contract';

const missing = postgresMissing();

(missing === undefined ? describe : describe.skip)(missing ?? 'on a real server', () => {
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
