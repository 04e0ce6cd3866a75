import { optionalTime } from '../../../shared/parameters';
import { readFlows, snapshotOf } from '../../flows';
import { jobOptions } from '../../parameters';
import {
	ipAddressField,
	optionsField,
	waitOption,
	type Execute,
	type NetworkAnalyticsOperation,
} from '../fields';
import { hostAddress } from './hostAddress';

const MINUTE_MS = 60_000;
const NOBODY = { includes: [], excludes: [] };

const execute: Execute = async function (client, itemIndex) {
	const address = hostAddress(this, itemIndex);
	const at = optionalTime(this, this.getNodeParameter('at', itemIndex, ''), 'At', itemIndex) ?? Date.now();
	const reachMs = (this.getNodeParameter('minutesAround', itemIndex) as number) * MINUTE_MS;
	const recordLimit = this.getNodeParameter('options.recordLimit', itemIndex, 2_000) as number;
	const window = { from: at - reachMs, to: Math.min(at + reachMs, Date.now()) };
	const filter = { subject: { includes: [address], excludes: [] }, peer: NOBODY, recordLimit };
	const flows = await readFlows(this, client, window, filter, jobOptions(this, itemIndex));
	return snapshotOf(address, window, flows, recordLimit);
};

/** From flows: the older host snapshot exists as SOAP only, and not on every release. */
export const getSnapshot: NetworkAnalyticsOperation = {
	option: {
		name: 'Get Snapshot',
		value: 'getSnapshot',
		description: 'Sum up what a host did around a time: with whom it talked, on which ports, and how much',
		action: 'Get a host snapshot',
	},
	fields: [
		ipAddressField,
		{
			displayName: 'At',
			name: 'at',
			type: 'dateTime',
			default: '',
			description: 'Time to look around, for example that of a detection. Empty for now.',
		},
		{
			displayName: 'Minutes Around',
			name: 'minutesAround',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 15,
			description: 'How far to look before and after that time',
		},
		optionsField(
			{
				displayName: 'Record Limit',
				name: 'recordLimit',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 2000,
				description: 'Max number of flows to sum up',
			},
			waitOption,
		),
	],
	execute,
};
