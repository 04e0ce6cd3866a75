import fc from 'fast-check';
import { Quota, shareOf, type QuotaWindow } from '../../../../nodes/shared/quota';

const HOUR_MS = 3_600_000;

describe('Quota', () => {
	it('lets calls through at once until the limit, then spaces them by the window', () => {
		const quota = new Quota([{ limit: 2, windowMs: 1_000 }]);
		expect([quota.reserve(0), quota.reserve(100), quota.reserve(200), quota.reserve(200)]).toEqual([
			0, 0, 800, 900,
		]);
	});

	it('frees a place as soon as the oldest call leaves the window', () => {
		const quota = new Quota([{ limit: 1, windowMs: 1_000 }]);
		quota.reserve(0);
		expect(quota.wait(999)).toBe(1);
		expect(quota.wait(1_000)).toBe(0);
	});

	it('counts a call from its answer on, as it may have arrived that late', () => {
		const quota = new Quota([{ limit: 1, windowMs: 1_000 }]);
		quota.reserve(0);
		quota.answered(0, 400);
		expect(quota.wait(1_000)).toBe(400);
		expect(quota.wait(1_400)).toBe(0);
	});

	it('keeps calls in order when they are answered out of order', () => {
		const quota = new Quota([{ limit: 2, windowMs: 1_000 }]);
		quota.reserve(0);
		quota.reserve(10);
		quota.answered(10, 50);
		quota.answered(0, 300);
		expect(quota.wait(500)).toBe(550);
	});

	it('waits until the vendor says that the quota is free again', () => {
		const quota = new Quota([{ limit: 10, windowMs: 1_000 }]);
		quota.block(5_000);
		quota.block(3_000);
		expect(quota.reserve(1_000)).toBe(4_000);
		expect(quota.reserve(6_000)).toBe(0);
	});

	it('follows a clock that is put back', () => {
		const quota = new Quota([{ limit: 2, windowMs: 1_000 }]);
		quota.reserve(1_000_000);
		expect(quota.reserve(5_000)).toBe(0);
		expect(quota.wait(5_100)).toBe(900);
	});

	it('asking for the wait books nothing', () => {
		const quota = new Quota([{ limit: 1, windowMs: 1_000 }]);
		expect([quota.wait(0), quota.wait(0), quota.reserve(0)]).toEqual([0, 0, 0]);
	});

	it('holds a large hourly limit, before and after old calls were forgotten', () => {
		const quota = new Quota([{ limit: 2_900, windowMs: HOUR_MS }]);
		for (let call = 0; call < 2_900; call++) expect(quota.reserve(call)).toBe(0);
		expect(quota.wait(2_900)).toBe(HOUR_MS - 2_900);
		for (let call = 0; call < 1_000; call++) expect(quota.reserve(HOUR_MS + 999)).toBe(0);
		expect(quota.wait(HOUR_MS + 999)).toBe(1);
	});

	it('never sends more than a window allows, whatever the arrival times and windows', () => {
		const windows = fc.array(
			fc.record({ limit: fc.integer({ min: 1, max: 5 }), windowMs: fc.integer({ min: 1, max: 500 }) }),
			{
				minLength: 1,
				maxLength: 3,
			},
		);
		fc.assert(
			fc.property(windows, fc.array(fc.nat(200), { maxLength: 60 }), (limits, gaps) => {
				const sent = send(limits, gaps);
				for (const { limit, windowMs } of limits) {
					for (let i = limit; i < sent.length; i++)
						expect(sent[i] - sent[i - limit]).toBeGreaterThanOrEqual(windowMs);
				}
			}),
		);
	});

	it('never makes a call wait longer than the tightest window needs', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(2_000), { maxLength: 40 }), (gaps) => {
				const sent = send([{ limit: 3, windowMs: 1_000 }], gaps);
				let now = 0;
				sent.forEach((at, i) => {
					now += gaps[i];
					const earliest = Math.max(now, sent[i - 1] ?? 0, i >= 3 ? sent[i - 3] + 1_000 : 0);
					expect(at).toBe(earliest);
				});
			}),
		);
	});
});

/** Times at which calls arriving with these gaps go out. */
function send(windows: QuotaWindow[], gaps: number[]): number[] {
	const quota = new Quota(windows);
	let now = 0;
	return gaps.map((gap) => {
		now += gap;
		return now + quota.reserve(now);
	});
}

describe('shareOf', () => {
	const windows = [
		{ limit: 5, windowMs: 1_000 },
		{ limit: 2_900, windowMs: 3_600_000 },
	];

	it.each([1, 0, -3, 1.5, undefined, '2', Number.NaN])('leaves the limits to one process: %s', (processes) => {
		expect(shareOf(windows, processes)).toEqual(windows);
	});

	it('divides them, and rounds down', () => {
		expect(shareOf(windows, 2)).toEqual([
			{ limit: 2, windowMs: 1_000 },
			{ limit: 1_450, windowMs: 3_600_000 },
		]);
	});

	it('spaces single calls where there are more processes than calls', () => {
		expect(shareOf([windows[0]], 8)).toEqual([{ limit: 1, windowMs: 1_600 }]);
	});

	it('never gives away more than there is over a long time', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 60 }), (limit, processes) => {
				const [share] = shareOf([{ limit, windowMs: 60_000 }], processes);
				expect((share.limit / share.windowMs) * processes).toBeLessThanOrEqual((limit / 60_000) * (1 + 1e-9));
			}),
		);
	});
});
