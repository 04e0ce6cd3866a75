import type { INodeProperties } from 'n8n-workflow';
import { returnAllFields } from '../../../shared/fields';

export const domainField: INodeProperties = {
	displayName: 'Domain',
	name: 'domain',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. bad.example',
};

export const limitFields: INodeProperties[] = returnAllFields('destinationReport', ['getActivity']);
