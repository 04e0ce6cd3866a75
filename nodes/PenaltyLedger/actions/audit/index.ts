import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as closeSegment from './closeSegment';
import * as exportSegment from './exportSegment';
import * as getMany from './getMany';
import * as verify from './verify';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['audit'] } },
	options: [
		{
			name: 'Close Segment',
			value: 'closeSegment',
			action: 'Close a segment of the audit trail',
			description: 'Remove records that were exported; a record with their last hash and who signed it off stays',
		},
		{
			name: 'Export Segment',
			value: 'exportSegment',
			action: 'Export the oldest segment of the audit trail',
			description: 'Write the records that are older than some days to a file, after their hashes were checked',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many audit records',
			description: 'Search who changed what, when and why',
		},
		{
			name: 'Verify',
			value: 'verify',
			action: 'Verify the audit trail',
			description: 'Walk the whole chain and find the first record that was tampered with',
		},
	],
	default: 'getMany',
};

export const operations: Resource['operations'] = { closeSegment, exportSegment, getMany, verify };
