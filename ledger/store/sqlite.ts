import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError } from '../errors';
import { MIGRATIONS } from './migrations';
import { SqliteTransaction } from './sqliteWriter';
import type { ReadTransaction, Store, TableName, WriteTransaction } from './store';

/** Inside a transaction; SQLite waits in the thread then. */
const BUSY_TIMEOUT_MS = 100;
const BUSY_LIMIT_MS = 60_000;
/** Waits for the file's lock: twice as long each time. Shorter ones make processes take turns too often, each with a cold cache. */
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 60;

/** A ledger in one SQLite file, through Node's own `node:sqlite`. Safe for many processes on one machine. */
export class SqliteStore implements Store {
	private readonly db: DatabaseSync;
	private readonly tx: SqliteTransaction;
	private queue: Promise<unknown> = Promise.resolve();
	private closed = false;

	constructor(private readonly file: string) {
		// Says who did what on the network: nobody else on the machine is to read it.
		if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
		this.db = new DatabaseSync(file, { timeout: 5_000 });
		this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16000');
		migrate(this.db);
		this.db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
		this.tx = new SqliteTransaction(this.db);
	}

	async write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
		return await this.inTurn(() => this.transact('BEGIN IMMEDIATE', work));
	}

	async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
		return await this.inTurn(() => this.transact('BEGIN', work));
	}

	async readApart<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
		if (this.file === ':memory:') return await this.read(work);
		const db = this.reader();
		try {
			return await work(new SqliteTransaction(db));
		} finally {
			db.close();
		}
	}

	async *snapshot(tables: readonly TableName[]): AsyncGenerator<{ table: TableName; row: Record<string, unknown> }> {
		if (this.file === ':memory:') throw new LedgerError('invalidValue', 'A ledger in memory cannot be exported');
		const db = this.reader();
		try {
			for (const table of tables) {
				for (const row of db.prepare(`SELECT * FROM ${table}`).iterate()) yield { table, row: { ...row } };
			}
		} finally {
			db.close();
		}
	}

	private reader(): DatabaseSync {
		const db = new DatabaseSync(this.file, { readOnly: true, timeout: 5_000 });
		db.exec('BEGIN');
		return db;
	}

	async close(): Promise<void> {
		await this.inTurn(async () => {
			this.closed = true;
			this.db.close();
		});
	}

	/** One connection knows one transaction, so those of this process wait for each other. */
	private async inTurn<T>(work: () => Promise<T>): Promise<T> {
		const turn = this.queue.then(async () => {
			if (this.closed) throw new LedgerError('closed', 'The ledger is closed');
			return await work();
		});
		this.queue = turn.catch(() => undefined);
		return await turn;
	}

	private async transact<T>(begin: string, work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
		await this.patiently(() => this.begin(begin));
		let result: T;
		try {
			result = await work(this.tx);
			await this.patiently(() => this.db.exec('COMMIT'));
		} catch (error) {
			if (this.db.isTransaction) this.db.exec('ROLLBACK');
			throw isFull(error) ? new LedgerError('unavailable', FULL) : error;
		}
		return result;
	}

	/** Tries once: the event loop is to go on while another process writes. */
	private begin(begin: string): void {
		this.db.exec('PRAGMA busy_timeout = 0');
		try {
			this.db.exec(begin);
		} finally {
			this.db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
		}
	}

	private async patiently(step: () => void): Promise<void> {
		const giveUpAt = Date.now() + BUSY_LIMIT_MS;
		for (let attempt = 0; ; attempt++) {
			try {
				return step();
			} catch (error) {
				if (!isBusy(error)) throw error;
				if (Date.now() > giveUpAt) throw new LedgerError('busy', 'The ledger file was locked by another process for too long');
				const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
				await new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
			}
		}
	}
}

const FULL = 'The disk of the ledger file is full. Nothing of this was recorded: free some space, and do it again. What a poll has read is read again by the next one';

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

function isBusy(error: unknown): boolean {
	return hasCode(error, SQLITE_BUSY);
}

function isFull(error: unknown): boolean {
	return hasCode(error, SQLITE_FULL);
}

/** The low byte of a result code is its kind. */
function hasCode(error: unknown, kind: number): boolean {
	const code = (error as { errcode?: number }).errcode;
	return code !== undefined && (code & 0xff) === kind;
}

function migrate(db: DatabaseSync): void {
	const version = () => (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
	if (version() > MIGRATIONS.length) {
		throw new LedgerError('newerSchema', 'The ledger file was written by a newer version of this package; update it');
	}
	if (version() === MIGRATIONS.length) return;
	db.exec('BEGIN IMMEDIATE');
	for (let next = version(); next < MIGRATIONS.length; next++) db.exec(MIGRATIONS[next]);
	db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
	db.exec('COMMIT');
}
