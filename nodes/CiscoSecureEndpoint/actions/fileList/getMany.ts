import { returnAllFields, simplifyField, wantedCount } from '../../../shared/fields';
import { simpleFileList } from '../../simplify';
import { getMany as getManyPages } from '../../transport/pages';
import { listTypeField, type Execute, type SecureEndpointOperation } from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const type = this.getNodeParameter('listType', itemIndex) as string;
	const name = (this.getNodeParameter('name', itemIndex, '') as string).trim();
	const call = {
		method: 'GET' as const,
		path: `/v1/file_lists/${type}`,
		query: { 'name[]': name || undefined },
		itemIndex,
	};
	const lists = await getManyPages(this, client, call, wantedCount(this, itemIndex));
	return this.getNodeParameter('simplify', itemIndex, true) ? lists.map(simpleFileList) : lists;
};

/** GET /v1/file_lists/simple_custom_detections and /v1/file_lists/application_blocking */
export const getMany: SecureEndpointOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Get many file lists',
		action: 'Get many file lists',
	},
	fields: [
		listTypeField,
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			description: 'Only lists with this name. Empty for all.',
		},
		...returnAllFields('fileList', ['getMany']),
		simplifyField('fileList', ['getMany']),
	],
	execute,
};
