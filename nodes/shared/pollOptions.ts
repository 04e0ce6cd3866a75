import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { PollSettings } from './pollTrigger';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How a trigger's descriptions call things. */
interface Words {
	/** What is asked, e.g. "the manager". */
	source: string;
	/** What it may be silent of, e.g. "event". */
	reported: string;
	/** What may come late, e.g. "events that the manager reports late". */
	late: string;
}

/** The options of a trigger that polls: when to read, and when to raise an alarm. In order of their names, with others. */
export function pollOptions(
	{ source, reported, late }: Words,
	others: readonly INodeProperties[],
): INodeProperties[] {
	const options: INodeProperties[] = [
		{
			displayName: 'Alarm After (Minutes)',
			name: 'alarmAfterMinutes',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 15,
			description: `How long ${source} may be out of reach before the workflow fails, so that its error workflow tells somebody`,
		},
		{
			displayName: 'Alarm When Silent (Hours)',
			name: 'silentHours',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description: `How long no ${reported} may come before the workflow fails once. 0 means for ever.`,
		},
		{
			displayName: 'First Look-Back (Minutes)',
			name: 'lookbackMinutes',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 5,
			description: 'How far the first poll looks back',
		},
		{
			displayName: 'Overlap (Minutes)',
			name: 'overlapMinutes',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 15,
			description: `How far each poll reads again, for ${late}`,
		},
	];
	return [...options, ...others].sort((a, b) => (a.displayName < b.displayName ? -1 : 1));
}

/** What the user chose in {@link pollOptions}. */
export function pollSettings(options: IDataObject): PollSettings {
	const {
		overlapMinutes = 15,
		lookbackMinutes = 5,
		alarmAfterMinutes = 15,
		silentHours = 0,
	} = options as Record<string, number | undefined>;
	return {
		overlapMs: overlapMinutes * MINUTE,
		lookbackMs: lookbackMinutes * MINUTE,
		alarmAfterMs: alarmAfterMinutes * MINUTE,
		silentAfterMs: silentHours * HOUR,
	};
}
