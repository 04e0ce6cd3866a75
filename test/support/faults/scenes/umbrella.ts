import { LAB_BLOCK_LIST } from '../../../../demo/bundle';
import type { Engine } from '../../engine';
import type { Scene } from '../scene';
import { press } from './console';
import { again, HOST, nothing, pollScene, scored } from './parts';

const vendor = 'umbrella';
/** One more than a page holds. */
const MANY = 1_001;

const blockList = (engine: Engine) => {
	const state = engine.state().vendors as unknown as {
		umbrella: { destinationLists: { id: number; destinations: { destination: string }[] }[] };
	};
	const list = state.umbrella.destinationLists.find(({ id }) => String(id) === LAB_BLOCK_LIST);
	return list?.destinations.map(({ destination }) => destination);
};

const blockDomain = async (engine: Engine) => await press(engine, 'blockObservable', 'domain:c2.example');

export const UMBRELLA: Scene[] = [
	pollScene({
		vendor,
		operation: 'activity: getMany',
		title: 'Activity: Get Many (poll)',
		workflow: 'rtcPollUmbrella',
		path: '/reports/v2/*',
		happen: async (engine, many) => {
			for (let index = 0; index < (many ? MANY : 2); index++) {
				const data = { domain: `phish-${index}.example`, categories: ['Phishing'], verdict: 'blocked' };
				engine.lab.lab.emit({ vendor, hostname: HOST, type: 'dns', data });
				if (index % 100 === 0) engine.time.advance(1_000);
			}
			engine.time.advance(10_000);
		},
		goal: async (engine) => await scored(engine, vendor, 'hostname', HOST),
	}),
	{
		vendor,
		operation: 'destination: add',
		title: 'Destination: Add (console)',
		calls: () => ({ path: '/policies/v2/*' }),
		prepare: nothing,
		happen: nothing,
		act: blockDomain,
		next: again(blockDomain),
		goal: async (engine) => blockList(engine),
	},
];
