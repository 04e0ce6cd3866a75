import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as applyRetention from './applyRetention';
import * as exportAll from './export';
import * as getMetrics from './getMetrics';
import * as importAll from './import';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['ledger'] } },
	options: [
		{
			name: 'Apply Retention',
			value: 'applyRetention',
			action: 'Apply retention to the ledger',
			description: 'Remove old detections that count for nothing any more; scores stay as they are',
		},
		{
			name: 'Export',
			value: 'export',
			action: 'Export the ledger',
			description: 'Write the whole ledger to a JSON Lines file',
		},
		{
			name: 'Get Metrics',
			value: 'getMetrics',
			action: 'Get metrics of the ledger',
			description: 'Count detections, entities, intents and calls, and see how long things take and what is stuck',
		},
		{
			name: 'Import',
			value: 'import',
			action: 'Import a ledger',
			description: 'Fill an empty ledger from an exported file',
		},
	],
	default: 'getMetrics',
};

export const operations: Resource['operations'] = { applyRetention, export: exportAll, getMetrics, import: importAll };
