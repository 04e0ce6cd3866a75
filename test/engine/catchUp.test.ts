import { Engine, type Execution } from '../support/engine';
import { HOST, misdeedsOf, reportCallback, reportEvent, THREAT_DETECTED } from '../support/engineScenes';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

const recorded = async () => (await engine.ledger.getDetections({ limit: 100 })).items.length;
const spanOf = (execution: Execution) => execution.output('Get cursor')[0] as { from: string; to: string; behind?: boolean };

/** Time goes on until a full hour is so many minutes away. */
function untilMinute(minute: number): void {
	engine.time.advance((HOUR_MS + minute * MINUTE_MS - (Date.now() % HOUR_MS)) % HOUR_MS);
}

function hoard(peerIp: string): void {
	engine.lab.lab.emit({ vendor: 'secureNetworkAnalytics', hostname: HOST, type: 'Suspect Data Loss', data: { peerIp } });
}

describe('after an outage of some hours', () => {
	it('Poll Secure Network Analytics catches up hour by hour, although a search takes minutes', async () => {
		await engine.runWell('rtcPollNetAnalytics');
		for (let hour = 0; hour < 3; hour++) {
			hoard(`203.0.113.${hour}`);
			engine.time.advance(HOUR_MS);
		}
		engine.fault({ vendor: 'secureNetworkAnalytics', kind: 'vendor', name: 'jobsSlow', value: 100 });
		const seen: { behind: boolean; recorded: number }[] = [];
		let before: string | undefined;
		for (let poll = 0; poll < 10 && seen.at(-1)?.behind !== false; poll++) {
			const [execution] = await engine.runWell('rtcPollNetAnalytics');
			const { from, to, behind = false } = spanOf(execution);
			if (before) expect(Date.parse(from)).toBeLessThan(Date.parse(before));
			before = to;
			seen.push({ behind, recorded: await recorded() });
			engine.time.advance(MINUTE_MS);
		}
		expect(seen).toEqual([
			{ behind: true, recorded: 1 },
			{ behind: true, recorded: 2 },
			{ behind: true, recorded: 3 },
			{ behind: false, recorded: 3 },
		]);
	});
});

describe('while a poll is under way', () => {
	it.each([
		['rtcPollSecureEndpt', 'secureEndpoint', '/v1/events'],
		['rtcPollUmbrella', 'umbrella', '/reports/v2/activity*'],
		['rtcPollNetAnalytics', 'secureNetworkAnalytics', '/sw-reporting/v1/tenants/*/security-events/queries'],
	])('%s reads nothing a second time', async (workflow, vendor, path) => {
		await engine.runWell(workflow);
		engine.time.advance(MINUTE_MS);
		const callsOf = async (polls: number) => {
			const since = engine.journal().at(-1)?.seq ?? 0;
			const runs = await Promise.all(Array.from({ length: polls }, async () => await engine.run(workflow)));
			const began = runs.flat().filter((execution) => execution.workflowId === workflow && execution.runsOf('Get detections') > 0);
			engine.time.advance(MINUTE_MS);
			return { began: new Set(began).size, calls: engine.journal({ since, vendor, path, limit: 1_000 }).length };
		};
		const alone = await callsOf(1);
		expect(await callsOf(3)).toEqual(alone);
		expect(alone).toMatchObject({ began: 1 });
	});

	it('a poll that failed keeps nobody waiting', async () => {
		engine.fault({ vendor: 'umbrella', kind: 'status', status: 503, path: '/reports/*' });
		await engine.run('rtcPollUmbrella');
		engine.lab.lab.clearFaults();
		reportCallback(engine);
		engine.time.advance(10_000);
		await engine.runWell('rtcPollUmbrella');
		expect(await recorded()).toBe(1);
	});
});

describe('a laptop that was offline', () => {
	it('has its old events scored once, within an hour of its return', async () => {
		untilMinute(10);
		await engine.runWell('rtcPollSecureEndpt');
		engine.fault({ vendor: 'secureEndpoint', kind: 'vendor', name: 'offline', value: HOST });
		reportEvent(engine, THREAT_DETECTED);
		engine.time.advance(30 * MINUTE_MS);
		await engine.runWell('rtcPollSecureEndpt');
		engine.lab.lab.clearFaults();
		engine.time.advance(MINUTE_MS);
		await engine.runWell('rtcPollSecureEndpt');
		expect(await recorded()).toBe(0);

		untilMinute(0);
		for (let poll = 0; poll < 3; poll++) {
			const [execution] = await engine.runWell('rtcPollSecureEndpt');
			expect(spanOf(execution).behind).toBeUndefined();
			engine.time.advance(MINUTE_MS);
		}
		expect(await recorded()).toBe(1);
		const entity = await engine.ledger.getEntity({ kind: 'hostname', key: HOST });
		expect(entity?.contributions).toHaveLength(1);
	});
});
