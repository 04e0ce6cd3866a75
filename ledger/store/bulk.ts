import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Rows per statement: enough that calling it costs little beside its work. */
const AT_ONCE = 32;

export type BulkVerb = 'INSERT' | 'INSERT OR IGNORE';

/** Inserts small rows, of which calling a statement would cost as much as what it does, several per call. */
export class BulkInsert {
	private readonly many: StatementSync;
	private readonly one: StatementSync;

	/**
	 * @param into Table and columns, e.g. `links (kind, value)`
	 * @param conflict e.g. `ON CONFLICT DO NOTHING`
	 */
	constructor(
		db: DatabaseSync,
		verb: BulkVerb,
		into: string,
		private readonly columns: number,
		conflict = '',
	) {
		const row = `(${Array(columns).fill('?').join(', ')})`;
		this.many = db.prepare(`${verb} INTO ${into} VALUES ${Array(AT_ONCE).fill(row).join(', ')} ${conflict}`);
		this.one = db.prepare(`${verb} INTO ${into} VALUES ${row} ${conflict}`);
	}

	/** @param fill Puts a row's values into the list, from this place on. */
	run<T>(rows: readonly T[], fill: (row: T, values: SQLInputValue[], at: number) => void): void {
		const values = Array<SQLInputValue>(AT_ONCE * this.columns).fill(null);
		let done = 0;
		for (; done + AT_ONCE <= rows.length; done += AT_ONCE) {
			for (let i = 0; i < AT_ONCE; i++) fill(rows[done + i], values, i * this.columns);
			this.many.run(...values);
		}
		values.length = this.columns;
		for (; done < rows.length; done++) {
			fill(rows[done], values, 0);
			this.one.run(...values);
		}
	}
}
