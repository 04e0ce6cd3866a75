import { isObject } from '../shared/body';
import { NowRefusal } from './errors';
import { CHOICES, priorityOf, TABLES, type Column } from './schema';
import type { NowRecord, NowStore } from './store';

const RESOLVED = '6';
const CLOSED = ['7', '8'];
const TASKS = ['incident', 'sn_si_incident'];
const PROTECTED = /^sys_(id|created|updated|mod_count)/;

interface Write {
	store: NowStore;
	table: string;
	body: Record<string, unknown>;
	/** User name of the caller. */
	by: string;
	/** `sysparm_input_display_value=true`: labels and names are taken for values. */
	byDisplay: boolean;
}

/** Inserts what the caller sent, by the rules of the table. */
export function insertRecord(write: Write): NowRecord {
	const { store, table, by } = write;
	const values = readValues(write);
	const { numberPrefix } = TABLES[table];
	if (numberPrefix) values.number = store.nextNumber(numberPrefix);
	if (TASKS.includes(table)) {
		values.sys_class_name = table;
		values.opened_at = store.timestamp();
		values.opened_by = store.rows('sys_user').find((user) => user.user_name === by)?.sys_id ?? '';
		checkClosing(table, { ...values });
	}
	const record = store.insert(table, values, by);
	applyRules(write, record, { ...record, state: '' });
	writeJournal(write, record);
	return record;
}

/** Changes a record by what the caller sent, by the rules of the table. */
export function updateRecord(write: Write, record: NowRecord): NowRecord {
	const { store, table, by } = write;
	const values = readValues(write);
	const before = { ...record };
	checkClosing(table, { ...record, ...values }, before);
	Object.assign(record, values, {
		sys_updated_on: store.timestamp(),
		sys_updated_by: by,
		sys_mod_count: String(Number(record.sys_mod_count) + 1),
	});
	applyRules(write, record, before);
	writeJournal(write, record);
	return record;
}

/** Values for known columns; the instance drops all others without a word. */
function readValues({ store, table, body, byDisplay }: Write): NowRecord {
	const values: NowRecord = {};
	for (const [name, given] of Object.entries(body)) {
		const column = TABLES[table].columns[name];
		if (!column || column.type === 'journal_input' || PROTECTED.test(name) || name === 'number') continue;
		values[name] = storedValue(store, table, name, column, given, byDisplay);
	}
	return values;
}

function storedValue(
	store: NowStore,
	table: string,
	name: string,
	column: Column,
	given: unknown,
	byDisplay: boolean,
): string {
	const text = textOf(given);
	if (column.type === 'reference') return referenced(store, column.reference!, text);
	if (column.type === 'choice' && byDisplay) {
		return (
			CHOICES.find((one) => one.table === table && one.column === name && one.label === text)?.value ?? text
		);
	}
	return text;
}

function textOf(given: unknown): string {
	if (given === null || given === undefined) return '';
	if (isObject(given)) return textOf(given.value);
	return typeof given === 'string'
		? given
		: typeof given === 'object'
			? JSON.stringify(given)
			: String(given);
}

/** sys_id of the referenced record, by sys_id, user name or display value; empty when there is none. */
function referenced(store: NowStore, table: string, text: string): string {
	if (text === '' || store.row(table, text)) return text;
	const { display } = TABLES[table];
	return store.rows(table).find((row) => row.user_name === text || row[display] === text)?.sys_id ?? '';
}

/** Data policy of the base system: an incident can't be resolved or closed without code and notes. */
function checkClosing(table: string, next: NowRecord, before?: NowRecord): void {
	if (table !== 'incident' || next.state === before?.state) return;
	if (next.state !== RESOLVED && next.state !== '7') return;
	const missing = [
		['close_code', 'Resolution code'],
		['close_notes', 'Resolution notes'],
	].filter(([name]) => !next[name]);
	if (missing.length === 0) return;
	const labels = missing.map(([, label]) => label).join(', ');
	throw new NowRefusal(
		403,
		'Operation Failed',
		`Data Policy Exception: The following fields are mandatory: ${labels}`,
	);
}

function applyRules({ store, table, by }: Write, record: NowRecord, before: NowRecord): void {
	if (TASKS.includes(table)) record.priority = priorityOf(record.impact, record.urgency);
	if (table === 'sys_user' && !record.name) record.name = `${record.first_name} ${record.last_name}`.trim();
	if (table !== 'incident') return;
	record.incident_state = record.state;
	record.active = String(!CLOSED.includes(record.state));
	if (record.state === before.state) return;
	const user = store.rows('sys_user').find((row) => row.user_name === by)?.sys_id ?? '';
	if (record.state === RESOLVED) Object.assign(record, { resolved_at: store.timestamp(), resolved_by: user });
	if (CLOSED.includes(record.state)) Object.assign(record, { closed_at: store.timestamp(), closed_by: user });
}

/** Work notes and comments are entries of their own; the record itself keeps nothing of them. */
function writeJournal({ store, table, body, by }: Write, record: NowRecord): void {
	for (const element of ['work_notes', 'comments']) {
		const value = TABLES[table].columns[element] ? textOf(body[element]) : '';
		if (value)
			store.insert('sys_journal_field', { name: table, element, element_id: record.sys_id, value }, by);
	}
}
