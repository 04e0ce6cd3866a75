import { LedgerError } from '../errors';
import { POSTGRES_MIGRATIONS } from './migrations/postgres';
import type { Session } from './postgresSession';
import { beginChange, identifier, type PostgresSettings } from './postgresSettings';

/** `SELECT … FOR` long lists helps nobody. */
const SHOWN = 3;

/**
 * Brings the schema up to date. However many processes start together, one does it and the others wait.
 *
 * @throws LedgerError `newerSchema`; `refused` when the server is too old, the schema holds something else, or the
 *   user may not make it.
 */
export async function migrate(session: Session, { schema }: PostgresSettings): Promise<void> {
	if ((await version(session, schema)) === POSTGRES_MIGRATIONS.length) return;
	await session.script(beginChange(schema));
	await checkServer(session);
	const known = await version(session, schema);
	if (known > POSTGRES_MIGRATIONS.length) {
		throw new LedgerError('newerSchema', 'The ledger was written by a newer version of this package; update it');
	}
	if (known === 0) await createSchema(session, schema);
	for (let next = known; next < POSTGRES_MIGRATIONS.length; next++) await session.script(POSTGRES_MIGRATIONS[next]);
	await session.run('UPDATE ledger_schema SET version = $1', [POSTGRES_MIGRATIONS.length]);
	await session.script('COMMIT');
}

/** How many migrations were applied; 0 without a ledger. */
async function version(session: Session, schema: string): Promise<number> {
	const table = `${identifier(schema)}.ledger_schema`;
	const found = await session.get('SELECT to_regclass($1) IS NOT NULL AS found', [table]);
	if (found?.found !== true) return 0;
	return (await session.get('SELECT version FROM ledger_schema'))?.version as number;
}

async function checkServer(session: Session): Promise<void> {
	const row = await session.get(`SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name`);
	if ((row?.number as number) < 150_000) throw new LedgerError('refused', `The ledger needs PostgreSQL 15 or later; this server is ${row?.name as string}`);
}

async function createSchema(session: Session, schema: string): Promise<void> {
	const row = await session.get('SELECT to_regnamespace($1) IS NOT NULL AS found', [identifier(schema)]);
	if (row?.found === true) await checkEmpty(session, schema);
	else await session.script(`CREATE SCHEMA ${identifier(schema)}`);
	await session.script('CREATE TABLE ledger_schema (version bigint NOT NULL); INSERT INTO ledger_schema VALUES (0)');
}

/** Nobody else's tables, n8n's least of all. */
async function checkEmpty(session: Session, schema: string): Promise<void> {
	const rows = await session.all(
		`SELECT relname::text AS name FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY relname LIMIT ${SHOWN}`,
		[identifier(schema)],
	);
	if (rows.length === 0) return;
	const names = rows.map(({ name }) => name as string).join(', ');
	throw new LedgerError('refused', `The schema "${schema}" holds other tables (${names}, …). Give the ledger a schema of its own`);
}
