import { ACTOR, detection, MINUTE_MS, newLedger, PERSON, plainPolicy, START_MS, type TestLedger } from './helpers';

const typed = (id: string, changes: Parameters<typeof detection>[0] = {}) => detection({ eventType: { id, name: `Type ${id}` }, ...changes });

const at = (minutes: number) => new Date(START_MS + minutes * MINUTE_MS).toISOString();

describe('event types without a rule', () => {
	let test: TestLedger;
	beforeEach(async () => {
		test = await newLedger(plainPolicy());
	});
	afterEach(async () => await test.close());

	const list = async (filter: { source?: string } = {}) => (await test.ledger.getUnratedEventTypes({ ...filter, limit: 50 })).items;
	const count = async () => (await test.ledger.getMetrics()).unratedEventTypes;

	it('are listed with how often and when they were seen, and marked in the outcome', async () => {
		const { outcomes } = await test.ledger.score(
			[typed('new', { atMs: START_MS - MINUTE_MS }), detection({ penalty: 5 }), typed('new', { atMs: START_MS - 9 * MINUTE_MS })],
			{ actor: ACTOR },
		);
		expect(outcomes.map((outcome) => 'unrated' in outcome && outcome.unrated)).toEqual([true, false, true]);
		expect(outcomes[0]).toMatchObject({ outcome: 'recorded', reasons: ['No rule gives this event type a penalty'] });
		await test.ledger.score([typed('new', { atMs: START_MS - 30 * MINUTE_MS }), typed('other', { source: 'xdr' })], { actor: ACTOR });
		expect(await list()).toEqual([
			{ source: 'secureEndpoint', eventType: { id: 'new', name: 'Type new' }, detections: 3, firstSeenAt: at(-30), lastSeenAt: at(-1) },
			{ source: 'xdr', eventType: { id: 'other', name: 'Type other' }, detections: 1, firstSeenAt: at(0), lastSeenAt: at(0) },
		]);
		expect(await list({ source: 'xdr' })).toHaveLength(1);
		expect(await count()).toBe(2);
	});

	it('count a detection once, however often it is read', async () => {
		const one = typed('new');
		await test.ledger.score([one, one], { actor: ACTOR });
		await test.ledger.score([one], { actor: ACTOR });
		expect(await list()).toMatchObject([{ detections: 1 }]);
	});

	it('leave the list when a policy gives them a rule, and come back when it is taken away', async () => {
		await test.ledger.score([typed('new'), typed('newer')], { actor: ACTOR });
		const rule = { source: 'secureEndpoint', eventType: 'Type new', penalty: 5, reason: 'x' };
		await test.ledger.updatePolicy(plainPolicy({ rules: [...plainPolicy().rules, rule] }), PERSON, 'rate it');
		expect(await list()).toMatchObject([{ eventType: { id: 'newer' }, detections: 1 }]);
		await test.ledger.score([typed('new')], { actor: ACTOR });
		expect(await count()).toBe(1);
		await test.ledger.updatePolicy(plainPolicy({ rules: [] }), PERSON, 'no rules');
		expect((await list()).map(({ eventType, detections }) => [eventType.id, detections])).toEqual([['new', 2], ['newer', 1]]);
	});

	it('stay as they are when a policy changes no rule', async () => {
		await test.ledger.score([typed('new')], { actor: ACTOR });
		await test.ledger.updatePolicy(plainPolicy({ threshold: 90 }), PERSON, 'x');
		expect(await list()).toMatchObject([{ detections: 1 }]);
	});

	it('are those of the imported detections after an import', async () => {
		await test.ledger.score([typed('new'), typed('new')], { actor: ACTOR });
		const lines: string[] = [];
		for await (const line of test.ledger.exportAll()) lines.push(line);
		const other = await newLedger();
		await other.ledger.importAll(lines, PERSON);
		expect((await other.ledger.getUnratedEventTypes({ limit: 5 })).items).toMatchObject([{ eventType: { id: 'new' }, detections: 2 }]);
		await other.close();
	});
});
