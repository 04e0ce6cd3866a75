import { LAB_FILE_LIST } from '../../../../demo/bundle';
import type { Engine } from '../../engine';
import { THREAT_DETECTED, reportEvent } from '../../engineScenes';
import type { Scene } from '../scene';
import { lookUp, press } from './console';
import { again, condemn, connectorMissing, contained, everything, HOST, intentErrors, nothing, outcomeOf, pollBoth, pollScene, scored, sweep } from './parts';
import { release } from './release';

const vendor = 'secureEndpoint';
/** One more than a page holds. */
const MANY = 501;

const connector = (engine: Engine) => String(engine.host(HOST).connectorGuid);

const SHA256 = 'a1'.repeat(32);

const fileList = (engine: Engine) => {
	const state = engine.state().vendors.secureEndpoint as unknown as {
		fileLists: { guid: string; files: { sha256: string }[] }[];
	};
	return state.fileLists.find(({ guid }) => guid === LAB_FILE_LIST)?.files.map(({ sha256 }) => sha256);
};

const blockFile = async (engine: Engine) => await press(engine, 'blockObservable', `sha256:${SHA256}`);

export const SECURE_ENDPOINT: Scene[] = [
	pollScene({
		vendor,
		operation: 'event: getMany',
		title: 'Event: Get Many (poll)',
		workflow: 'rtcPollSecureEndpt',
		path: '/v1/events',
		happen: async (engine, many) => {
			for (let count = many ? MANY : 2; count > 0; count--) reportEvent(engine, THREAT_DETECTED);
			engine.time.advance(10_000);
		},
		goal: async (engine) => await scored(engine, vendor, 'hostname', HOST),
	}),
	{
		vendor,
		operation: 'computer: getNetworkAddresses',
		title: 'Computer: Get Network Addresses (contain)',
		calls: (engine) => ({ path: `/v1/computers/${connector(engine)}` }),
		prepare: nothing,
		happen: condemn,
		act: pollBoth,
		next: everything,
		goal: outcomeOf,
		admits: connectorMissing,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'isolation: start',
		title: 'Isolation: Start (contain)',
		calls: (engine) => ({ path: `/v1/computers/${connector(engine)}/isolation` }),
		prepare: nothing,
		happen: condemn,
		act: pollBoth,
		next: everything,
		goal: outcomeOf,
		admits: connectorMissing,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'isolation: stop',
		title: 'Isolation: Stop (release)',
		calls: (engine) => ({ path: `/v1/computers/${connector(engine)}/isolation` }),
		prepare: contained,
		happen: nothing,
		act: release,
		next: sweep,
		goal: outcomeOf,
		told: intentErrors,
	},
	{
		vendor,
		operation: 'fileList: addFile',
		title: 'File List: Add File (console)',
		calls: () => ({ path: '/v1/file_lists/*' }),
		prepare: nothing,
		happen: nothing,
		act: blockFile,
		next: again(blockFile),
		goal: async (engine) => fileList(engine),
	},
	{
		vendor,
		operation: 'computer: get',
		title: 'Computer: Get (console)',
		calls: (engine) => ({ path: `/v1/computers/${connector(engine)}` }),
		prepare: contained,
		happen: nothing,
		...lookUp((context) => (context.computers as unknown[]).length),
	},
];
