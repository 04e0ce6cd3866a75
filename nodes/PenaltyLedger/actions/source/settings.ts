import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { SourceSettings } from '../../../../ledger/service';
import { nameList } from '../../helpers/parameters';

/** When a source is in trouble, as options. */
export const settingFields: INodeProperties[] = [
	{
		displayName: 'Failed Polls',
		name: 'failures',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 3,
		description: 'How many polls in a row must fail',
	},
	{
		displayName: 'Minutes Without a Poll',
		name: 'pollGapMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 15,
		description: 'After how many minutes without a successful poll a source that is polled counts as failing',
	},
	{
		displayName: 'Shortest Silence',
		name: 'silenceFloorMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		description: 'A silence of fewer minutes is never an alarm, however busy the source usually is',
	},
];

export const ignoreField: INodeProperties = {
	displayName: 'Sources to Ignore',
	name: 'ignore',
	type: 'string',
	default: '',
	placeholder: 'e.g. umbrella, secureEndpoint',
	description: 'Sources without alarms, separated by commas',
};

/** The options that are filled in. */
export function sourceSettings(context: IExecuteFunctions, itemIndex: number): Partial<SourceSettings> {
	const options = context.getNodeParameter('options', itemIndex, {}) as Partial<Record<keyof SourceSettings, unknown>>;
	const { failures, pollGapMinutes, silenceFloorMinutes, ignore } = options;
	return {
		...(failures !== undefined && { failures: Number(failures) }),
		...(pollGapMinutes !== undefined && { pollGapMinutes: Number(pollGapMinutes) }),
		...(silenceFloorMinutes !== undefined && { silenceFloorMinutes: Number(silenceFloorMinutes) }),
		ignore: nameList(ignore),
	};
}
