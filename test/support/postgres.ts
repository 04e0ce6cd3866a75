import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as server from '../../demo/postgres';
import type { PostgresSettings } from '../../ledger/store/postgresSettings';

/** A PostgreSQL server to test with. */
export interface TestServer {
	/** Settings for a ledger; a new schema each time, unless one is given. */
	settings(schema?: string): PostgresSettings;
	/** Runs SQL as the administrator of the server. */
	query<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
	stop(): Promise<void>;
}

/** Address of a server that is there already, e.g. `postgres://user:password@host:5432/database`. */
const GIVEN = process.env.TEST_POSTGRES_URL;
let schemas = 0;

/** Why there is no server to test with; `undefined` when there is one. */
export function postgresMissing(): string | undefined {
	if (GIVEN || !server.postgresMissing()) return undefined;
	return 'PostgreSQL is not installed, and TEST_POSTGRES_URL names no server';
}

/** The server that TEST_POSTGRES_URL names, or one of our own from installed programs, in a folder that goes with it. */
export async function startPostgres(options: server.PostgresOptions = {}): Promise<TestServer> {
	if (GIVEN && !options.tls) return serverAt(server.postgresAt(GIVEN), async () => {});
	const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
	const remove = () => rmSync(folder, { recursive: true, force: true });
	try {
		const { place, program } = await server.startPostgres(folder, options);
		return serverAt(place, async () => {
			await program.stop();
			remove();
		});
	} catch (error) {
		remove();
		throw error;
	}
}

function serverAt(place: server.PostgresPlace, stop: () => Promise<void>): TestServer {
	return {
		settings: (schema = `rtc ${process.pid}-${++schemas}`) => ({ ...place, schema, tls: false }),
		query: async <T>(sql: string, params: unknown[] = []) => await server.query<T>(place, sql, params),
		stop,
	};
}
