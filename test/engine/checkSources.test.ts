import { Engine } from '../support/engine';
import { health } from '../../nodes/RtcConsole/pages/health';
import { messagesOf, misdeedsOf, reportCallback, sceneOf } from '../support/engineScenes';
import { detection } from '../unit/ledger/helpers';
import { shown } from '../unit/nodes/RtcConsole/pages/pageContext';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => {
	await engine.reset();
	await engine.runWell('rtcPollUmbrella');
});
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

const MINUTE_MS = 60_000;

function umbrellaIsDown(): void {
	engine.fault({ vendor: 'umbrella', kind: 'status', status: 503, path: '/reports/*' });
}

/** A failed poll per minute, as its schedule does; Report errors tells of the first. */
async function failPolls(count: number): Promise<void> {
	for (let i = 0; i < count; i++) {
		engine.time.advance(MINUTE_MS);
		await engine.run('rtcPollUmbrella');
	}
}

/** Umbrella has reported something every half an hour. */
async function rememberUmbrella(days: number): Promise<void> {
	const nowMs = Date.now();
	const detections = Array.from({ length: days * 48 }, (_, i) => detection({ source: 'umbrella', penalty: 0, atMs: nowMs - i * 30 * MINUTE_MS }));
	await engine.ledger.score(detections, { actor: { name: 'test' } });
}

async function pollAndCheck(): Promise<void> {
	await engine.runWell('rtcPollUmbrella');
	await engine.runWell('rtcCheckSources');
}

const consoleShows = async (title: string) => (await shown(health, { ledger: engine.ledger, nowMs: Date.now() })).text.includes(title);

const alarms = () => sceneOf(engine).messages.filter((text) => text.includes('Source '));

describe('Check sources', () => {
	it('says nothing while polls go well', async () => {
		await engine.runWell('rtcCheckSources');
		expect(sceneOf(engine).messages).toEqual([]);
	});

	it('raises one alarm for a source that fails, and clears it when it is back', async () => {
		umbrellaIsDown();
		await failPolls(2);
		await engine.runWell('rtcCheckSources');
		expect(alarms()).toEqual([]);

		await failPolls(2);
		await engine.runWell('rtcCheckSources');
		await failPolls(6);
		await engine.runWell('rtcCheckSources');
		expect(alarms()).toEqual(['Source umbrella cannot be read']);
		expect(messagesOf(engine).find(({ text }) => text.includes('Source umbrella'))?.text).toContain('Umbrella answered 503');

		engine.lab.lab.clearFaults();
		engine.time.advance(MINUTE_MS);
		await engine.runWell('rtcPollUmbrella');
		await engine.runWell('rtcCheckSources');
		await engine.runWell('rtcCheckSources');
		expect(alarms()).toEqual(['Source umbrella cannot be read', 'Over: Source umbrella cannot be read']);
	});

	it('raises one alarm for a source that is silent beyond its rhythm, in Webex and in the console, and clears both', async () => {
		await rememberUmbrella(9);
		await pollAndCheck();
		expect([alarms(), await consoleShows('Source umbrella is silent')]).toEqual([[], false]);

		for (let minutes = 0; minutes < 130; minutes += 5) {
			engine.time.advance(5 * MINUTE_MS);
			await pollAndCheck();
		}
		expect([alarms(), await consoleShows('Source umbrella is silent')]).toEqual([['Source umbrella is silent'], true]);

		reportCallback(engine);
		engine.time.advance(10_000);
		await pollAndCheck();
		await pollAndCheck();
		expect([alarms(), await consoleShows('Source umbrella is silent')]).toEqual([['Source umbrella is silent', 'Over: Source umbrella is silent'], false]);
	});

	it('raises one alarm when two runs overlap', async () => {
		umbrellaIsDown();
		await failPolls(3);
		await Promise.all([engine.run('rtcCheckSources'), engine.run('rtcCheckSources')]);
		expect(alarms()).toHaveLength(1);
	});

	it('raises an alarm when the poll does not run at all', async () => {
		engine.time.advance(20 * MINUTE_MS);
		await engine.runWell('rtcCheckSources');
		expect(alarms()).toEqual(['Source umbrella cannot be read']);
	});

	it('tells later what Webex did not take', async () => {
		engine.time.advance(20 * MINUTE_MS);
		engine.fault({ vendor: 'webex', kind: 'status', status: 503 });
		const [failed] = await engine.run('rtcCheckSources');
		expect(failed.error?.message).toContain('Webex answered 503');
		engine.lab.lab.clearFaults();
		engine.time.advance(5 * MINUTE_MS);
		await engine.runWell('rtcCheckSources');
		expect(alarms()).toHaveLength(1);
	});
});

it('a poll that failed leaves the cursor where it was', async () => {
	const options = { overlapSeconds: 0, firstLookbackSeconds: 3600 };
	const { position } = await engine.ledger.getCursor('umbrella', options);
	umbrellaIsDown();
	await failPolls(1);
	expect((await engine.ledger.getCursor('umbrella', options)).position).toBe(position);
});
