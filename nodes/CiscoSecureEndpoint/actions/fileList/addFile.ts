import { sendForJson } from '../../../shared/http';
import { requiredText, segment, sha256Of } from '../../parameters';
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
	const description = this.getNodeParameter('description', itemIndex, '') as string;
	const { status } = await sendForJson(this, client, {
		method: 'POST',
		path: `/v1/file_lists/${segment(fileList)}/files/${sha256}`,
		body: description ? { description } : {},
		accept: [409],
		idempotent: true,
		itemIndex,
	});
	return { fileList, sha256, added: status !== 409, alreadyListed: status === 409 };
};

/** POST /v1/file_lists/{file_list_guid}/files/{sha256} */
export const addFile: SecureEndpointOperation = {
	option: {
		name: 'Add File',
		value: 'addFile',
		description: 'Put a file on a list by its hash. A file that is on it already is left as it is.',
		action: 'Add a file to a file list',
	},
	fields: [
		listTypeField,
		fileListField,
		sha256Field,
		{
			displayName: 'Description',
			name: 'description',
			type: 'string',
			default: '',
			description: 'Why the file is on the list, e.g. the number of the incident',
		},
	],
	execute,
};
