import fc from 'fast-check';
import { fixedWindow, slidingWindow } from '../../../../../lab/vendors/shared/rateWindow';

describe('fixedWindow', () => {
	it('refuses the call after the limit and starts anew when the window ends', () => {
		const window = fixedWindow(2, 1000);
		expect(window.take('a', 0)).toMatchObject({ allowed: true, remaining: 1, resetAt: 1000 });
		expect(window.take('a', 10)).toMatchObject({ allowed: true, remaining: 0 });
		expect(window.take('a', 999)).toMatchObject({ allowed: false, remaining: 0, resetAt: 1000 });
		expect(window.take('a', 1000)).toMatchObject({ allowed: true, remaining: 1, resetAt: 2000 });
	});

	it('counts keys apart', () => {
		const window = fixedWindow(1, 1000);
		window.take('a', 0);
		expect(window.take('b', 0).allowed).toBe(true);
	});
});

describe('slidingWindow', () => {
	it('never allows more calls than the limit within any window', () => {
		const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(gaps, (steps) => {
				const window = slidingWindow(3, 1000);
				const allowed: number[] = [];
				let now = 0;
				for (const step of steps) {
					now += step;
					if (window.take('a', now).allowed) allowed.push(now);
				}
				return allowed.every((at) => allowed.filter((other) => other > at - 1000 && other <= at).length <= 3);
			}),
		);
	});

	it('allows a call again as soon as the oldest one is a window old', () => {
		const window = slidingWindow(1, 1000);
		window.take('a', 0);
		expect(window.take('a', 999).allowed).toBe(false);
		expect(window.take('a', 1000).allowed).toBe(true);
	});
});
