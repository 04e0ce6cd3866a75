import { DateTime } from './vendor/luxon';

/**
 * A point in time as users and expressions give it: ISO 8601 (without offset: in the given time zone), epoch
 * milliseconds, a Date or a luxon DateTime.
 *
 * @returns epoch ms, or `undefined` when it is empty or can't be understood
 */
export function timeMs(value: unknown, zone: string): number | undefined {
	if (value instanceof Date) return finite(value.getTime());
	if (typeof value === 'object' && value !== null && 'toMillis' in value)
		return finite((value as DateTime).toMillis());
	const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
	if (/^\d{11,14}$/.test(text)) return Number(text);
	return text === '' ? undefined : finite(DateTime.fromISO(text, { zone }).toMillis());
}

const finite = (ms: number): number | undefined => (Number.isFinite(ms) ? ms : undefined);
