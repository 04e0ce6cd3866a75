import type { IDataObject } from 'n8n-workflow';
import { jobOptions, timeWindow } from '../../parameters';
import { reportTime, upToSecond } from '../../times';
import { runJob, TOP_CONVERSATIONS } from '../../transport/jobs';
import {
	ipAddressField,
	optionsField,
	timeFields,
	waitOption,
	type Execute,
	type NetworkAnalyticsOperation,
} from '../fields';
import { hostAddress } from './hostAddress';

const execute: Execute = async function (client, itemIndex) {
	const { from, to } = timeWindow(this, itemIndex);
	const body = {
		startTime: reportTime(from),
		endTime: reportTime(upToSecond(to)),
		subject: { ipAddresses: { includes: [hostAddress(this, itemIndex)], excludes: [] } },
		maxRows: this.getNodeParameter('limit', itemIndex) as number,
	};
	const { results } = await runJob(this, client, TOP_CONVERSATIONS, body, jobOptions(this, itemIndex));
	return Array.isArray(results) ? (results as IDataObject[]) : [];
};

/** POST …/flow-reports/top-conversations/queries, its state, and its results */
export const getTopConversations: NetworkAnalyticsOperation = {
	option: {
		name: 'Get Top Conversations',
		value: 'getTopConversations',
		description: 'Get the conversations of a host that moved most data',
		action: 'Get top conversations of a host',
	},
	fields: [
		ipAddressField,
		...timeFields,
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
		},
		optionsField(waitOption),
	],
	execute,
};
