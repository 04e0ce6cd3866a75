import fc from 'fast-check';
import { backoffMs, DEFAULT_RETRY, isRetryableStatus, retryAfterMs } from '../../../../nodes/shared/retry';

const NOW = Date.UTC(2026, 0, 1);

describe('retryAfterMs', () => {
	it.each([
		['5', 5_000],
		[' 0.5 ', 500],
		['3172s', 3_172_000],
		['Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
		['Wed, 31 Dec 2025 23:59:59 GMT', 0],
		['soon', undefined],
		['', undefined],
		[undefined, undefined],
	])('%s', (header, expected) => {
		expect(retryAfterMs(header, NOW)).toBe(expected);
	});
});

describe('backoffMs', () => {
	it('doubles, stays in the upper half and below the limit', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 30 }),
				fc.double({ min: 0, max: 0.999, noNaN: true }),
				(attempt, random) => {
					const wait = backoffMs(DEFAULT_RETRY, attempt, random);
					const ceiling = Math.min(60_000, 1_000 * 2 ** (attempt - 1));
					expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
					expect(wait).toBeLessThanOrEqual(ceiling);
				},
			),
		);
	});
});

it.each([
	[429, true],
	[423, true],
	[503, true],
	[500, false],
	[401, false],
	[200, false],
])('status %i is worth another try: %s', (status, expected) => {
	expect(isRetryableStatus(status)).toBe(expected);
});
