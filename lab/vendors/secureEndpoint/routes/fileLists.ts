import { listParameter } from '../../shared/query';
import { Refusal } from '../../shared/refusal';
import { single } from '../envelope';
import type { FileList, FileListType } from '../estate';
import { answerPage, bodyFields, type Call, PAGING, type Route, sha256Argument, textField } from '../route';

function listLink(call: Call, list: FileList): string {
	return `${call.estate.origin}/v1/file_lists/${list.guid}`;
}

function listView(call: Call, list: FileList): Record<string, unknown> {
	return { name: list.name, guid: list.guid, type: list.type, links: { file_list: listLink(call, list) } };
}

function listOf({ estate, params }: Call): FileList {
	const list = estate.fileLists.find(({ guid }) => guid === params.guid);
	if (!list) throw new Refusal(404, `File list not found: ${params.guid}`);
	return list;
}

function fileView(call: Call, list: FileList, sha256: string): Record<string, unknown> {
	const file = list.files.get(sha256);
	if (!file) throw new Refusal(404, `File not found in list: ${sha256}`);
	return { sha256, ...file, links: { file_list: listLink(call, list) } };
}

function listsOfType(type: FileListType): Route {
	return {
		method: 'GET',
		path: `/file_lists/${type}`,
		query: ['name', 'name[]', ...PAGING],
		handle(call) {
			const names = listParameter(call.query, 'name').map((name) => name.toLowerCase());
			const lists = call.estate.fileLists
				.filter((list) => list.type === type)
				.filter((list) => names.length === 0 || names.includes(list.name.toLowerCase()));
			return answerPage(call, lists, (list) => listView(call, list));
		},
	};
}

const getList: Route = {
	method: 'GET',
	path: '/file_lists/:guid',
	handle: (call) => single(call.url, listView(call, listOf(call))),
};

const listFiles: Route = {
	method: 'GET',
	path: '/file_lists/:guid/files',
	query: PAGING,
	handle(call) {
		const list = listOf(call);
		const policies = call.estate.policies
			.filter((policy) => policy.fileListGuids.includes(list.guid))
			.map(({ name, guid }) => ({
				name,
				guid,
				links: { policy: `${call.estate.origin}/v1/policies/${guid}` },
			}));
		return answerPage(
			call,
			[...list.files.keys()],
			(sha256) => fileView(call, list, sha256),
			(items) => ({ name: list.name, guid: list.guid, policies, items }),
		);
	},
};

const getFile: Route = {
	method: 'GET',
	path: '/file_lists/:guid/files/:sha256',
	handle(call) {
		const sha256 = sha256Argument(call.params.sha256, 'sha256');
		return single(call.url, fileView(call, listOf(call), sha256));
	},
};

const addFile: Route = {
	method: 'POST',
	path: '/file_lists/:guid/files/:sha256',
	writes: true,
	handle(call) {
		const list = listOf(call);
		const sha256 = sha256Argument(call.params.sha256, 'sha256');
		const description = textField(bodyFields(call, ['description']), 'description') ?? '';
		if (list.files.has(sha256)) throw new Refusal(409, `File is already in the list: ${sha256}`);
		list.files.set(sha256, { description, source: 'Created by entering SHA-256 via Public api.' });
		return single(call.url, fileView(call, list, sha256), 201);
	},
};

const removeFile: Route = {
	method: 'DELETE',
	path: '/file_lists/:guid/files/:sha256',
	writes: true,
	handle(call) {
		const list = listOf(call);
		const sha256 = sha256Argument(call.params.sha256, 'sha256');
		if (!list.files.delete(sha256)) throw new Refusal(404, `File not found in list: ${sha256}`);
		return single(call.url, {});
	},
};

export const fileListRoutes: Route[] = [
	listsOfType('simple_custom_detections'),
	listsOfType('application_blocking'),
	getList,
	listFiles,
	getFile,
	addFile,
	removeFile,
];
