import fc from 'fast-check';
import { iso } from '../../../ledger/time';

describe('iso', () => {
	it.each(['1970-01-01T00:00:00.000Z', '2000-02-29T23:59:59.999Z', '2023-12-31T00:00:00.001Z', '2024-03-01T12:00:00.010Z', '2100-02-28T09:08:07.100Z', '9999-12-31T23:59:59.999Z'])(
		'writes %s',
		(text) => expect(iso(Date.parse(text))).toBe(text),
	);

	it('writes what Date writes', () => {
		fc.assert(
			fc.property(fc.integer({ min: -1e12, max: Date.UTC(10_000, 1) }), (ms) => {
				expect(iso(ms)).toBe(new Date(ms).toISOString());
			}),
			{ numRuns: 2_000 },
		);
	});
});
