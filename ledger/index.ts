import { resolve } from 'node:path';
import { Ledger } from './ledger';
import type { LedgerService } from './service';
import { PostgresStore } from './store/postgres';
import { settingsKey, type PostgresSettings } from './store/postgresSettings';
import { SqliteStore } from './store/sqlite';
import type { Store } from './store/store';

export * from './api';
export { parseDetection } from './detection';
export type { ParsedDetection, Severity } from './detection';
export { parseDuration } from './duration';
export { LedgerError, PolicyError, type LedgerErrorCode, type PolicyProblem } from './errors';
export { validatePolicy, type Policy, type RepeatPolicy, type Rule, type Weight } from './policy';
export { PRESETS } from './presets';
export type { PostgresSettings, PostgresTls } from './store/postgresSettings';
export type {
	ClaimOptions, Completion, CursorOptions, LedgerService, ManualOptions, PollOptions, ScoreOptions,
} from './service';

/** A SQLite file, or a schema of a PostgreSQL server. */
export type LedgerPlace = { file: string } | { postgres: PostgresSettings };

interface Pooled {
	store: Store;
	users: number;
	/** Closes the store some time after its last user has gone. */
	timer?: NodeJS.Timeout;
}

/** A file that is none: every ledger in it is a new one. */
const IN_MEMORY = ':memory:';
/** Stores are shared by all executions of this process, one per file or per settings of a server. */
const pool = new Map<string, Pooled>();
/** A server's connections outlive an execution: the next one comes soon, and logging in takes longer than scoring. */
const POSTGRES_KEPT_MS = 60_000;

/**
 * Opens a ledger, which is made when it is missing. Close it when done: a file is closed when its last user has gone,
 * connections to a server a little later.
 *
 * @param options.now The clock, in milliseconds since 1970; for tests and simulations.
 * @throws LedgerError `newerSchema` when a newer version of this package wrote it; `refused` and `unavailable` say
 *   what is wrong with a server.
 */
export async function openLedger(options: LedgerPlace & { now?: () => number }): Promise<LedgerService> {
	const key = placeKey(options);
	const pooled: Pooled = key === IN_MEMORY ? { store: newStore(options), users: 0 } : fromPool(key, options);
	clearTimeout(pooled.timer);
	pooled.users++;
	let open = true;
	const ledger = new Ledger(pooled.store, options.now, async () => {
		if (!open) return;
		open = false;
		if (--pooled.users > 0) return;
		if ('file' in options) await letGo(key, pooled);
		else pooled.timer = setTimeout(() => void letGo(key, pooled), POSTGRES_KEPT_MS).unref();
	});
	try {
		await ledger.initialise();
	} catch (error) {
		await ledger.close();
		throw error;
	}
	return ledger;
}

/** Closes the stores that nobody uses any more; at the end of a process, and in tests. */
export async function closeIdleLedgers(): Promise<void> {
	await Promise.all([...pool].filter(([, { users }]) => users === 0).map(async ([key, pooled]) => await letGo(key, pooled)));
}

/** The same for the same place, and without its secrets. */
export function placeKey(place: LedgerPlace): string {
	if ('postgres' in place) return settingsKey(place.postgres);
	return place.file === IN_MEMORY ? IN_MEMORY : resolve(place.file);
}

async function letGo(key: string, pooled: Pooled): Promise<void> {
	clearTimeout(pooled.timer);
	if (pool.get(key) === pooled) pool.delete(key);
	await pooled.store.close();
}

function newStore(place: LedgerPlace): Store {
	if ('postgres' in place) return new PostgresStore(place.postgres);
	return new SqliteStore(placeKey(place));
}

function fromPool(key: string, place: LedgerPlace): Pooled {
	let pooled = pool.get(key);
	if (!pooled) {
		if ('postgres' in place && !closesAtExit) {
			closesAtExit = true;
			process.on('beforeExit', () => void closeIdleLedgers());
		}
		pooled = { store: newStore(place), users: 0 };
		pool.set(key, pooled);
	}
	return pooled;
}

let closesAtExit = false;
