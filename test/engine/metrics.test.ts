import { Engine } from '../support/engine';
import { HOST, compromise, misdeedsOf, sceneOf } from '../support/engineScenes';
import { problemsOf, valuesOf } from '../support/promText';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

/** What the workflow answers. */
async function scrape(): Promise<string> {
	const [execution] = await engine.runWell('rtcMetrics');
	const [{ text, contentType }] = execution.output('Answer');
	expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
	return text as string;
}

const value = (text: string, name: string, labels: Record<string, string> = {}) =>
	valuesOf(text, `cisco_rtc_${name}`).find((sample) => Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted))?.value;

const umbrellaCalls = (text: string, status: string) => value(text, 'api_calls_total', { product: 'Cisco Umbrella', status }) ?? 0;
const journalled = (status: number) => engine.journal({ vendor: 'umbrella', limit: 1000 }).filter((entry) => entry.status === status).length;

describe('Metrics', () => {
	it('is a text without mistakes on an empty ledger', async () => expect(problemsOf(await scrape())).toEqual([]));

	it('tells of a containment from the event to the vendors', async () => {
		await compromise(engine);
		expect(sceneOf(engine).isolation).toBe('isolated');
		const text = await scrape();
		expect(problemsOf(text)).toEqual([]);
		expect(value(text, 'detections_total', { source: 'secureEndpoint' })).toBeGreaterThan(0);
		expect(value(text, 'score_to_containment_seconds_count', { decision: 'automatic' })).toBe(1);
		expect(value(text, 'occurrence_to_containment_seconds_count', { decision: 'automatic' })).toBe(1);
		expect(value(text, 'intents', { state: 'done' })).toBeGreaterThan(0);
		expect(value(text, 'poll_to_score_seconds_count', { source: 'secureEndpoint' })).toBe(value(text, 'detections_total', { source: 'secureEndpoint' }));
		expect(engine.host(HOST)).toBeDefined();
	});

	it('counts calls as the vendor counted them, those it throttled too', async () => {
		const before = await scrape();
		engine.fault({ vendor: 'umbrella', kind: 'status', status: 429, path: '/reports/*', times: 2 });
		await engine.runWell('rtcPollUmbrella');
		const after = await scrape();
		for (const status of [200, 429]) expect([status, umbrellaCalls(after, String(status)) - umbrellaCalls(before, String(status))]).toEqual([status, journalled(status)]);
		expect(journalled(429)).toBe(2);
		expect((value(after, 'api_throttled_total', { product: 'Cisco Umbrella' }) ?? 0) - (value(before, 'api_throttled_total', { product: 'Cisco Umbrella' }) ?? 0)).toBe(2);
		expect(value(after, 'api_budget_remaining', { product: 'Cisco Umbrella' })).toBeGreaterThanOrEqual(0);
	});

	it('changes nothing', async () => {
		await engine.runWell('rtcPollUmbrella');
		const before = await engine.ledger.getMetrics();
		const calls = engine.journal({ limit: 1000 }).length;
		await scrape();
		await scrape();
		expect((await engine.ledger.getMetrics()).auditLength).toBe(before.auditLength);
		expect(engine.journal({ limit: 1000 })).toHaveLength(calls);
	});
});
