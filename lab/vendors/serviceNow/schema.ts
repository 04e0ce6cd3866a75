/** Type of a column. Values of all of them are strings on the wire. */
export type ColumnType =
	| 'string'
	| 'boolean'
	| 'integer'
	| 'choice'
	| 'glide_date_time'
	| 'journal_input'
	| 'reference';

export interface Column {
	label: string;
	type: ColumnType;
	/** Table that a reference points to. */
	reference?: string;
	/** Value of a new record. */
	initial: string;
}

export interface TableSchema {
	label: string;
	columns: Record<string, Column>;
	/** Column shown for references to this table. */
	display: string;
	/** Prefix of automatic numbers. */
	numberPrefix?: string;
	/** Whether the Table API may insert, change and delete. */
	writable: boolean;
}

/** Values and labels of a choice column; `dependent` is the category of a subcategory. */
export interface Choice {
	table: string;
	column: string;
	value: string;
	label: string;
	dependent?: string;
}

const column = (type: ColumnType, initial = '', reference?: string): Omit<Column, 'label'> => ({
	type,
	initial,
	...(reference && { reference }),
});
const text = (initial?: string) => column('string', initial);
const flag = (initial: string) => column('boolean', initial);
const count = (initial = '') => column('integer', initial);
const choice = (initial = '') => column('choice', initial);
const time = () => column('glide_date_time');
const journal = () => column('journal_input');
const reference = (table: string) => column('reference', '', table);

const SYSTEM_COLUMNS = {
	sys_id: text(),
	sys_created_on: time(),
	sys_created_by: text(),
	sys_updated_on: time(),
	sys_updated_by: text(),
	sys_mod_count: count('0'),
	sys_tags: text(),
};

const TASK_COLUMNS = {
	number: text(),
	sys_class_name: text(),
	active: flag('true'),
	approval: text('not requested'),
	assigned_to: reference('sys_user'),
	assignment_group: reference('sys_user_group'),
	business_service: reference('cmdb_ci_service'),
	cmdb_ci: reference('cmdb_ci'),
	category: choice(),
	subcategory: choice(),
	close_code: choice(),
	close_notes: text(),
	closed_at: time(),
	closed_by: reference('sys_user'),
	comments: journal(),
	work_notes: journal(),
	comments_and_work_notes: journal(),
	company: text(),
	contact_type: choice(),
	correlation_display: text(),
	correlation_id: text(),
	description: text(),
	due_date: time(),
	escalation: choice('0'),
	impact: choice('3'),
	urgency: choice('3'),
	priority: choice('5'),
	severity: choice('3'),
	short_description: text(),
	opened_at: time(),
	opened_by: reference('sys_user'),
	parent: text(),
	reassignment_count: count('0'),
	state: choice('1'),
	time_worked: text(),
	watch_list: text(),
	work_notes_list: text(),
};

const CI_COLUMNS = {
	name: text(),
	sys_class_name: text(),
	ip_address: text(),
	mac_address: text(),
	fqdn: text(),
	assigned_to: reference('sys_user'),
	operational_status: choice('1'),
	os: text(),
	serial_number: text(),
	short_description: text(),
};

type BareColumns = Record<string, Omit<Column, 'label'>>;

function table(
	label: string,
	display: string,
	columns: BareColumns,
	rest: Partial<Pick<TableSchema, 'numberPrefix' | 'writable'>> = {},
): TableSchema {
	const all = Object.entries({ ...columns, ...SYSTEM_COLUMNS });
	return {
		label,
		display,
		columns: Object.fromEntries(all.map(([name, bare]) => [name, { ...bare, label: labelOf(name) }])),
		writable: false,
		...rest,
	};
}

function labelOf(name: string): string {
	const words = name.replace(/^sys_/, '').replaceAll('_', ' ');
	return words[0].toUpperCase() + words.slice(1);
}

/** Tables of the instance, with the columns that the lab plays. */
export const TABLES: Record<string, TableSchema> = {
	incident: table(
		'Incident',
		'number',
		{
			...TASK_COLUMNS,
			caller_id: reference('sys_user'),
			hold_reason: choice(),
			incident_state: choice('1'),
			notify: choice('1'),
			parent_incident: reference('incident'),
			problem_id: text(),
			reopen_count: count('0'),
			resolved_at: time(),
			resolved_by: reference('sys_user'),
			category: choice('inquiry'),
		},
		{ numberPrefix: 'INC', writable: true },
	),
	sn_si_incident: table(
		'Security Incident',
		'number',
		{
			...TASK_COLUMNS,
			state: choice('10'),
			affected_user: reference('sys_user'),
			attack_vector: text(),
			business_criticality: choice('3'),
			confidence_score: text(),
			dest_ip: text(),
			malware_url: text(),
			referrer_url: text(),
			risk_score: count(),
			source_ip: text(),
			substate: choice(),
		},
		{ numberPrefix: 'SIR', writable: true },
	),
	sys_user: table(
		'User',
		'name',
		{
			user_name: text(),
			name: text(),
			first_name: text(),
			last_name: text(),
			email: text(),
			active: flag('true'),
			department: reference('cmn_department'),
			manager: reference('sys_user'),
			phone: text(),
			title: text(),
		},
		{ writable: true },
	),
	sys_user_group: table(
		'Group',
		'name',
		{
			name: text(),
			description: text(),
			email: text(),
			active: flag('true'),
			manager: reference('sys_user'),
		},
		{ writable: true },
	),
	sys_user_grmember: table(
		'Group Member',
		'sys_id',
		{ group: reference('sys_user_group'), user: reference('sys_user') },
		{ writable: true },
	),
	sys_user_role: table('Role', 'name', { name: text(), description: text() }),
	cmdb_ci: table('Configuration Item', 'name', CI_COLUMNS, { writable: true }),
	cmdb_ci_service: table('Business Service', 'name', CI_COLUMNS),
	cmn_department: table('Department', 'name', { name: text(), description: text() }),
	sys_dictionary: table('Dictionary Entry', 'element', {
		name: text(),
		element: text(),
		column_label: text(),
		internal_type: text(),
		reference: text(),
	}),
	sys_choice: table('Choice', 'label', {
		name: text(),
		element: text(),
		label: text(),
		value: text(),
		dependent_value: text(),
	}),
	sys_journal_field: table('Journal Entry', 'element', {
		name: text(),
		element: text(),
		element_id: text(),
		value: text(),
	}),
	sys_attachment: table('Attachment', 'file_name', {
		file_name: text(),
		content_type: text(),
		size_bytes: count(),
		table_name: text(),
		table_sys_id: text(),
		download_link: text(),
	}),
};

const choices = (
	tables: string[],
	name: string,
	labels: Record<string, string>,
	dependent?: string,
): Choice[] =>
	tables.flatMap((tableName) =>
		Object.entries(labels).map(([value, label]) => ({
			table: tableName,
			column: name,
			value,
			label,
			dependent,
		})),
	);

const TASKS = ['incident', 'sn_si_incident'];
const THREE = { 1: '1 - High', 2: '2 - Medium', 3: '3 - Low' };
const INCIDENT_STATES = {
	1: 'New',
	2: 'In Progress',
	3: 'On Hold',
	6: 'Resolved',
	7: 'Closed',
	8: 'Canceled',
};

export const CHOICES: Choice[] = [
	...choices(TASKS, 'impact', THREE),
	...choices(TASKS, 'urgency', THREE),
	...choices(TASKS, 'severity', THREE),
	...choices(TASKS, 'priority', {
		1: '1 - Critical',
		2: '2 - High',
		3: '3 - Moderate',
		4: '4 - Low',
		5: '5 - Planning',
	}),
	...choices(['incident'], 'state', INCIDENT_STATES),
	...choices(['incident'], 'incident_state', INCIDENT_STATES),
	...choices(['sn_si_incident'], 'state', {
		10: 'Draft',
		16: 'Analysis',
		18: 'Contain',
		19: 'Eradicate',
		20: 'Recover',
		100: 'Review',
		3: 'Closed',
		7: 'Cancelled',
	}),
	...choices(['incident'], 'category', {
		inquiry: 'Inquiry / Help',
		software: 'Software',
		hardware: 'Hardware',
		network: 'Network',
		database: 'Database',
		security: 'Security',
	}),
	...choices(['incident'], 'subcategory', { malware: 'Malware', containment: 'Containment' }, 'security'),
	...choices(['incident'], 'hold_reason', {
		1: 'Awaiting Caller',
		3: 'Awaiting Problem',
		4: 'Awaiting Vendor',
	}),
	...choices(['incident'], 'close_code', {
		'Solved (Permanently)': 'Solved (Permanently)',
		'Solved (Work Around)': 'Solved (Work Around)',
		'Not Solved (Not Reproducible)': 'Not Solved (Not Reproducible)',
		'Closed/Resolved by Caller': 'Closed/Resolved by Caller',
	}),
	...choices(['incident'], 'contact_type', {
		email: 'Email',
		phone: 'Phone',
		'self-service': 'Self-service',
		'walk-in': 'Walk-in',
	}),
];

/** Priority that the instance computes from impact and urgency. */
export function priorityOf(impact: string, urgency: string): string {
	const sum = Number(impact) + Number(urgency);
	return sum >= 2 && sum <= 6 ? String(sum - 1) : '4';
}
