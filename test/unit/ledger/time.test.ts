import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { iso, wireTimeMs } from '../../../ledger/time';

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

describe('wireTimeMs', () => {
	it.each([
		['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
		['2026-01-31T12:00:00.123', '2026-01-31T12:00:00.123Z'],
		['2026-01-31 12:00', '2026-01-31T12:00:00.000Z'],
		['2026-01-31T12:00:00+05:30', '2026-01-31T06:30:00.000Z'],
		['2026-01-31T12:00:00.000+0000', '2026-01-31T12:00:00.000Z'],
		['Sat Jan 31 12:00:00 UTC 2026', '2026-01-31T12:00:00.000Z'],
		[1_700_000_000_123, '2023-11-14T22:13:20.123Z'],
		['1700000000', '2023-11-14T22:13:20.000Z'],
	])('reads %s', (value, expected) => expect(new Date(wireTimeMs(value)!).toISOString()).toBe(expected));

	it.each(['', 'yesterday', null, undefined, {}, [], NaN, 7, -1])('takes %p for no time', (value) => {
		expect(wireTimeMs(value)).toBeUndefined();
	});

	it('reads a time without zone as UTC on a server in New York', () => {
		const program = "console.log(require('./ledger/time.ts').wireTimeMs('2026-01-31T12:00:00') - Date.UTC(2026, 0, 31, 12))";
		const answer = execFileSync(process.execPath, ['--require', 'tsx/cjs', '-e', program], {
			cwd: join(__dirname, '../../..'),
			env: { ...process.env, TZ: 'America/New_York' },
			encoding: 'utf8',
		});
		expect(answer.trim()).toBe('0');
	});
});
