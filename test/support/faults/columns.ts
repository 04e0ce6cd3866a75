/** One thing that can go wrong, and for how long. */
export interface Trouble {
	/** What stands in the table. */
	title: string;
	/** Input of `POST /_lab/fault` without vendor and path. */
	fault: Record<string, unknown>;
	/** `outage`: until the workflow has run and the next run has met it too. `standing`: for good. */
	lasts: 'once' | 'outage' | 'standing';
	/** Only operations with this property can meet it. */
	needs?: 'token' | 'list' | 'detections';
}

const RETRY_AFTER_S = 20;
/** Longer than any execution waits. */
const LONG_RETRY_AFTER_S = 600;
const MINUTE_MS = 60_000;

const ERRORS: [title: string, fault: Record<string, unknown>, more?: Record<string, unknown>][] = [
	['429 with Retry-After', { kind: 'status', status: 429, retryAfter: RETRY_AFTER_S }, { retryAfter: LONG_RETRY_AFTER_S }],
	['429 without Retry-After', { kind: 'status', status: 429 }],
	['500', { kind: 'status', status: 500 }],
	['503', { kind: 'status', status: 503 }],
	['No answer', { kind: 'timeout' }],
	['Connection reset', { kind: 'reset' }],
	['JSON cut off', { kind: 'truncate' }],
	['HTML page', { kind: 'html' }],
];

const LOST_ANSWERS = ['timeout', 'reset'];

const errors = ERRORS.flatMap(([title, fault, more]): Trouble[] => [
	{ title: `${title}, once`, fault: { ...fault, times: 1 }, lasts: 'once' },
	...(LOST_ANSWERS.includes(String(fault.kind))
		? [{ title: `${title}, though carried out`, fault: { ...fault, times: 1, afterHandling: true }, lasts: 'once' as const }]
		: []),
	{ title: `${title}, for a while`, fault: { ...fault, ...more }, lasts: 'outage' },
]);

/** What the matrix plays, in the order of the table. */
export const TROUBLES: Trouble[] = [
	...errors,
	{ title: 'Token expired between two calls', fault: { kind: 'expireTokens', skip: 1, times: 1 }, lasts: 'once', needs: 'token' },
	{ title: 'Page that repeats the one before', fault: { kind: 'duplicatePage' }, lasts: 'standing', needs: 'list' },
	{ title: 'Page in another order', fault: { kind: 'reorderPage' }, lasts: 'standing', needs: 'list' },
	{ title: 'Event shown 4 min late', fault: { kind: 'lateEvents', delayMs: 4 * MINUTE_MS }, lasts: 'standing', needs: 'detections' },
	{ title: 'Vendor clock 10 min ahead', fault: { kind: 'clockOffset', offsetMs: 10 * MINUTE_MS }, lasts: 'standing' },
	{ title: 'Vendor clock 10 min behind', fault: { kind: 'clockOffset', offsetMs: -10 * MINUTE_MS }, lasts: 'standing' },
];
