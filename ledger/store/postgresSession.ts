import { hash } from 'node:crypto';
import { LedgerError } from '../errors';
import { explained } from './postgresErrors';
import { identifier, type PostgresSettings } from './postgresSettings';
import { Pool, type PoolClient, type QueryResult } from './vendor/pg';

export type Row = Record<string, unknown>;
export type Param = string | number | null;

const CONNECT_TIMEOUT_MS = 15_000;
/** A connection that nobody has used for so long is closed. */
const IDLE_MS = 10_000;
/** As long as the SQLite store waits for other processes. */
const LOCK_TIMEOUT_MS = 60_000;
/** A process that stopped in the middle of a change must not stop all others. */
const STUCK_MS = 120_000;
const INT8 = 20;

/** Connections to one server. They are opened when they are needed and closed when they are idle. */
export function openPool(settings: PostgresSettings, max: number): Pool {
	const { host, port, database, user, password, tls } = settings;
	const pool = new Pool({
		host, port, database, user, password, max,
		ssl: tls && { rejectUnauthorized: tls.verify, ...(tls.ca !== undefined && { ca: tls.ca }) },
		application_name: 'n8n-nodes-cisco-rtc',
		connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
		idleTimeoutMillis: IDLE_MS,
		allowExitOnIdle: true,
		keepAlive: true,
		pipeline: true,
		types: { getTypeParser: (oid: number) => (oid === INT8 ? exactNumber : defaultParser(oid)) },
		onConnect: (client) => client.query(sessionSettings(settings)) as unknown as void,
	});
	// Without a listener an error of a connection that is idle, or between two queries, would end the process. The
	// next query on it reports it.
	pool.on('error', ignore);
	pool.on('connect', (client) => void client.on('error', ignore));
	return pool;
}

function ignore(): void {}

/**
 * Plans are made once per connection, often while tables are small, and used for years: so the look-ups must go
 * through the indexes from the beginning.
 */
function sessionSettings({ schema }: PostgresSettings): string {
	return `SET search_path = ${identifier(schema)}; SET lock_timeout = ${LOCK_TIMEOUT_MS};
		SET idle_in_transaction_session_timeout = ${STUCK_MS}; SET client_min_messages = error;
		SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off`;
}

/** The driver gives 64-bit numbers as text, because not all fit; ours do, and one that does not must not be bent. */
function exactNumber(text: string): number {
	const value = Number(text);
	if (!Number.isSafeInteger(value)) throw new RangeError(`The number ${text} does not fit`);
	return value;
}

const FLOAT8 = 701;
const BOOLEAN = 16;
const INT4 = 23;

function defaultParser(oid: number): (text: string) => unknown {
	if (oid === FLOAT8 || oid === INT4) return Number;
	if (oid === BOOLEAN) return (text) => text === 't';
	return (text) => text;
}

/**
 * One connection, lent for one transaction. Statements go out in the order in which they are given, without waiting
 * for the answers of those before. Errors are in words for people.
 */
export class Session {
	private readonly uses: number;
	private sent: Promise<unknown> = Promise.resolve();
	private failure: { error: unknown } | undefined;

	constructor(
		private readonly client: PoolClient,
		private readonly settings: PostgresSettings,
	) {
		this.uses = (uses.get(client) ?? 0) + 1;
		uses.set(client, this.uses);
	}

	/**
	 * Plans are made for tables as large as they were then, so they are made anew with the 1st, 2nd, 4th, 8th …
	 * transaction of a connection: until the next time the tables hardly more than double.
	 */
	get outgrownPlans(): string {
		return Number.isInteger(Math.log2(this.uses)) ? 'DISCARD PLANS; ' : '';
	}

	/** One or more statements without parameters. */
	async script(sql: string): Promise<QueryResult[]> {
		const result = await this.answer(this.client.query(sql) as Promise<QueryResult | QueryResult[]>);
		return Array.isArray(result) ? result : [result];
	}

	/** One statement, prepared once per connection. */
	async query(sql: string, params: readonly Param[] = []): Promise<QueryResult<Row>> {
		return await this.answer(this.client.query<Row>({ name: nameOf(sql), text: sql, values: params.map(checked) }));
	}

	/** As `query`; rows as arrays, which are read faster. */
	async tuples<T>(sql: string, params: readonly Param[]): Promise<T[]> {
		const query = { name: nameOf(sql), text: sql, values: params.map(checked), rowMode: 'array' as const };
		return (await this.answer(this.client.query(query))).rows as T[];
	}

	async all(sql: string, params: readonly Param[] = []): Promise<Row[]> {
		return (await this.query(sql, params)).rows;
	}

	async get(sql: string, params: readonly Param[] = []): Promise<Row | undefined> {
		return (await this.all(sql, params))[0];
	}

	/** How many rows a change has changed. */
	async run(sql: string, params: readonly Param[] = []): Promise<number> {
		return (await this.query(sql, params)).rowCount ?? 0;
	}

	/**
	 * A change whose answer nobody waits for: while the server works on it, the next one is put together. If it fails,
	 * whatever comes next in this transaction fails for the same reason.
	 */
	send(sql: string, params: readonly Param[]): void {
		const answer = this.query(sql, params).catch((error: unknown) => void (this.failure ??= { error }));
		this.sent = Promise.all([this.sent, answer]);
	}

	/** Waits for everything that was sent. @throws what the first of it failed with */
	async settled(): Promise<void> {
		await this.sent;
		if (this.failure) throw this.failure.error;
	}

	/** After the first failure all others are its consequences. */
	private async answer<T>(query: Promise<T>): Promise<T> {
		try {
			return await query;
		} catch (error) {
			this.failure ??= { error: explained(error, this.settings) };
			throw this.failure.error;
		}
	}
}

/** Transactions of each connection so far. */
const uses = new WeakMap<PoolClient, number>();
const names = new Map<string, string>();

/** Of a prepared statement: the same for the same SQL. */
function nameOf(sql: string): string {
	let name = names.get(sql);
	if (name === undefined) {
		name = `rtc_${hash('sha256', sql, 'hex').slice(0, 32)}`;
		names.set(sql, name);
	}
	return name;
}

function checked(param: Param): Param {
	if (typeof param === 'string' && param.includes('\0')) {
		throw new LedgerError('invalidValue', 'A text holds the character NUL, which PostgreSQL cannot keep');
	}
	return param;
}

/** Numbers as an array for `unnest`; nothing is `NULL`. */
export function numbers(values: readonly (number | null | undefined)[]): string {
	let text = '{';
	for (let i = 0; i < values.length; i++) text += `${i === 0 ? '' : ','}${values[i] ?? 'NULL'}`;
	return `${text}}`;
}

/** Texts as an array for `unnest`; nothing is `NULL`. */
export function texts(values: readonly (string | null | undefined)[]): string {
	let text = '{';
	for (let i = 0; i < values.length; i++) {
		const value = values[i];
		text += i === 0 ? '' : ',';
		text += value === null || value === undefined ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`;
	}
	return `${text}}`;
}

/** What a detection is found by: 128 bits of SHA-256 of the value in lower case (ASCII), as a UUID. */
export function sightingKey(value: string): string {
	return hash('sha256', value.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()), 'hex').slice(0, 32);
}

/** Conditions and their parameters, joined by AND. The conditions are ours; only parameters come from outside. */
export class Where {
	private readonly conditions: string[] = [];

	constructor(readonly params: Param[] = []) {}

	/** @param condition With a `?` for each parameter. */
	add(condition: string, ...params: Param[]): void {
		let next = this.params.length;
		this.conditions.push(condition.replace(/\?/g, () => `$${++next}`));
		this.params.push(...params);
	}

	get sql(): string {
		return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
	}
}
