import type { Scene } from '../scene';
import { lookUp } from './console';
import { contained, HOST, nothing, pollScene, scored } from './parts';

const vendor = 'secureNetworkAnalytics';

export const SECURE_NETWORK_ANALYTICS: Scene[] = [
	pollScene({
		vendor,
		operation: 'securityEvent: getMany',
		title: 'Security Event: Get Many (poll)',
		workflow: 'rtcPollNetAnalytics',
		path: '/sw-reporting/v1/*',
		happen: async (engine) => {
			for (const peerIp of ['203.0.113.80', '203.0.113.81']) {
				const data = { peerIp, mac: true };
				engine.lab.lab.emit({ vendor, hostname: HOST, type: 'Suspect Data Loss', data });
			}
			engine.time.advance(10_000);
		},
		goal: async (engine) => {
			const [{ ip }] = engine.host(HOST).nics.filter(({ connected }) => connected);
			return await scored(engine, vendor, 'ip', String(ip));
		},
	}),
	{
		vendor,
		operation: 'flow: getMany',
		title: 'Flow: Get Many (console)',
		calls: () => ({ path: '/sw-reporting/v2/*' }),
		prepare: contained,
		happen: nothing,
		...lookUp((context) => (context.flows as unknown[]).length > 0),
	},
];
