import fc from 'fast-check';
import { openLedger, type Detection } from '../../../ledger';
import { allowedSilenceMs, usualSilence } from '../../../ledger/sources';
import { ACTOR, detection, HOUR_MS, MINUTE_MS, newLedger, plainPolicy, START_MS, type TestLedger } from './helpers';

const DAY_MS = 24 * HOUR_MS;
const MONDAY_MS = Date.UTC(2026, 0, 5);

/** An event every ten minutes from 8 to 18 on working days. */
function officeHours(days: number): number[] {
	return Array.from({ length: days * 144 }, (_, i) => MONDAY_MS + i * 10 * MINUTE_MS).filter((ms) => {
		const at = new Date(ms);
		return at.getUTCDay() % 6 !== 0 && at.getUTCHours() >= 8 && at.getUTCHours() < 18;
	});
}

describe('the usual silence', () => {
	it.each<[string, number[], number | undefined]>([
		['nothing', [], undefined],
		['less than a week', officeHours(5), undefined],
		['two events a month', [MONDAY_MS, MONDAY_MS + 14 * DAY_MS], undefined],
		['round the clock', Array.from({ length: 28 * 144 }, (_, i) => i * 10 * MINUTE_MS), 10 * MINUTE_MS],
		['office hours: the weekend', officeHours(28), (62 * 60 + 10) * MINUTE_MS],
	])('of %s', (_name, steps, expected) => {
		expect(usualSilence(steps)).toBe(expected);
	});

	it('does not learn from one outage', () => {
		const steady = Array.from({ length: 28 * 24 }, (_, i) => i * HOUR_MS);
		const withOutage = steady.filter((ms) => ms < 10 * DAY_MS || ms > 10 * DAY_MS + 20 * HOUR_MS);
		expect(usualSilence(withOutage)).toBe(HOUR_MS);
	});

	it('lies between the shortest and the longest pause', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 3 * DAY_MS }), { minLength: 2, maxLength: 200 }), (pauses) => {
				let at = MONDAY_MS;
				const usual = usualSilence([at, ...pauses.map((ms) => (at += ms))]);
				return usual === undefined || (usual >= 0 && usual <= Math.max(...pauses));
			}),
		);
	});

	it('is granted half as much again, and never less than the floor', () => {
		expect(allowedSilenceMs(10 * MINUTE_MS, 60)).toBe(HOUR_MS);
		expect(allowedSilenceMs(2 * HOUR_MS, 60)).toBe(3 * HOUR_MS);
	});
});

describe('checking sources', () => {
	let under: TestLedger;
	beforeEach(async () => {
		under = await newLedger(plainPolicy());
	});
	afterEach(async () => await under.close());

	const commit = async (source = 'umbrella') =>
		await under.ledger.score([], { actor: ACTOR, cursor: { source, position: new Date(under.clock.nowMs).toISOString() } });
	const check = async () => await under.ledger.checkSources(ACTOR);
	const state = async () => (await under.ledger.getSources())[0];
	const fail = async () => await under.ledger.recordSourceFailure('umbrella', 'Umbrella answered 503', ACTOR);
	const titles = async () => (await check()).messages.map(({ event, title }) => `${event}: ${title}`);

	/** Twelve days with an event every quarter of an hour. */
	async function learn(): Promise<void> {
		const from = under.clock.nowMs - 12 * DAY_MS;
		const events: Detection[] = [];
		for (let ms = from; ms <= under.clock.nowMs; ms += 15 * MINUTE_MS) events.push(detection({ source: 'umbrella', penalty: 0, atMs: ms }));
		await under.ledger.score(events, { actor: ACTOR });
		await commit();
	}

	it('raises nothing before the third failure in a row, and then once', async () => {
		await commit();
		for (const expected of [[], [], ['raised: Source umbrella cannot be read']]) {
			under.clock.nowMs += MINUTE_MS;
			await fail();
			expect(await titles()).toEqual(expected);
		}
		await under.ledger.confirmAlarms(['source:umbrella'], 'raised', ACTOR);
		under.clock.nowMs += HOUR_MS;
		await fail();
		expect(await titles()).toEqual([]);
		expect(await state()).toMatchObject({ health: 'failing', failures: 4, lastError: 'Umbrella answered 503' });
	});

	it('clears it once when a poll succeeds', async () => {
		for (let i = 0; i < 3; i++) await fail();
		await check();
		await under.ledger.confirmAlarms(['source:umbrella'], 'raised', ACTOR);
		under.clock.nowMs += MINUTE_MS;
		await commit();
		expect(await titles()).toEqual(['cleared: Over: Source umbrella cannot be read']);
		await under.ledger.confirmAlarms(['source:umbrella'], 'cleared', ACTOR);
		expect(await titles()).toEqual([]);
		expect(await under.ledger.getAlarms()).toEqual([]);
		under.clock.nowMs += MINUTE_MS;
		await fail();
		expect(await state()).toMatchObject({ failures: 1, health: 'learning' });
	});

	it('offers a message again that nobody confirmed, and tells nobody twice at a time', async () => {
		for (let i = 0; i < 3; i++) await fail();
		expect(await titles()).toHaveLength(1);
		expect(await titles()).toEqual([]);
		under.clock.nowMs += 5 * MINUTE_MS;
		expect(await titles()).toHaveLength(1);
	});

	it('gives the message to one of two processes', async () => {
		for (let i = 0; i < 3; i++) await fail();
		const other = await openLedger({ file: under.file, now: () => under.clock.nowMs });
		const both = await Promise.all([check(), other.checkSources(ACTOR)]);
		expect(both.flatMap(({ messages }) => messages)).toHaveLength(1);
		await other.close();
	});

	it('says nothing of trouble that was over before anybody heard of it', async () => {
		for (let i = 0; i < 3; i++) await fail();
		under.clock.nowMs += MINUTE_MS;
		await commit();
		expect(await titles()).toEqual([]);
	});

	it('raises when nothing polls any more, unless the source is ignored', async () => {
		await commit();
		under.clock.nowMs += 16 * MINUTE_MS;
		expect((await under.ledger.checkSources(ACTOR, { ignore: ['umbrella'] })).messages).toEqual([]);
		expect((await check()).messages).toMatchObject([{ text: 'umbrella was not read for 16 minutes' }]);
	});

	it('raises when a source is silent beyond its rhythm, and clears when it reports', async () => {
		await learn();
		under.clock.nowMs += 55 * MINUTE_MS;
		await commit();
		expect(await titles()).toEqual([]);
		under.clock.nowMs += 10 * MINUTE_MS;
		await commit();
		expect(await titles()).toEqual(['raised: Source umbrella is silent']);
		await under.ledger.confirmAlarms(['source:umbrella'], 'raised', ACTOR);
		await under.ledger.score([detection({ source: 'umbrella', penalty: 0, atMs: under.clock.nowMs })], { actor: ACTOR });
		expect(await titles()).toEqual(['cleared: Over: Source umbrella is silent']);
	});

	it('still knows the rhythm when retention has removed the history', async () => {
		await learn();
		await check();
		under.clock.nowMs = START_MS + 90 * DAY_MS;
		await under.ledger.applyRetention({ actor: ACTOR, detectionDays: 30 });
		await commit();
		expect(await under.ledger.getDetections({ limit: 1 })).toMatchObject({ total: 0 });
		expect(await state()).toMatchObject({ health: 'silent', lastEventAt: new Date(START_MS).toISOString(), usualSilenceSeconds: 900 });
	});

	it('refuses a failure without a source', async () => {
		await expect(under.ledger.recordSourceFailure(' ', 'no', ACTOR)).rejects.toMatchObject({ code: 'invalidValue' });
	});
});
