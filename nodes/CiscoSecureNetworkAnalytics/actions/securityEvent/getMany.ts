import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import { returnAllFields, wantedCount } from '../../../shared/fields';
import { toDetections } from '../../detections';
import { addressList, internalNetworks, jobOptions, numberList, timeWindow } from '../../parameters';
import { readSecurityEvents, type EventFilter } from '../../securityEvents';
import { typeNames } from '../../typeNames';
import {
	internalNetworksOption,
	optionsField,
	timeFields,
	waitOption,
	type Execute,
	type NetworkAnalyticsOperation,
} from '../fields';

const execute: Execute = async function (client, itemIndex) {
	const options = this.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const networks = chosenNetworks(this, options, itemIndex);
	const events = await readSecurityEvents(
		this,
		client,
		timeWindow(this, itemIndex),
		filterOf(this, itemIndex),
		jobOptions(this, itemIndex),
	);
	const wanted = wantedCount(this, itemIndex);
	if (this.getNodeParameter('output', itemIndex) === 'events') return events.slice(0, wanted);
	const detections = toDetections(events, {
		typeNames: await typeNames(client, events, itemIndex),
		internalNetworks: networks,
		keepRaw: options.includeEvent === true,
	});
	return detections.slice(0, wanted) as unknown as IDataObject[];
};

function chosenNetworks(context: IExecuteFunctions, options: IDataObject, itemIndex: number) {
	try {
		return internalNetworks(options);
	} catch (error) {
		const message = `Internal Networks can't be used: ${(error as Error).message}`;
		throw parameterError(context.getNode(), message, itemIndex);
	}
}

function filterOf(context: IExecuteFunctions, itemIndex: number): EventFilter {
	const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const hosts = (name: string, label: string, type: 'source' | 'target') =>
		addressList(context, filters[name], label, itemIndex).map((ipAddress) => ({ ipAddress, type }));
	return {
		typeIds: numberList(context, filters.eventTypes, 'Event Type Names or IDs', itemIndex),
		hosts: [
			...hosts('sourceAddresses', 'Source IP Addresses', 'source'),
			...hosts('targetAddresses', 'Target IP Addresses', 'target'),
		],
	};
}

/** POST …/security-events/queries, its state, and GET …/security-events/results/{id} */
export const getMany: NetworkAnalyticsOperation = {
	option: {
		name: 'Get Many',
		value: 'getMany',
		description:
			'Get many security events, oldest first, as detections for the Penalty Ledger or as they are',
		action: 'Get many security events',
	},
	fields: [
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			options: [
				{
					name: 'Detections',
					value: 'detections',
					description: 'One form for all products, as the Penalty Ledger takes it',
				},
				{ name: 'Events', value: 'events', description: 'As Secure Network Analytics sends them' },
			],
			default: 'detections',
			description: 'What each item holds',
		},
		...timeFields,
		...returnAllFields('securityEvent', ['getMany']),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Event Type Names or IDs',
					name: 'eventTypes',
					type: 'multiOptions',
					typeOptions: { loadOptionsMethod: 'getEventTypes' },
					default: [],
					description:
						'Only events of these types. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				},
				{
					displayName: 'Source IP Addresses',
					name: 'sourceAddresses',
					type: 'string',
					default: '',
					placeholder: 'e.g. 10.20.0.15',
					description: 'Only events that these hosts caused: one, several with commas between, or an array',
				},
				{
					displayName: 'Target IP Addresses',
					name: 'targetAddresses',
					type: 'string',
					default: '',
					placeholder: 'e.g. 10.20.0.15',
					description: 'Only events that these hosts suffered: one, several with commas between, or an array',
				},
			],
		},
		optionsField(
			{
				displayName: 'Include Event',
				name: 'includeEvent',
				type: 'boolean',
				default: false,
				description: 'Whether each detection carries the event of Secure Network Analytics in its field raw',
			},
			internalNetworksOption,
			waitOption,
		),
	],
	execute,
};
