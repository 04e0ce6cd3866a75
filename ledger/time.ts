const DAY_MS = 86_400_000;
/** From the first of March of year 0, with which the calendar repeats every 400 years, to 1970. */
const DAYS_TO_1970 = 719_468;
const DAYS_IN_400_YEARS = 146_097;
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * A moment as ISO 8601 in UTC with milliseconds; the same as `Date.toISOString`, but many times faster, and times are
 * written for every row of every list.
 *
 * @param ms Milliseconds since 1970, not before.
 */
export function iso(ms: number): string {
	if (!(ms >= 0 && ms <= LAST_MS)) return new Date(ms).toISOString();
	const whole = Math.floor(ms);
	const day = Math.floor(whole / DAY_MS);
	const rest = whole - day * DAY_MS;
	const time = `${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / 60_000) % 60)}:${two(Math.floor(rest / 1_000) % 60)}`;
	return `${dateOf(day)}T${time}.${three(rest % 1_000)}Z`;
}

/** Years are counted from March, so that the leap day is the last of its year. */
function dateOf(daysSince1970: number): string {
	const days = daysSince1970 + DAYS_TO_1970;
	const era = Math.floor(days / DAYS_IN_400_YEARS);
	const dayOfEra = days - era * DAYS_IN_400_YEARS;
	const yearOfEra = Math.floor(
		(dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
	);
	const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
	const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
	const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
	return `${yearOfEra + era * 400 + (month <= 2 ? 1 : 0)}-${two(month)}-${two(dayOfMonth)}`;
}

function two(n: number): string {
	return n < 10 ? `0${n}` : `${n}`;
}

function three(n: number): string {
	return n < 100 ? `0${two(n)}` : `${n}`;
}

/** An ISO 8601 date and time that names no zone; databases write a blank for the T. */
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;
const COUNT = /^\d{9,14}$/;
/** A smaller count since 1970 is of seconds: as milliseconds it would be in 1973. */
const SMALLEST_MS = 100_000_000_000;

/**
 * Epoch ms of a time as products write it: a date and time, which is UTC where it names no zone, or the seconds or
 * milliseconds since 1970. `undefined` for anything else.
 */
export function wireTimeMs(value: unknown): number | undefined {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (COUNT.test(text)) return Number(text) * (Number(text) < SMALLEST_MS ? 1_000 : 1);
	const ms = typeof value === 'number' ? NaN : Date.parse(WITHOUT_ZONE.test(text) ? `${text.replace(' ', 'T')}Z` : text);
	return Number.isNaN(ms) ? undefined : ms;
}
