import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { simplifyField } from '../../../shared/fields';
import { type EndFilter, isSelected, readFlows, simpleFlow } from '../../flows';
import { addressList, jobOptions, numberList, timeWindow } from '../../parameters';
import {
	optionsField,
	timeFields,
	waitOption,
	type Execute,
	type NetworkAnalyticsOperation,
} from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const filters = this.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const filter = {
		subject: endFilter(this, filters, 'subject', 'Subject', itemIndex),
		peer: endFilter(this, filters, 'peer', 'Peer', itemIndex),
		recordLimit: this.getNodeParameter('recordLimit', itemIndex) as number,
		more: moreCriteria(this, filters.query, itemIndex),
	};
	const selection = {
		ports: numberList(this, filters.ports, 'Ports', itemIndex),
		applicationIds: numberList(this, filters.applicationIds, 'Application IDs', itemIndex),
	};
	const window = timeWindow(this, itemIndex);
	const flows = await readFlows(this, client, window, filter, jobOptions(this, itemIndex));
	const selected = flows.filter((flow) => isSelected(flow, selection));
	return this.getNodeParameter('simplify', itemIndex, true) ? selected.map(simpleFlow) : selected;
};

function endFilter(
	context: IExecuteFunctions,
	filters: IDataObject,
	end: 'subject' | 'peer',
	label: string,
	itemIndex: number,
): EndFilter {
	return {
		includes: addressList(context, filters[`${end}Addresses`], `${label} IP Addresses`, itemIndex),
		excludes: addressList(context, filters[`${end}Excluded`], `${label} IP Addresses to Exclude`, itemIndex),
	};
}

function moreCriteria(
	context: IExecuteFunctions,
	value: unknown,
	itemIndex: number,
): IDataObject | undefined {
	if (value === undefined || value === '') return undefined;
	const criteria = typeof value === 'string' ? parsed(value) : value;
	if (typeof criteria === 'object' && criteria !== null && !Array.isArray(criteria)) {
		return criteria as IDataObject;
	}
	throw parameterError(
		context.getNode(),
		'More Criteria is not a JSON object',
		itemIndex,
		'Give the criteria as the body of a flow search has them, for example {"flow": {"flowDirection": "BOTH"}}.',
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** POST …/flows/queries, its state, and GET …/flows/queries/{id}/results */
export const getMany: NetworkAnalyticsOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description: 'Search for flows of a span of time',
		action: 'Get many flows',
	},
	fields: [
		...timeFields,
		{
			displayName: 'Record Limit',
			name: 'recordLimit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1000,
			description: 'Max number of flows that the manager searches out',
		},
		simplifyField('flow', ['getMany']),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Application IDs',
					name: 'applicationIds',
					type: 'string',
					default: '',
					placeholder: 'e.g. 176',
					description:
						'Only flows of these applications, with commas between. Chosen from what the record limit lets through.',
				},
				{
					displayName: 'More Criteria',
					name: 'query',
					type: 'json',
					default: '{}',
					description:
						'Further fields for the body of the search, as <a href="https://developer.cisco.com/docs/stealthwatch/enterprise/">Cisco documents them</a>',
				},
				{
					displayName: 'Peer IP Addresses',
					name: 'peerAddresses',
					type: 'string',
					default: '',
					placeholder: 'e.g. 203.0.113.66',
					description: 'Only flows with these hosts at the other end, with commas between',
				},
				{
					displayName: 'Peer IP Addresses to Exclude',
					name: 'peerExcluded',
					type: 'string',
					default: '',
					description: 'No flows with these hosts at the other end',
				},
				{
					displayName: 'Ports',
					name: 'ports',
					type: 'string',
					default: '',
					placeholder: 'e.g. 445,3389',
					description:
						'Only flows with one of these ports at either end. Chosen from what the record limit lets through.',
				},
				{
					displayName: 'Subject IP Addresses',
					name: 'subjectAddresses',
					type: 'string',
					default: '',
					placeholder: 'e.g. 10.20.0.15',
					description: 'Only flows of these hosts, with commas between',
				},
				{
					displayName: 'Subject IP Addresses to Exclude',
					name: 'subjectExcluded',
					type: 'string',
					default: '',
					description: 'No flows of these hosts',
				},
			],
		},
		optionsField(waitOption),
	],
	execute,
};
