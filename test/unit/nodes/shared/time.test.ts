import { DateTime } from 'luxon';
import { timeMs } from '../../../../nodes/shared/time';

const NOON = Date.UTC(2026, 0, 31, 12);

it.each([
	['2026-01-31T12:00:00Z', NOON],
	['2026-01-31T13:00:00+01:00', NOON],
	['2026-01-31T13:00:00', NOON],
	[NOON, NOON],
	[String(NOON), NOON],
	[new Date(NOON), NOON],
	[DateTime.fromMillis(NOON), NOON],
	['tomorrow', undefined],
	['', undefined],
	[null, undefined],
	[new Date('x'), undefined],
])('timeMs(%p) in Berlin', (value, expected) => {
	expect(timeMs(value, 'Europe/Berlin')).toBe(expected);
});
