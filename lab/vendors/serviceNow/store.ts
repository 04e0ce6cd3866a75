import type { LabContext } from '../../machine/vendor';
import type { WorldHost } from '../../world/world';
import { uuidOf } from '../shared/values';
import { CHOICES, TABLES, type Column } from './schema';

/** Values by column; references hold a sys_id. */
export type NowRecord = Record<string, string>;

/** The instance's database. */
export interface NowStore {
	/** Rows by sys_id, in order of insertion, by table. */
	tables: Map<string, Map<string, NowRecord>>;
	/** Contents of attachments, by sys_id. */
	files: Map<string, Buffer>;
	/** Epoch ms. */
	now(): number;
	/** `YYYY-MM-DD HH:MM:SS` in UTC. */
	timestamp(): string;
	newSysId(): string;
	nextNumber(prefix: string): string;
	rows(table: string): NowRecord[];
	row(table: string, sysId: string): NowRecord | undefined;
	/** Adds a row with the columns' initial values; `values` must be known columns. */
	insert(table: string, values: NowRecord, by: string, sysId?: string): NowRecord;
	/** Adds configuration items and users for hosts that it doesn't have yet. */
	learnHosts(): void;
	reset(): void;
}

const FIRST_NUMBER = 10001;

export function createStore(context: LabContext): NowStore {
	const now = () => context.clock.now('serviceNow');
	const counters = new Map<string, number>();
	const store: NowStore = {
		tables: new Map(),
		files: new Map(),
		now,
		timestamp: () => timestampOf(now()),
		newSysId: () => context.uuid().replaceAll('-', ''),
		nextNumber(prefix) {
			const number = counters.get(prefix) ?? FIRST_NUMBER;
			counters.set(prefix, number + 1);
			return `${prefix}${String(number).padStart(7, '0')}`;
		},
		rows: (table) => [...(store.tables.get(table)?.values() ?? [])],
		row: (table, sysId) => store.tables.get(table)?.get(sysId),
		insert(table, values, by, sysId = store.newSysId()) {
			const record: NowRecord = {
				...initialValues(table),
				...values,
				sys_id: sysId,
				sys_created_on: store.timestamp(),
				sys_created_by: by,
				sys_updated_on: store.timestamp(),
				sys_updated_by: by,
			};
			store.tables.get(table)!.set(sysId, record);
			return record;
		},
		reset() {
			counters.clear();
			store.files.clear();
			for (const name of Object.keys(TABLES)) store.tables.set(name, new Map());
			seed(store);
			store.learnHosts();
		},
		learnHosts: () => context.world.hosts.forEach((host) => learnHost(store, host)),
	};
	store.reset();
	return store;
}

export function timestampOf(epochMs: number): string {
	return new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');
}

function initialValues(table: string): NowRecord {
	const columns: [string, Column][] = Object.entries(TABLES[table].columns);
	return Object.fromEntries(columns.map(([name, { initial }]) => [name, initial]));
}

const sysIdOf = (text: string) => uuidOf(`servicenow ${text}`).replaceAll('-', '');

/** Accounts, groups and descriptions of tables that every new instance has. */
function seed(store: NowStore): void {
	const add = adder(store);
	for (const name of ['itil', 'admin', 'sn_si.basic', 'sn_si.write', 'rest_service']) {
		add('sys_user_role', name, { name });
	}
	add('cmn_department', 'security', { name: 'Security' });
	add('cmdb_ci_service', 'Corporate network', {
		name: 'Corporate network',
		sys_class_name: 'cmdb_ci_service',
	});
	addUser(add, 'rtc.integration', 'RTC Integration', 'rtc.integration@corp.example');
	addUser(add, 'rtc.readonly', 'RTC Readonly', 'rtc.readonly@corp.example');
	const analyst = addUser(add, 'analyst', 'Ana Lyst', 'analyst@corp.example');
	const approver = addUser(add, 'approver', 'Ann Prover', 'approver@corp.example');
	const groups = ['Security Operations', 'Service Desk', 'Network'].map((name) =>
		add('sys_user_group', name, { name, description: `${name} team` }),
	);
	for (const member of [analyst, approver]) {
		add('sys_user_grmember', member, { group: groups[0], user: member });
	}
	describeTables(add);
}

type Add = (table: string, key: string, values: NowRecord) => string;

/** Inserts with a sys_id that every new lab gives to the same key. */
function adder(store: NowStore): Add {
	return (table, key, values) => store.insert(table, values, 'system', sysIdOf(`${table} ${key}`)).sys_id;
}

function addUser(add: Add, userName: string, name: string, email: string): string {
	const [first, ...rest] = name.split(' ');
	const names = { user_name: userName, name, first_name: first, last_name: rest.join(' ') };
	return add('sys_user', userName, { ...names, email });
}

function learnHost(store: NowStore, host: WorldHost): void {
	if (store.row('cmdb_ci', sysIdOf(`cmdb_ci ${host.hostname}`))) return;
	adder(store)('cmdb_ci', host.hostname, {
		name: host.hostname,
		sys_class_name: host.role === 'server' ? 'cmdb_ci_server' : 'cmdb_ci_computer',
		ip_address: host.nics[0]?.ip ?? '',
		mac_address: host.nics[0]?.mac ?? '',
		fqdn: `${host.hostname}.corp.example`,
		os: host.os,
		assigned_to: host.user ? userOf(store, host.user) : '',
	});
}

function userOf(store: NowStore, email: string): string {
	const known = store.rows('sys_user').find((row) => row.email === email);
	const account = email.split('@')[0];
	const name = account.replace(/[._-]/g, ' ').replace(/\b\w/g, (letter) => letter.toUpperCase());
	return known?.sys_id ?? addUser(adder(store), account, name, email);
}

function describeTables(add: Add): void {
	for (const [name, { columns }] of Object.entries(TABLES)) {
		for (const [element, { label, type, reference }] of Object.entries(columns)) {
			const values = { name, element, column_label: label, internal_type: type, reference: reference ?? '' };
			add('sys_dictionary', `${name}.${element}`, values);
		}
	}
	for (const { table, column, value, label, dependent } of CHOICES) {
		const values = { name: table, element: column, value, label, dependent_value: dependent ?? '' };
		add('sys_choice', `${table}.${column}.${value}`, values);
	}
}
