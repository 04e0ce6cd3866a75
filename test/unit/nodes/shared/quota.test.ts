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
		expect(quota.start(quota.reserve(0), 0)).toBe(0);
		quota.answered(400);
		expect(quota.wait(1_000)).toBe(400);
		expect(quota.wait(1_400)).toBe(0);
	});

	it('counts a call as just sent until it is answered', () => {
		const quota = new Quota([{ limit: 1, windowMs: 1_000 }]);
		quota.start(quota.reserve(0), 0);
		expect(quota.wait(5_000)).toBe(1_000);
		expect(quota.remaining(5_000)).toMatchObject([{ remaining: 0 }]);
		quota.answered(5_100);
		expect(quota.wait(6_100)).toBe(0);
	});

	it('sends calls that are late in their order, and as far apart as they were booked', () => {
		const quota = new Quota([{ limit: 1, windowMs: 1_000 }]);
		quota.start(quota.reserve(0), 0);
		quota.answered(0);
		const turns = [quota.reserve(0), quota.reserve(0)];
		expect(turns).toEqual([1_000, 2_000]);
		expect(turns.map((turn) => quota.start(turn, 2_500))).toEqual([0, 1_000]);
		quota.answered(2_600);
		expect(quota.start(3_500, 3_500)).toBe(100);
		expect(quota.start(3_600, 3_600)).toBe(0);
	});

	it('tells a call whose turn has come that the vendor wants nobody to call', () => {
		const quota = new Quota([{ limit: 1, windowMs: 1_000 }]);
		const turn = quota.reserve(0);
		quota.block(4_000);
		expect(quota.start(turn, 1_000)).toBe(3_000);
	});

	it('forgets a call that is not made', () => {
		const quota = new Quota([{ limit: 1, windowMs: 1_000 }]);
		quota.cancel(quota.reserve(0));
		expect(quota.wait(0)).toBe(0);
	});

	it('lets nothing more reach the vendor than its limit, however late calls are sent and arrive', () => {
		const calls = fc.array(
			fc.record({
				gap: fc.nat(300),
				stall: fc.nat(2_000),
				onTheWay: fc.nat(900),
				place: fc.double({ min: 0, max: 1, noNaN: true }),
			}),
			{ maxLength: 40 },
		);
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 5 }), calls, (limit, given) => {
				const arrived = arrivals(new Quota([{ limit, windowMs: 1_000 }]), given).sort((a, b) => a - b);
				expect(arrived).toHaveLength(given.length);
				for (let i = limit; i < arrived.length; i++)
					expect(arrived[i] - arrived[i - limit]).toBeGreaterThanOrEqual(1_000);
			}),
		);
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

interface LateCall {
	/** After the call before it was booked. */
	gap: number;
	/** How late it looks at the clock when its turn has come. */
	stall: number;
	/** From sending to answer. */
	onTheWay: number;
	/** Where in between it reaches the vendor: 0 to 1. */
	place: number;
}

/** When calls reach the vendor. What is due is done in order of time, as an event loop does it. */
function arrivals(quota: Quota, calls: readonly LateCall[]): number[] {
	const arrived: number[] = [];
	const due: { at: number; run(now: number): void }[] = [];
	const later = (at: number, run: (now: number) => void) => due.push({ at, run });
	const attempt = (call: LateCall, turn: number) =>
		later(turn + call.stall, (now) => {
			const wait = quota.start(turn, now);
			if (wait > 0) {
				attempt({ ...call, stall: 0 }, now + wait);
				return;
			}
			arrived.push(now + call.onTheWay * call.place);
			later(now + call.onTheWay, (answeredAt) => quota.answered(answeredAt));
		});
	let bookedAt = 0;
	for (const call of calls) later((bookedAt += call.gap), (now) => attempt(call, now + quota.reserve(now)));
	while (due.length > 0) {
		due.sort((a, b) => b.at - a.at);
		const { at, run } = due.pop() as (typeof due)[number];
		run(at);
	}
	return arrived;
}

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

	it.each([1, 0, -3, 1.5, undefined, '2', Number.NaN])(
		'leaves the limits to one process: %s',
		(processes) => {
			expect(shareOf(windows, processes)).toEqual(windows);
		},
	);

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
