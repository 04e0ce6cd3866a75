import { mediaType } from '../shared/body';
import { sliceOf } from '../shared/collections';
import { integerParameter } from '../shared/query';
import { badRequest, invalidTable, noRecord, notAllowed } from './errors';
import { INSTANCE } from './render';
import { TABLES } from './schema';
import type { NowRecord, NowStore } from './store';
import { find, type NowCall, type NowHandler } from './tableApi';

const DEFAULT_LIMIT = 1000;

/** The Attachment API: upload of raw bytes, list, metadata, download, delete. */
export function registerAttachments(
	store: NowStore,
	on: (method: string, path: string, handler: NowHandler) => void,
) {
	const existing = ({ params }: NowCall): NowRecord => {
		const record = store.row('sys_attachment', params.sysId);
		if (!record) throw noRecord();
		return record;
	};
	on('POST', '/attachment/file', (call) => ({ status: 201, body: { result: upload(store, call) } }));
	on('GET', '/attachment', ({ query }) => {
		const { records } = find(store, 'sys_attachment', query);
		const limit = integerParameter(query, 'sysparm_limit', { fallback: DEFAULT_LIMIT, min: 1 });
		const offset = integerParameter(query, 'sysparm_offset', { fallback: 0 });
		if (limit === undefined || offset === undefined) throw badRequest('Pagination not supported');
		return {
			status: 200,
			headers: { 'X-Total-Count': String(records.length) },
			body: { result: sliceOf(records, offset, limit) },
		};
	});
	on('GET', '/attachment/:sysId', (call) => ({ status: 200, body: { result: existing(call) } }));
	on('GET', '/attachment/:sysId/file', (call) => {
		const record = existing(call);
		return {
			status: 200,
			headers: { 'Content-Type': record.content_type },
			body: store.files.get(record.sys_id),
		};
	});
	on('DELETE', '/attachment/:sysId', (call) => {
		if (!call.account.mayWrite) throw notAllowed('Delete');
		const { sys_id: sysId } = existing(call);
		store.tables.get('sys_attachment')!.delete(sysId);
		store.files.delete(sysId);
		return { status: 204 };
	});
}

function upload(store: NowStore, { request, query, account }: NowCall): NowRecord {
	if (!account.mayWrite) throw notAllowed('Insert');
	const [table, owner, fileName] = ['table_name', 'table_sys_id', 'file_name'].map((name) => {
		const value = query.get(name);
		if (!value) throw badRequest('Invalid request', `${name} is missing`);
		return value;
	});
	if (!Object.hasOwn(TABLES, table)) throw invalidTable(table);
	if (!store.row(table, owner)) throw noRecord();
	if (!mediaType(request)) throw badRequest('Invalid request', 'Content-Type is missing');
	const sysId = store.newSysId();
	store.files.set(sysId, request.body);
	const values = {
		file_name: fileName,
		content_type: mediaType(request),
		size_bytes: String(request.body.length),
		table_name: table,
		table_sys_id: owner,
		download_link: `${INSTANCE}/api/now/attachment/${sysId}/file`,
	};
	return store.insert('sys_attachment', values, account.user, sysId);
}
