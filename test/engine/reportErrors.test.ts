import { Engine } from '../support/engine';
import { misdeedsOf, sceneOf } from '../support/engineScenes';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => {
	await engine.reset();
	startOfHour();
});
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

const HOUR_MS = 3_600_000;

function startOfHour(): void {
	engine.time.advance(HOUR_MS - (Date.now() % HOUR_MS));
}

describe('Report errors', () => {
	it('tells of an error once an hour', async () => {
		engine.fault({ vendor: 'secureEndpoint', kind: 'status', status: 503, path: '/v1/events' });
		await engine.run('rtcPollSecureEndpt');
		await engine.run('rtcPollSecureEndpt');
		expect(sceneOf(engine).messages).toEqual(['Workflow Poll Secure Endpoint failed']);

		startOfHour();
		await engine.run('rtcPollSecureEndpt');
		expect(sceneOf(engine).messages).toHaveLength(2);
	});

	it('says what failed and where', async () => {
		engine.fault({ vendor: 'umbrella', kind: 'status', status: 500, path: '/reports/*' });
		await engine.run('rtcPollUmbrella');
		const { text } = (engine.state().vendors.webex.messages as unknown as { text: string }[])[0];
		expect(text).toContain('Umbrella answered 500');
		expect(text).toContain('The source was not read');
		expect(text).toContain('Node: Say what was not scored');
	});

	it('tells of the same node in two workflows twice', async () => {
		engine.fault({ vendor: 'secureEndpoint', kind: 'status', status: 503, path: '/v1/events' });
		engine.fault({ vendor: 'umbrella', kind: 'status', status: 503, path: '/reports/*' });
		await engine.run('rtcPollSecureEndpt');
		await engine.run('rtcPollUmbrella');
		expect(sceneOf(engine).messages).toEqual([
			'Workflow Poll Secure Endpoint failed',
			'Workflow Poll Umbrella failed',
		]);
	});

	it('goes on when n8n has no room for another error', async () => {
		const failure = (name: string) => ({ workflow: { id: name, name }, execution: { id: '1', error: { message: 'x' } } });
		const thousand = Array.from({ length: 1000 }, (_, index) => failure(`Workflow ${index}`));
		await engine.run('rtcReportErrors', thousand, { 'Post to Webex': [{}] });

		for (const name of ['One more', 'The next', 'The next']) await engine.runWell('rtcReportErrors', [failure(name)]);
		expect(sceneOf(engine).messages).toEqual(['Workflow One more failed', 'Workflow The next failed']);
	});

	it('keeps an error that could not be told for the next time', async () => {
		engine.fault({ vendor: 'webex', kind: 'status', status: 503 });
		engine.fault({ vendor: 'secureEndpoint', kind: 'status', status: 503, path: '/v1/events' });
		const [, untold] = await engine.run('rtcPollSecureEndpt');
		expect(untold.error?.message).toContain('Webex answered 503');
		engine.lab.lab.clearFaults();

		engine.fault({ vendor: 'secureEndpoint', kind: 'status', status: 503, path: '/v1/events' });
		await engine.run('rtcPollSecureEndpt');
		expect(sceneOf(engine).messages).toEqual(['Workflow Poll Secure Endpoint failed']);
	});
});
