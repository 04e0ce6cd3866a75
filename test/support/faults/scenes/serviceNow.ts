import type { Scene } from '../scene';
import { release } from './release';
import { condemn, contained, everything, intentErrors, nothing, outcomeOf, pollBoth, same, sweep } from './parts';

const vendor = 'serviceNow';

export const SERVICE_NOW: Scene[] = [
	{
		vendor,
		operation: 'tableRecord: getAll',
		title: 'Table Record: Get Many (notify)',
		calls: () => ({ path: '/api/now/table/incident', method: 'GET' }),
		prepare: nothing,
		happen: condemn,
		act: pollBoth,
		next: everything,
		goal: outcomeOf,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'tableRecord: create',
		title: 'Table Record: Create (notify)',
		calls: () => ({ path: '/api/now/table/incident', method: 'POST' }),
		prepare: nothing,
		happen: condemn,
		act: pollBoth,
		next: everything,
		goal: outcomeOf,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'tableRecord: update',
		title: 'Table Record: Update (notify)',
		calls: () => ({ path: '/api/now/table/incident/*' }),
		prepare: contained,
		happen: nothing,
		act: release,
		next: sweep,
		goal: outcomeOf,
		// Work notes are written down and not read: one whose answer is lost comes again.
		admits: async (engine, goal) => {
			const outcome = await outcomeOf(engine);
			const incidents = outcome.incidents.map((notes) => [...new Set(notes)]);
			return same({ ...outcome, incidents }, goal);
		},
		comesTwice: true,
		told: intentErrors,
	},
];
