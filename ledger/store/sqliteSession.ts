import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { BulkInsert, type BulkVerb } from './bulk';
import type { Total } from '../api';
import { COUNT_CAP, counted, type Range, totalByPage } from './lists';
import type { Counted } from './store';

export type Row = Record<string, SQLInputValue>;
export type Params = SQLInputValue[];

/** Statements of one connection, each prepared once. */
export class SqliteSession {
	private readonly statements = new Map<string, StatementSync>();

	private readonly bulks = new Map<string, BulkInsert>();

	constructor(protected readonly db: DatabaseSync) {}

	protected page<T>(
		columns: string, from: string, order: string, params: Params, range: Range, map: (row: Row) => T,
	): Counted<T> {
		const rows = this.all(`SELECT ${columns} ${from} ${order} LIMIT ? OFFSET ?`, [...params, range.limit, range.offset]).map(map);
		return { rows, ...this.total(from, params, rows.length, range) };
	}

	/** How many rows there are, without counting when the page tells. */
	protected total(from: string, params: Params, found: number, range: Range, cap = COUNT_CAP): Total {
		const known = totalByPage(found, range);
		if (known) return known;
		return counted(this.get(`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ${cap})`, params)?.n as number, cap);
	}

	protected count(from: string, params: Params = []): number {
		return this.get(`SELECT count(*) AS n ${from}`, params)?.n as number;
	}

	protected prepare(sql: string): StatementSync {
		const known = this.statements.get(sql);
		if (known) return known;
		const statement = this.db.prepare(sql);
		this.statements.set(sql, statement);
		return statement;
	}

	protected bulk(verb: BulkVerb, into: string, columns: number, conflict = ''): BulkInsert {
		const name = `${verb} ${into}`;
		let known = this.bulks.get(name);
		if (!known) this.bulks.set(name, (known = new BulkInsert(this.db, verb, into, columns, conflict)));
		return known;
	}

	protected get(sql: string, params: Params = []): Row | undefined {
		return this.prepare(sql).get(...params) as Row | undefined;
	}

	protected all(sql: string, params: Params = []): Row[] {
		return this.prepare(sql).all(...params) as Row[];
	}

	protected run(sql: string, params: Params): void {
		this.prepare(sql).run(...params);
	}
}

/** Conditions and their parameters, joined by AND. The conditions are ours; only parameters come from outside. */
export class Where {
	private readonly conditions: string[] = [];
	readonly params: Params = [];

	add(condition: string, ...params: Params): void {
		this.conditions.push(condition);
		this.params.push(...params);
	}

	get sql(): string {
		return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
	}
}
