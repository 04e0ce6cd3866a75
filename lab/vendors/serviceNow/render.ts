import { CHOICES, TABLES } from './schema';
import type { NowRecord, NowStore } from './store';

export const INSTANCE = 'https://dev00001.service-now.com';

/** How `sysparm_display_value` and `sysparm_exclude_reference_link` ask for values. */
export interface Rendering {
	display: 'true' | 'false' | 'all';
	withLinks: boolean;
}

/** What a person sees for a column: label of a choice, name behind a reference, journal entries newest first. */
export function displayOf(store: NowStore, table: string, record: NowRecord, column: string): string {
	const { type, reference } = TABLES[table].columns[column];
	const value = record[column];
	if (type === 'reference') return store.row(reference!, value)?.[TABLES[reference!].display] ?? '';
	if (type === 'choice') {
		return (
			CHOICES.find((one) => one.table === table && one.column === column && one.value === value)?.label ??
			value
		);
	}
	if (type === 'journal_input') return journalText(store, record.sys_id, column);
	return value;
}

function journalText(store: NowStore, sysId: string, column: string): string {
	const elements = column === 'comments_and_work_notes' ? ['comments', 'work_notes'] : [column];
	return store
		.rows('sys_journal_field')
		.filter((entry) => entry.element_id === sysId && elements.includes(entry.element))
		.reverse()
		.map((entry) => {
			const label = entry.element === 'comments' ? 'Additional comments' : 'Work notes';
			return `${entry.sys_created_on} - ${entry.sys_created_by} (${label})\n${entry.value}\n\n`;
		})
		.join('');
}

/** One value as the Table API writes it. A journal column reads back empty unless its display value is asked for. */
export function renderValue(
	store: NowStore,
	table: string,
	record: NowRecord,
	column: string,
	{ display, withLinks }: Rendering,
): unknown {
	const value = record[column];
	const shown = displayOf(store, table, record, column);
	const { reference } = TABLES[table].columns[column];
	const link = reference && value ? `${INSTANCE}/api/now/table/${reference}/${value}` : undefined;
	if (display === 'all') return { display_value: shown, value, ...(link && withLinks && { link }) };
	if (link && withLinks) return display === 'true' ? { display_value: shown, link } : { link, value };
	return display === 'true' ? shown : value;
}
