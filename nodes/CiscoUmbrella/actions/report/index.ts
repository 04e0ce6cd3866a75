import type { INodeProperties } from 'n8n-workflow';
import { returnAllFields } from '../../../shared/fields';
import * as getTopIdentities from './getTopIdentities';
import * as getTopThreats from './getTopThreats';
import * as topReport from './topReport';

export const operations = {
	getTopIdentities: getTopIdentities.execute,
	getTopThreats: getTopThreats.execute,
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['report'] } },
		options: [
			{
				name: 'Get Top Identities',
				value: 'getTopIdentities',
				action: 'Get top identities',
				description: 'Get the identities with the most requests',
			},
			{
				name: 'Get Top Threats',
				value: 'getTopThreats',
				action: 'Get top threats',
				description: 'Get the threats with the most requests',
			},
		],
		default: 'getTopThreats',
	},
	...topReport.description,
	...returnAllFields('report', ['getTopIdentities', 'getTopThreats']),
];
