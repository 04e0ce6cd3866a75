import type { IDataObject } from 'n8n-workflow';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { requiredText, segment } from '../../parameters';
import { pages, PAGE_SIZE } from '../../transport/pages';
import { fileListField, listTypeField, type Execute, type SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const list = requiredText(this, 'fileList', 'File List', itemIndex);
	const wanted = wantedCount(this, itemIndex);
	const call = { method: 'GET' as const, path: `/v1/file_lists/${segment(list)}/files`, itemIndex };
	const items: IDataObject[] = [];
	for await (const { data } of pages<{ items?: IDataObject[] }>(
		this,
		client,
		call,
		Math.min(wanted, PAGE_SIZE),
	)) {
		items.push(...(data?.items ?? []));
		if (items.length >= wanted) break;
	}
	return items.slice(0, wanted).map(({ sha256, description, source }) => ({ sha256, description, source }));
};

/** GET /v1/file_lists/{file_list_guid}/files */
export const getItems: SecureEndpointOperation = {
	option: {
		name: 'Get Items',
		value: 'getItems',
		description: 'Get the files on a list',
		action: 'Get items of a file list',
	},
	fields: [listTypeField, fileListField, ...returnAllFields('fileList', ['getItems'])],
	execute,
};
