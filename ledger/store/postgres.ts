import { setTimeout as pause } from 'node:timers/promises';
import { LedgerError } from '../errors';
import { migrate } from './postgresMigrate';
import { explained, PostgresError } from './postgresErrors';
import { PostgresReader } from './postgresReader';
import { openPool, type Row, Session } from './postgresSession';
import { beginChange, checkSettings, type PostgresSettings } from './postgresSettings';
import { PostgresWriter } from './postgresWriter';
import { FIRST_HEAD, toBody } from './rows';
import type { LedgerHead, ReadTransaction, Store, TableName, WriteTransaction } from './store';
import type { Pool, QueryResult } from './vendor/pg';

/** Connections of one process: one changes the ledger, the others read. */
const MAX_CONNECTIONS = 4;
/** For work that takes long, so that it can't use up those above. */
const MAX_APART = 2;
const FETCH = 1_000;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 20;
const READ = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * A ledger in a PostgreSQL schema, for any number of processes on any number of machines.
 *
 * Every change takes the ledger's advisory lock first and keeps it until it is committed. So changes happen one after
 * the other, in the order of the audit chain that they extend, each sees all earlier ones, and none can meet another
 * half-way: the order in which rows are locked is that of the changes. Readers never wait.
 */
export class PostgresStore implements Store {
	private readonly pool: Pool;
	private readonly apart: Pool;
	private migrated: Promise<void> | undefined;
	private queue: Promise<unknown> = Promise.resolve();
	private closing: Promise<void> | undefined;

	/** @throws LedgerError `invalidValue` when a setting is missing. Nothing is connected yet. */
	constructor(private readonly settings: PostgresSettings) {
		checkSettings(settings);
		this.pool = openPool(settings, MAX_CONNECTIONS);
		this.apart = openPool(settings, MAX_APART);
	}

	/** Those of this process wait for each other here, so that they hold no connections while they do. */
	async write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
		const turn = this.queue.then(async () => {
			await this.ready();
			return await this.patiently(() => this.change(work));
		});
		this.queue = turn.catch(() => undefined);
		return await turn;
	}

	async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
		return await this.look(this.pool, work);
	}

	async readApart<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
		return await this.look(this.apart, work);
	}

	async *snapshot(tables: readonly TableName[]): AsyncGenerator<{ table: TableName; row: Record<string, unknown> }> {
		await this.ready();
		const lent = await this.lend(this.apart);
		let whole = false;
		try {
			await lent.session.script(READ);
			for (const table of tables) for await (const row of rowsOf(lent.session, table)) yield { table, row };
			await lent.session.script('COMMIT');
			whole = true;
		} finally {
			lent.giveBack(!whole);
		}
	}

	async close(): Promise<void> {
		this.closing ??= this.queue.then(async () => {
			await Promise.all([this.pool.end(), this.apart.end()]);
		});
		await this.closing;
	}

	/** Once per process, unless it fails: then whoever comes next tries again. */
	private async ready(): Promise<void> {
		this.migrated ??= this.patiently(() => this.lent(this.pool, (session) => migrate(session, this.settings)));
		const { migrated } = this;
		try {
			await migrated;
		} catch (error) {
			if (this.migrated === migrated) this.migrated = undefined;
			throw error;
		}
	}

	private async look<T>(pool: Pool, work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
		await this.ready();
		return await this.patiently(() =>
			this.lent(pool, async (session) => {
				const begun = session.script(READ);
				const [result] = await Promise.all([work(new PostgresReader(session)), begun]);
				await session.script('COMMIT');
				return result;
			}),
		);
	}

	/** Nothing waits for the lock but the answers: what a change reads first is asked for together with it. */
	private async change<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
		let commit: { xid: string; result: T } | undefined;
		try {
			return await this.lent(this.pool, async (session) => {
				const begun = session.script(
					`${beginChange(this.settings.schema)}; ${session.outgrownPlans}SELECT body FROM head WHERE id = 1; SELECT pg_current_xact_id()::text AS xid`,
				);
				const head = begun.then(headOf);
				head.catch(ignore);
				const [result, answers] = await Promise.all([work(new PostgresWriter(session, head)), begun]);
				commit = { xid: (answers.at(-1)?.rows as Row[])[0].xid as string, result };
				await endChange(session);
				return result;
			});
		} catch (error) {
			if (commit === undefined || !isLost(error)) throw error;
			if (await this.wasKept(commit.xid, error)) return commit.result;
			throw error;
		}
	}

	/**
	 * After a COMMIT without an answer only the server knows whether the change was kept.
	 *
	 * @throws PostgresError that must not be answered by making the change again, when the server does not say it either
	 */
	private async wasKept(xid: string, lost: PostgresError): Promise<boolean> {
		try {
			return await this.patiently(() =>
				this.lent(this.pool, async (session) => {
					const row = await session.get('SELECT pg_xact_status($1::xid8) AS status', [xid]);
					if (row?.status === 'committed' || row?.status === 'aborted') return row.status === 'committed';
					throw new PostgresError('unavailable', 'PostgreSQL has not ended the change yet', String(row?.status), true);
				}),
			);
		} catch {
			throw new PostgresError('unavailable', `${lost.message}, and it is not known whether the change was kept`, lost.reason, false);
		}
	}

	/** Lends a connection; one whose transaction failed is rolled back or, if that fails too, closed. */
	private async lent<T>(pool: Pool, work: (session: Session) => Promise<T>): Promise<T> {
		const { session, giveBack } = await this.lend(pool);
		try {
			const result = await work(session);
			giveBack(false);
			return result;
		} catch (error) {
			const clean = await session.script('ROLLBACK').then(() => true, () => false);
			giveBack(!clean);
			throw error;
		}
	}

	private async lend(pool: Pool): Promise<{ session: Session; giveBack: (broken: boolean) => void }> {
		if (this.closing) throw new LedgerError('closed', 'The ledger is closed');
		try {
			const client = await pool.connect();
			return { session: new Session(client, this.settings), giveBack: (broken) => client.release(broken) };
		} catch (error) {
			throw explained(error, this.settings);
		}
	}

	/** Repeats a transaction that lost a race or its connection before it was committed. */
	private async patiently<T>(transaction: () => Promise<T>): Promise<T> {
		for (let attempt = 1; ; attempt++) {
			try {
				return await transaction();
			} catch (error) {
				if (attempt === ATTEMPTS || !(error instanceof PostgresError) || !error.transient) throw error;
				await pause(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
			}
		}
	}
}

function headOf(answers: readonly QueryResult[]): LedgerHead {
	const row = answers.at(-2)?.rows[0] as Row | undefined;
	return row ? toBody<LedgerHead>(row) : structuredClone(FIRST_HEAD);
}

/** Whoever awaits the promise hears of it. */
function ignore(): void {}

/** COMMIT goes out right behind the last change; when one of those failed, the server answers it with ROLLBACK. */
async function endChange(session: Session): Promise<void> {
	const [{ command }] = await session.script('COMMIT');
	await session.settled();
	if (command !== 'COMMIT') throw new PostgresError('unavailable', 'PostgreSQL rolled the change back', command, false);
}

/** Whether the connection broke, so that an answer may have been lost. */
function isLost(error: unknown): error is PostgresError {
	return error instanceof PostgresError && error.code === 'unavailable' && !/^40/.test(error.reason);
}

async function* rowsOf(session: Session, table: TableName): AsyncGenerator<Row> {
	await session.script(`DECLARE whole NO SCROLL CURSOR FOR SELECT * FROM ${table}`);
	for (let found = FETCH; found === FETCH; ) {
		const [{ rows }] = await session.script(`FETCH ${FETCH} FROM whole`);
		found = rows.length;
		yield* rows as Row[];
	}
	await session.script('CLOSE whole');
}
