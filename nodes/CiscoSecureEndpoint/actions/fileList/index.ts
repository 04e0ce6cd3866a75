import type { SecureEndpointResource } from '../fields';
import { addFile } from './addFile';
import { getItems } from './getItems';
import { getMany } from './getMany';
import { removeFile } from './removeFile';

export const fileList: SecureEndpointResource = {
	option: { name: 'File List', value: 'fileList' },
	operations: [addFile, getItems, getMany, removeFile],
	defaultOperation: 'getMany',
};
