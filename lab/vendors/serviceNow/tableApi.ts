import type { LabRequest, LabResponse } from '../../machine/vendor';
import { isObject, jsonBody } from '../shared/body';
import { sliceOf } from '../shared/collections';
import { commaParameter, integerParameter } from '../shared/query';
import type { PathParameters } from '../shared/router';
import { withViolation } from '../shared/violation';
import type { NowAccount } from './accounts';
import { badRequest, invalidTable, NowRefusal, noRecord, notAllowed } from './errors';
import { columnExists, follow, parseQuery } from './query';
import { INSTANCE, renderValue, type Rendering } from './render';
import { TABLES } from './schema';
import type { NowRecord, NowStore } from './store';
import { insertRecord, updateRecord } from './writes';

/** A call of a known account. */
export interface NowCall {
	request: LabRequest;
	params: PathParameters;
	query: URLSearchParams;
	account: NowAccount;
}

export type NowHandler = (call: NowCall) => LabResponse;

const PARAMETERS = [
	'sysparm_query',
	'sysparm_fields',
	'sysparm_limit',
	'sysparm_offset',
	'sysparm_display_value',
	'sysparm_exclude_reference_link',
	'sysparm_input_display_value',
	'sysparm_view',
	'sysparm_no_count',
	'sysparm_suppress_pagination_header',
	'sysparm_suppress_auto_sys_field',
	'sysparm_query_category',
	'sysparm_query_no_domain',
];
const DEFAULT_LIMIT = 10_000;

/** The Table API, after ServiceNow's REST API reference. */
export function registerTableApi(
	store: NowStore,
	on: (method: string, path: string, handler: NowHandler) => void,
) {
	on('GET', '/table/:table', (call) => list(store, call));
	on('POST', '/table/:table', (call) => {
		const table = writableTable(call, 'Insert');
		const record = insertRecord({ store, table, ...writeOf(call) });
		const response = one(store, call, table, record, 201);
		return { ...response, headers: { Location: `${INSTANCE}/api/now/table/${table}/${record.sys_id}` } };
	});
	on('GET', '/table/:table/:sysId', (call) => {
		const table = knownTable(call);
		return one(store, call, table, existing(store, table, call));
	});
	for (const method of ['PUT', 'PATCH']) {
		on(method, '/table/:table/:sysId', (call) => {
			const table = writableTable(call, 'Update');
			const record = existing(store, table, call);
			return one(store, call, table, updateRecord({ store, table, ...writeOf(call) }, record));
		});
	}
	on('DELETE', '/table/:table/:sysId', (call) => {
		const table = writableTable(call, 'Delete');
		store.tables.get(table)!.delete(existing(store, table, call).sys_id);
		return { status: 204 };
	});
	on('GET', '/doc/table/schema', () => ({
		status: 200,
		body: { result: Object.entries(TABLES).map(([value, { label }]) => ({ label, value })) },
	}));
}

function knownTable({ params }: NowCall): string {
	if (!Object.hasOwn(TABLES, params.table)) throw invalidTable(params.table);
	return params.table;
}

function writableTable(call: NowCall, operation: string): string {
	const table = knownTable(call);
	if (!call.account.mayWrite || !TABLES[table].writable) throw notAllowed(operation);
	return table;
}

function existing(store: NowStore, table: string, { params }: NowCall): NowRecord {
	const record = store.row(table, params.sysId);
	if (!record) throw noRecord();
	return record;
}

function writeOf({ request, query, account }: NowCall) {
	const body = jsonBody(request);
	if (body.kind === 'invalid' && body.reason.startsWith('Content-Type')) {
		throw new NowRefusal(415, 'Unsupported Media Type', body.reason, body.reason);
	}
	if (body.kind !== 'json' || !isObject(body.value)) {
		throw badRequest('Exception while reading request', 'The payload is not valid JSON');
	}
	const byDisplay = query.get('sysparm_input_display_value') === 'true';
	return { body: body.value, by: account.user, byDisplay };
}

/** All rows that a list call asks for, with what the instance ignored of it. */
export function find(
	store: NowStore,
	table: string,
	query: URLSearchParams,
): { records: NowRecord[]; ignored: string[] } {
	const encoded = parseQuery(store, table, query.get('sysparm_query') ?? '');
	const pairs = [...query].filter(([name]) => !name.startsWith('sysparm_') && columnExists(table, name));
	const records = store
		.rows(table)
		.filter((record) => encoded.matches(record) && pairs.every(([name, value]) => record[name] === value));
	return { records: encoded.sort(records), ignored: encoded.ignored };
}

function list(store: NowStore, call: NowCall): LabResponse {
	const { query } = call;
	const table = knownTable(call);
	const { records, ignored } = find(store, table, query);
	const limit = integerParameter(query, 'sysparm_limit', { fallback: DEFAULT_LIMIT, min: 1 });
	const offset = integerParameter(query, 'sysparm_offset', { fallback: 0 });
	if (limit === undefined || offset === undefined) {
		throw badRequest('Pagination not supported', 'sysparm_limit and sysparm_offset must be whole numbers');
	}
	const columns = columnsOf(table, query);
	const rendering = renderingOf(query);
	const response: LabResponse = {
		status: 200,
		headers: { 'X-Total-Count': String(records.length), ...pageLinks(call, records.length, limit, offset) },
		body: {
			result: sliceOf(records, offset, limit).map((record) =>
				render(store, table, record, columns, rendering),
			),
		},
	};
	return withViolation(
		withViolation(response, unknownIn(table, query)),
		ignored.length > 0 ? `the instance ignores this part of the query: ${ignored.join(', ')}` : undefined,
	);
}

function one(
	store: NowStore,
	{ query }: NowCall,
	table: string,
	record: NowRecord,
	status = 200,
): LabResponse {
	const result = render(store, table, record, columnsOf(table, query), renderingOf(query));
	return withViolation({ status, body: { result } }, unknownIn(table, query));
}

function render(store: NowStore, table: string, record: NowRecord, columns: string[], rendering: Rendering) {
	return Object.fromEntries(
		columns.map((path) => {
			const target = follow(store, table, record, path);
			return [path, target ? renderValue(store, target.table, target.record, target.column, rendering) : ''];
		}),
	);
}

/** Columns asked for that exist, or all; the instance leaves out unknown ones. */
function columnsOf(table: string, query: URLSearchParams): string[] {
	const asked = commaParameter(query, 'sysparm_fields');
	if (!asked || asked.length === 0) return Object.keys(TABLES[table].columns).sort();
	return asked.filter((path) => columnExists(table, path));
}

function renderingOf(query: URLSearchParams): Rendering {
	const display = query.get('sysparm_display_value') ?? 'false';
	return {
		display: display === 'true' || display === 'all' ? display : 'false',
		withLinks: query.get('sysparm_exclude_reference_link') !== 'true',
	};
}

function unknownIn(table: string, query: URLSearchParams): string | undefined {
	const unknown = [...new Set(query.keys())].filter(
		(name) => !PARAMETERS.includes(name) && !columnExists(table, name),
	);
	return unknown.length > 0 ? `unknown query parameter ${unknown.join(', ')}` : undefined;
}

/** `Link` to the first, previous, next and last page. */
function pageLinks(
	{ request }: NowCall,
	total: number,
	limit: number,
	offset: number,
): Record<string, string> {
	const link = (rel: string, start: number) => {
		const url = new URL(request.url);
		url.searchParams.set('sysparm_limit', String(limit));
		url.searchParams.set('sysparm_offset', String(start));
		return `<${url.href}>;rel="${rel}"`;
	};
	const links = [
		link('first', 0),
		...(offset > 0 ? [link('prev', Math.max(0, offset - limit))] : []),
		...(offset + limit < total ? [link('next', offset + limit)] : []),
		link('last', Math.max(0, Math.ceil(total / limit) - 1) * limit),
	];
	return { Link: links.join(',') };
}
