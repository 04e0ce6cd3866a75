import { send } from '../../../shared/http';
import { requiredText, segment, sha256Of } from '../../parameters';
import { getData } from '../../transport/pages';
import {
	fileListField,
	listTypeField,
	sha256Field,
	type Execute,
	type SecureEndpointOperation,
} from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const fileList = requiredText(this, 'fileList', 'File List', itemIndex);
	const sha256 = sha256Of(this, this.getNodeParameter('sha256', itemIndex), itemIndex);
	const files = `/v1/file_lists/${segment(fileList)}/files`;
	const { status } = await send(this, client, {
		method: 'DELETE',
		path: `${files}/${sha256}`,
		accept: [404],
		itemIndex,
	});
	const wasAbsent = status === 404;
	// The same answer tells of a missing list, which is a mistake of the user: reading the list throws for it.
	if (wasAbsent) await getData(this, client, { method: 'GET', path: files, query: { limit: 1 }, itemIndex });
	return { fileList, sha256, deleted: true, alreadyAbsent: wasAbsent };
};

/** DELETE /v1/file_lists/{file_list_guid}/files/{sha256} */
export const removeFile: SecureEndpointOperation = {
	option: {
		name: 'Remove File',
		value: 'removeFile',
		description: 'Take a file off a list. A file that is not on it is no failure.',
		action: 'Remove a file from a file list',
	},
	fields: [listTypeField, fileListField, sha256Field],
	execute,
};
