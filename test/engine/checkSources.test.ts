import { Engine } from '../support/engine';
import { messagesOf, misdeedsOf, sceneOf } from '../support/engineScenes';

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
