import type { Scene } from '../scene';
import { macsOf, PERSON, messagesOf } from '../../engineScenes';
import { lookUp } from './console';
import { condemn, contained, everything, HOST, intentErrors, MINUTE_MS, nothing, outcomeOf, pollBoth, sweep, toldInRoom } from './parts';
import { release } from './release';
import { completeIntent } from '../../settle';

const vendor = 'ise';

export const ISE: Scene[] = [
	{
		vendor,
		operation: 'session: find',
		title: 'Session: Find (contain)',
		calls: () => ({ path: '/admin/API/mnt/*' }),
		prepare: nothing,
		happen: condemn,
		act: pollBoth,
		next: everything,
		goal: outcomeOf,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'ancEndpoint: apply',
		title: 'ANC Endpoint: Apply (contain)',
		calls: () => ({ path: '/ers/config/ancendpoint*' }),
		prepare: nothing,
		happen: condemn,
		act: pollBoth,
		next: everything,
		goal: outcomeOf,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'ancEndpoint: clear',
		title: 'ANC Endpoint: Clear (release)',
		calls: () => ({ path: '/ers/config/ancendpoint*' }),
		prepare: contained,
		happen: nothing,
		act: release,
		next: sweep,
		goal: outcomeOf,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'ancEndpoint: get',
		title: 'ANC Endpoint: Get (console)',
		calls: () => ({ path: '/ers/config/ancendpoint*' }),
		prepare: contained,
		happen: nothing,
		...lookUp((context) => (context.sessions as { ancPolicy?: string }[]).map(({ ancPolicy }) => ancPolicy)),
	},
	{
		vendor,
		operation: 'ancEndpoint: getMany',
		title: 'ANC Endpoint: Get Many (reconcile)',
		calls: () => ({ path: '/ers/config/ancendpoint*' }),
		prepare: async (engine) => {
			await contained(engine);
			const { id } = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'test');
			await completeIntent(engine.ledger, id, { actor: PERSON, result: {} });
			engine.time.advance(15 * MINUTE_MS);
		},
		happen: nothing,
		act: async (engine) => await engine.run('rtcReconcileIse'),
		next: { by: 'itself', everyMs: 15 * MINUTE_MS, run: async (engine) => await engine.run('rtcReconcileIse') },
		goal: async (engine) => ({
			told: toldInRoom(engine).filter((text) => text.includes('ISE h')).sort(),
			alarms: (await engine.ledger.getAlarms()).length,
			bound: macsOf(engine).length,
			messages: messagesOf(engine).length > 0,
		}),
	},
];
