import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../shared/errors';
import type { TimeWindow } from '../../shared/pollState';
import { parseTime } from '../timeWindow';

/** "From" and "To" of a report. */
export function timeFields(resource: string, operations: string[], defaultFrom: string): INodeProperties[] {
	const show = { resource: [resource], operation: operations };
	const forms = 'ISO 8601, epoch milliseconds, or relative: -30minutes, -24hours, -7days';
	return [
		{
			displayName: 'From',
			name: 'from',
			type: 'string',
			required: true,
			default: defaultFrom,
			placeholder: 'e.g. 2026-01-31T08:00:00Z',
			description: `Start of the report: ${forms}. Umbrella keeps about 30 days.`,
			displayOptions: { show },
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'string',
			required: true,
			default: 'now',
			placeholder: 'e.g. now',
			description: `End of the report: ${forms}, now`,
			displayOptions: { show },
		},
	];
}

/** @throws NodeOperationError naming the field that can't be understood. */
export function timeWindow(context: IExecuteFunctions, itemIndex: number): TimeWindow {
	const now = Date.now();
	const read = (name: string, label: string): number => {
		const time = parseTime(context.getNodeParameter(name, itemIndex), now, context.getTimezone());
		if (time !== undefined) return time;
		const advice =
			'Enter an ISO 8601 date and time, epoch milliseconds, "now", or a relative time such as -24hours.';
		throw parameterError(context.getNode(), `The time in "${label}" can't be understood`, itemIndex, advice);
	};
	const window = { from: read('from', 'From'), to: read('to', 'To') };
	if (window.from >= window.to) {
		throw parameterError(context.getNode(), '"From" must be earlier than "To"', itemIndex);
	}
	return window;
}
