import { Engine } from '../support/engine';
import {
	EXECUTED_MALWARE,
	HOST,
	PERSON,
	POTENTIAL_RANSOMWARE,
	QUARANTINE_FAILED,
	THREAT_DETECTED,
	compromise,
	laptops,
	macsOf,
	messagesOf,
	misdeedsOf,
	poll,
	reportCallback,
	reportEvent,
	sceneOf,
} from '../support/engineScenes';

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

const CURSOR = { overlapSeconds: 300, firstLookbackSeconds: 3600 };

/** Penalties of a host by source. */
async function penalties(kind: 'mac' | 'hostname' | 'user', key: string): Promise<Record<string, number[]>> {
	const entity = await engine.ledger.getEntity({ kind, key });
	const given: Record<string, number[]> = {};
	for (const { detection, penalty } of entity?.contributions ?? [])
		(given[detection.source] ??= []).push(penalty);
	return given;
}

describe('Poll Secure Endpoint and Poll Umbrella', () => {
	it('punish every entity of the host for what the products reported', async () => {
		reportEvent(engine, THREAT_DETECTED);
		engine.lab.lab.emit({
			vendor: 'umbrella',
			hostname: HOST,
			type: 'dns',
			data: { domain: 'phish.example', categories: ['Phishing'], verdict: 'blocked' },
		});
		await poll(engine);

		expect(await penalties('hostname', HOST)).toEqual({ secureEndpoint: [25], umbrella: [25] });
		for (const mac of macsOf(engine))
			expect(await penalties('mac', mac)).toMatchObject({ secureEndpoint: [25] });
		expect(await penalties('user', 'charlotte.eriksen.ceo')).toMatchObject({ secureEndpoint: [25] });
		expect(sceneOf(engine)).toEqual({ bound: [], isolation: undefined, messages: [], incidents: [] });
	});

	it('add nothing when they read the same events again', async () => {
		reportEvent(engine, THREAT_DETECTED);
		reportCallback(engine);
		const [first] = await poll(engine);
		const [second] = await poll(engine);

		expect(first.output('Score', 2)).toEqual([{ outcome: 'summary', recorded: 1, unrated: 0, duplicates: 0 }]);
		expect(second.output('Score', 2)).toEqual([{ outcome: 'summary', recorded: 0, unrated: 0, duplicates: 1 }]);
		expect(await penalties('hostname', HOST)).toEqual({ secureEndpoint: [25], umbrella: [50] });
		expect((await engine.ledger.getDetections({ limit: 10 })).items).toHaveLength(2);
	});

	it.each([
		['rtcPollSecureEndpt', 'secureEndpoint'],
		['rtcPollUmbrella', 'umbrella'],
	])('%s keeps how far it read, with and without detections', async (workflow, source) => {
		const [first] = await engine.runWell(workflow);
		const read = first.output('Get cursor')[0].to;
		expect(await engine.ledger.getCursor(source, CURSOR)).toMatchObject({ position: read });

		engine.time.advance(60_000);
		reportEvent(engine, THREAT_DETECTED);
		reportCallback(engine);
		engine.time.advance(5_000);
		const [second] = await engine.runWell(workflow);
		const { position } = await engine.ledger.getCursor(source, CURSOR);
		expect(position).toBe(second.output('Get cursor')[0].to);
		expect(second.output('Score', 2)).toHaveLength(1);
	});

	it.each([
		['rtcPollSecureEndpt', 'secureEndpoint', '/v1/events'],
		['rtcPollUmbrella', 'umbrella', '/reports/*'],
	])('%s reads later what it could not read while the product was down', async (workflow, source, path) => {
		reportEvent(engine, THREAT_DETECTED);
		reportCallback(engine);
		engine.time.advance(5_000);
		engine.fault({ vendor: source, kind: 'status', status: 503, path });
		const [failed] = await engine.run(workflow);
		expect(failed.error).toBeDefined();
		expect((await engine.ledger.getCursor(source, CURSOR)).position).toBeUndefined();

		engine.lab.lab.clearFaults();
		engine.time.advance(60_000);
		await engine.runWell(workflow);
		expect((await engine.ledger.getDetections({ limit: 10 })).items).toHaveLength(1);
	});

	it('ask a person when only one source condemns the host', async () => {
		reportEvent(engine, EXECUTED_MALWARE);
		reportEvent(engine, QUARANTINE_FAILED);
		const executions = await poll(engine);
		expect(executions.map(({ workflowId }) => workflowId)).toContain('rtcNotify');
		expect(sceneOf(engine)).toMatchObject({
			bound: [],
			isolation: undefined,
			messages: [`Approval needed to contain ${HOST}`],
			incidents: [{ notes: [] }],
		});
	});

	it('ask once for the approval of several hosts', async () => {
		const hostnames = [HOST, ...laptops(engine, 2, 'Windows11-Workstation')];
		for (const hostname of hostnames) {
			reportEvent(engine, EXECUTED_MALWARE, hostname);
			reportEvent(engine, QUARANTINE_FAILED, hostname);
		}
		await poll(engine);

		expect(sceneOf(engine).messages).toEqual(['Approval needed to contain 3 hosts']);
		for (const hostname of hostnames)
			expect(messagesOf(engine)[0].text).toMatch(new RegExp(`^\\d\\. ${hostname}, score 100: `, 'm'));
	});

	/** The score has decayed by some hundredths when the event is read, and never reaches the threshold. */
	it('ask a person about one event that is worth the whole threshold', async () => {
		reportEvent(engine, POTENTIAL_RANSOMWARE);
		await poll(engine);

		expect(sceneOf(engine).messages).toEqual([`Approval needed to contain ${HOST}`]);
	});

	it('never contain a protected host, and say why', async () => {
		await engine.ledger.protect(
			{ type: 'hostname', value: 'ceo-*', reason: 'The board meets today' },
			PERSON,
		);
		await compromise(engine);

		expect(sceneOf(engine)).toMatchObject({ bound: [], isolation: undefined });
		const { items } = await engine.ledger.getAudit({ limit: 50 });
		expect(JSON.stringify(items)).toContain('The board meets today');
	});
});

describe('a batch with something that is no detection', () => {
	const detection = (id: string, changes: object = {}) => ({
		id: `secureEndpoint:${id}`,
		source: 'secureEndpoint',
		eventType: { id: EXECUTED_MALWARE, name: 'Executed malware' },
		categories: [],
		severity: 'High',
		occurredAt: new Date(Date.now() - 1000).toISOString(),
		observables: [{ type: 'sha256', value: `hash ${id}` }],
		targets: [{ hostname: HOST, mac: macsOf(engine)[0] }],
		...changes,
	});

	it('keeps the others and how far was read, and reports the bad one', async () => {
		const batch = [detection('a'), detection('b', { occurredAt: 'yesterday' }), detection('c')];
		const executions = await engine.run('rtcPollSecureEndpt', [{}], { 'Get detections': batch });

		expect(executions[0].error?.message).toMatch(/^Not a detection \(secureEndpoint:b\): occurredAt /);
		expect(executions.map(({ workflowId }) => workflowId)).toContain('rtcReportErrors');
		const kept = (await engine.ledger.getDetections({ limit: 10 })).items.map(({ id }) => id).sort();
		expect(kept).toEqual(['secureEndpoint:a', 'secureEndpoint:c']);
		expect((await engine.ledger.getCursor('secureEndpoint', CURSOR)).position).toBeDefined();
	});

	it('leaves a containment that the others decided to Sweep intents', async () => {
		reportCallback(engine);
		await poll(engine);
		await engine.run('rtcPollSecureEndpt', [{}], { 'Get detections': [{ id: 'x' }, detection('a')] });
		await engine.runWell('rtcSweepIntents');

		expect(sceneOf(engine)).toMatchObject({ bound: macsOf(engine), isolation: 'isolated' });
	});
});
