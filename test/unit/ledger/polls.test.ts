import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import type { Cursor, PollOptions } from '../../../ledger';
import { isGone, spanOf } from '../../../ledger/polls';
import { runLedgerProcess } from '../../support/runLedgerProcess';
import { ACTOR, HOUR_MS, MINUTE_MS, newLedger, START_MS, type TestLedger } from './helpers';

const OPTIONS = { overlapSeconds: 600, firstLookbackSeconds: 3600 };
const iso = (ms: number) => new Date(ms).toISOString();
/** The span of a source that was read up to `minutes` after the full hour, in minutes after it. */
function spanAt(readMinutes: number, nowMinutes: number, options: object) {
	const row = { source: 'umbrella', position: iso(START_MS + readMinutes * MINUTE_MS), lastPollMs: START_MS };
	const { from, to, behind } = spanOf('umbrella', row, { ...OPTIONS, ...options }, START_MS + nowMinutes * MINUTE_MS);
	const minutes = (time: string) => (Date.parse(time) - START_MS) / MINUTE_MS;
	return { from: minutes(from), to: minutes(to), behind };
}

describe('the span of a poll', () => {
	it('reaches from the overlap to now', () => {
		expect(spanAt(0, 1, {})).toEqual({ from: -10, to: 1, behind: undefined });
	});

	it('reads no more than the longest span besides the overlap, and says that it is behind', () => {
		expect(spanAt(0, 90, { longestSpanSeconds: 3600 })).toEqual({ from: -10, to: 60, behind: true });
		expect(spanAt(60, 90, { longestSpanSeconds: 3600 })).toEqual({ from: 50, to: 90, behind: undefined });
	});

	it('moves on even when the longest span is shorter than the overlap', () => {
		expect(spanAt(0, 90, { longestSpanSeconds: 60 })).toEqual({ from: -10, to: 1, behind: true });
	});

	it('limits the first poll, too', () => {
		const options = { ...OPTIONS, longestSpanSeconds: 600 };
		expect(spanOf('umbrella', undefined, options, START_MS)).toMatchObject({ from: iso(START_MS - HOUR_MS), to: iso(START_MS - 50 * MINUTE_MS), behind: true });
	});

	it('looks back for late events after each full hour, once it has caught up', () => {
		const options = { lateSeconds: 86_400, longestSpanSeconds: 3600 };
		expect(spanAt(58, 59, options)).toMatchObject({ from: 48 });
		expect(spanAt(59, 60, options)).toMatchObject({ from: 59 - 1440, to: 60 });
		expect(spanAt(60, 61, options)).toMatchObject({ from: 50 });
		expect(spanAt(30, 300, options)).toEqual({ from: 20, to: 90, behind: true });
	});
});

describe('the lease of a poll', () => {
	let test: TestLedger;
	beforeEach(async () => (test = await newLedger()));
	afterEach(async () => await test.close());

	const begin = async (options: Partial<PollOptions> = {}, source = 'umbrella') =>
		await test.ledger.beginPoll(source, { ...OPTIONS, leaseSeconds: 120, actor: ACTOR, ...options });
	const keep = async (begun: object) =>
		await test.ledger.score([], { actor: ACTOR, cursor: { source: 'umbrella', position: (begun as Cursor).to } });
	const underWay = { source: 'umbrella', underWayUntil: iso(START_MS + 120_000) };

	it('keeps other polls of the source away until the cursor is kept', async () => {
		const first = await begin();
		expect(await begin()).toEqual(underWay);
		expect(await begin({}, 'secureEndpoint')).toHaveProperty('to');
		await keep(first);
		expect(await begin()).toMatchObject({ position: (first as Cursor).to });
	});

	it('lets spans follow one another without a gap', async () => {
		const first = (await begin({ longestSpanSeconds: 1200 })) as Cursor;
		await keep(first);
		const second = (await begin({ longestSpanSeconds: 1200 })) as Cursor;
		expect([first.behind, second.behind]).toEqual([true, true]);
		expect(Date.parse(second.to) - Date.parse(first.to)).toBe(1_200_000);
		expect(Date.parse(second.from)).toBeLessThan(Date.parse(first.to));
	});

	it('ends when the poll fails', async () => {
		await begin();
		await test.ledger.recordSourceFailure('umbrella', 'Umbrella answered 503', ACTOR);
		expect(await begin()).toHaveProperty('to');
	});

	it('ends with its time', async () => {
		await begin();
		test.clock.nowMs += 119_000;
		expect(await begin()).toEqual(underWay);
		test.clock.nowMs += 1_000;
		expect(await begin()).toHaveProperty('to');
	});

	it('of a poll that took too long is not taken from the next one', async () => {
		const slow = await begin();
		test.clock.nowMs += 121_000;
		await begin();
		await keep(slow);
		expect(await begin()).toHaveProperty('underWayUntil');
	});

	it('does not outlast a clock that was wrong', async () => {
		test.clock.nowMs += 24 * HOUR_MS;
		await begin();
		test.clock.nowMs = START_MS;
		expect(await begin()).toHaveProperty('to');
	});

	it('is kept by the check of the sources', async () => {
		await begin();
		await test.ledger.checkSources(ACTOR);
		expect(await begin()).toEqual(underWay);
	});

	it('needs a source', async () => {
		await expect(begin({}, ' ')).rejects.toThrow('must not be empty');
	});

	it('ends with the process that held it', async () => {
		const { code } = await runLedgerProcess({ file: test.file }, 'pollAndDie');
		expect(code).not.toBe(0);
		expect(await begin()).toHaveProperty('to');
	}, 60_000);
});

describe('a holder is gone', () => {
	const { pid: dead = 0 } = spawnSync(process.execPath, ['--version']);
	it.each<[string, object, boolean]>([
		['when its process has ended', { pid: dead }, true],
		['when its number belongs to another process now', { pid: process.pid, since: 1 }, true],
		['not while its process runs', { pid: process.ppid }, false],
		['not as far as is known when it runs on another machine', { host: 'worker-2', pid: dead }, false],
	])('%s', (_when, holder, expected) => {
		expect(isGone({ host: hostname(), pid: 1, since: 0, ...holder })).toBe(expected);
	});
});
