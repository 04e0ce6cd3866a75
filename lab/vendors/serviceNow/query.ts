import { TABLES } from './schema';
import { displayOf } from './render';
import type { NowRecord, NowStore } from './store';

/** What an encoded query means, and which of its parts the instance ignored. */
export interface EncodedQuery {
	matches(record: NowRecord): boolean;
	sort(records: NowRecord[]): NowRecord[];
	/** Clauses with an unknown column or operator. The instance drops them, so more rows come back than asked. */
	ignored: string[];
}

type Test = (record: NowRecord) => boolean;
type Comparison = (value: string, wanted: string) => boolean;

const CLAUSE =
	/^([a-z0-9_.]+)\s*(ISNOTEMPTY|ISEMPTY|NOT LIKE|NOTLIKE|NOT IN|STARTSWITH|ENDSWITH|LIKE|CONTAINS|IN|!=|>=|<=|=|>|<)([\s\S]*)$/;

const list = (text: string) => text.split(',').map((part) => part.trim());
const compare = (a: string, b: string) =>
	a !== '' && b !== '' && Number.isFinite(Number(a)) && Number.isFinite(Number(b))
		? Number(a) - Number(b)
		: a.localeCompare(b);

const OPERATORS: Record<string, Comparison> = {
	'=': (value, wanted) => value === wanted,
	'!=': (value, wanted) => value !== wanted,
	'>': (value, wanted) => value !== '' && compare(value, wanted) > 0,
	'>=': (value, wanted) => value !== '' && compare(value, wanted) >= 0,
	'<': (value, wanted) => value !== '' && compare(value, wanted) < 0,
	'<=': (value, wanted) => value !== '' && compare(value, wanted) <= 0,
	LIKE: (value, wanted) => value.includes(wanted),
	CONTAINS: (value, wanted) => value.includes(wanted),
	'NOT LIKE': (value, wanted) => !value.includes(wanted),
	NOTLIKE: (value, wanted) => !value.includes(wanted),
	STARTSWITH: (value, wanted) => value.startsWith(wanted),
	ENDSWITH: (value, wanted) => value.endsWith(wanted),
	IN: (value, wanted) => list(wanted).includes(value),
	'NOT IN': (value, wanted) => !list(wanted).includes(value),
	ISEMPTY: (value) => value === '',
	ISNOTEMPTY: (value) => value !== '',
};

const TEXT_OPERATORS = ['LIKE', 'CONTAINS', 'NOT LIKE', 'NOTLIKE', 'STARTSWITH', 'ENDSWITH'];

/**
 * Reads an encoded query (ServiceNow docs, "Encoded query strings"): `^` AND, `^OR` binding to the clause before
 * it, `^NQ` a new query, ORDERBY and ORDERBYDESC, dot-walked columns. Comparison ignores case.
 */
export function parseQuery(store: NowStore, table: string, text: string): EncodedQuery {
	const ignored: string[] = [];
	const orders: { column: string; descending: boolean }[] = [];
	const alternatives = text.split('^NQ').map((part) => {
		const all: Test[][] = [];
		for (const clause of part.split('^').filter((one) => one !== '' && one !== 'EQ')) {
			const order = /^ORDERBY(DESC)?([a-z0-9_.]+)$/.exec(clause);
			if (order) {
				orders.push({ column: order[2], descending: order[1] !== undefined });
				continue;
			}
			const alternative = clause.startsWith('OR');
			const test = testOf(store, table, alternative ? clause.slice(2) : clause);
			if (!test) ignored.push(clause);
			else if (alternative && all.length > 0) all[all.length - 1].push(test);
			else all.push([test]);
		}
		return all;
	});
	return {
		ignored,
		matches: (record) => alternatives.some((all) => all.every((tests) => tests.some((test) => test(record)))),
		sort: (records) =>
			[...records].sort((a, b) => {
				for (const { column, descending } of orders) {
					const order = compare(
						valueAt(store, table, a, column) ?? '',
						valueAt(store, table, b, column) ?? '',
					);
					if (order !== 0) return descending ? -order : order;
				}
				return 0;
			}),
	};
}

function testOf(store: NowStore, table: string, clause: string): Test | undefined {
	const match = CLAUSE.exec(clause);
	if (!match || !columnExists(table, match[1])) return undefined;
	const [, column, operator, wanted] = match;
	const comparison = OPERATORS[operator];
	return (record) => {
		const value = TEXT_OPERATORS.includes(operator)
			? textAt(store, table, record, column)
			: (valueAt(store, table, record, column) ?? '');
		return comparison(value.toLowerCase(), wanted.toLowerCase());
	};
}

/** Whether a column, dot-walked or not, is one of the table's. */
export function columnExists(table: string, path: string): boolean {
	const [first, ...rest] = path.split('.');
	const known = TABLES[table]?.columns[first];
	if (!known) return false;
	if (rest.length === 0) return true;
	return known.reference !== undefined && columnExists(known.reference, rest.join('.'));
}

/** Stored value of a column, following references for a dot-walked one. */
export function valueAt(store: NowStore, table: string, record: NowRecord, path: string): string | undefined {
	const target = follow(store, table, record, path);
	return target?.record[target.column];
}

function textAt(store: NowStore, table: string, record: NowRecord, path: string): string {
	const target = follow(store, table, record, path);
	return target ? displayOf(store, target.table, target.record, target.column) : '';
}

/** The record that holds the last column of a dot-walked path. */
export function follow(
	store: NowStore,
	table: string,
	record: NowRecord,
	path: string,
): { table: string; record: NowRecord; column: string } | undefined {
	const [first, ...rest] = path.split('.');
	if (rest.length === 0) return { table, record, column: first };
	const next = TABLES[table].columns[first]?.reference;
	const target = next ? store.row(next, record[first]) : undefined;
	return next && target ? follow(store, next, target, rest.join('.')) : undefined;
}
