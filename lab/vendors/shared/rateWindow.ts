/** Where a caller stands in a rate limit after one more call. */
export interface RateVerdict {
	/** False: the call is over the limit and must be answered with 429. Refused calls are not counted. */
	allowed: boolean;
	limit: number;
	/** Calls left in the window after this one. */
	remaining: number;
	/** Epoch ms at which the next call will be allowed (sliding) or the count starts anew (fixed). */
	resetAt: number;
}

/** A published rate limit, counted apart for every key (client, token, organisation, address). */
export interface RateWindow {
	/** Counts one call. `now` is epoch ms by the vendor's clock. */
	take(key: string, now: number): RateVerdict;
	reset(): void;
}

/** At most `limit` calls in a window that opens with a key's first call and lasts `windowMs`. */
export function fixedWindow(limit: number, windowMs: number): RateWindow {
	const windows = new Map<string, { start: number; count: number }>();
	return {
		take(key, now) {
			let window = windows.get(key);
			if (!window || now >= window.start + windowMs || now < window.start) {
				window = { start: now, count: 0 };
				windows.set(key, window);
			}
			const allowed = window.count < limit;
			if (allowed) window.count += 1;
			return { allowed, limit, remaining: limit - window.count, resetAt: window.start + windowMs };
		},
		reset: () => windows.clear(),
	};
}

/** At most `limit` calls within any stretch of `windowMs`. */
export function slidingWindow(limit: number, windowMs: number): RateWindow {
	const calls = new Map<string, number[]>();
	return {
		take(key, now) {
			const recent = (calls.get(key) ?? []).filter((at) => at > now - windowMs && at <= now);
			const allowed = recent.length < limit;
			if (allowed) recent.push(now);
			calls.set(key, recent);
			return { allowed, limit, remaining: limit - recent.length, resetAt: recent[0] + windowMs };
		},
		reset: () => calls.clear(),
	};
}

/** Takes one call from every window; the verdict is the first refusal, or that of the last window. */
export function takeAll(windows: RateWindow[], key: string, now: number): RateVerdict {
	let verdict = windows[0].take(key, now);
	for (const window of windows.slice(1)) {
		if (!verdict.allowed) return verdict;
		verdict = window.take(key, now);
	}
	return verdict;
}
