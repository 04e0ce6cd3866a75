import { growthOf, residentMb } from '../../../demo/memory';

describe('growthOf', () => {
	it.each([
		['a warm-up that settles', [100, 200, 300, 300, 310, 290, 300, 300], 0],
		['a leak', [100, 110, 120, 130, 140, 150, 160, 170], 40],
		['one high sample', [300, 300, 300, 300, 300, 300, 300, 300, 300, 900, 300, 300], 0],
		['memory given back', [400, 400, 400, 400, 350, 350, 300, 300], -100],
		['too few samples to tell', [100, 200, 300], 0],
	])('%s', (_what, samples, growth) => {
		expect(growthOf(samples)).toBe(growth);
	});
});

describe('residentMb', () => {
	it('is what Node itself says of this process', () => {
		expect(Math.abs(residentMb(process.pid) - process.memoryUsage.rss() / 2 ** 20)).toBeLessThan(20);
	});
});
