/** A published limit: at most `limit` calls in any span of `windowMs` milliseconds. */
export interface QuotaWindow {
	limit: number;
	windowMs: number;
}

/**
 * The part of limits that each of several processes may use, so that together they keep them.
 *
 * @param processes whole number; what is no such number counts as 1
 */
export function shareOf(windows: readonly QuotaWindow[], processes: unknown): QuotaWindow[] {
	const parts = Number.isInteger(processes) && (processes as number) > 1 ? (processes as number) : 1;
	return windows.map(({ limit, windowMs }) =>
		limit >= parts
			? { limit: Math.floor(limit / parts), windowMs }
			: { limit: 1, windowMs: Math.ceil((windowMs * parts) / limit) },
	);
}

/**
 * Proactive budget for one credential and one family of calls.
 * Remembers when calls went out and tells how long the next one has to wait.
 */
export class Quota {
	private calls: number[] = [];

	/** Set from the vendor's headers: no call before this time (epoch ms). */
	private blockedUntil = 0;

	/** Newest time that a caller named. */
	private latest = 0;

	constructor(private readonly windows: readonly QuotaWindow[]) {}

	/**
	 * Books the next call.
	 *
	 * @returns milliseconds to wait before sending it (0: now)
	 */
	reserve(now: number): number {
		const wait = this.wait(now);
		this.calls.push(now + wait);
		return wait;
	}

	/**
	 * A booked call was answered: it may have reached the vendor as late as now, and that is when it counts there.
	 *
	 * @param booked time that the call was booked for
	 */
	answered(booked: number, now: number): void {
		this.latest = Math.max(this.latest, now);
		const index = this.calls.lastIndexOf(booked);
		if (index === -1) return;
		this.calls.splice(index, 1);
		const place = this.calls.findIndex((call) => call > now);
		this.calls.splice(place === -1 ? this.calls.length : place, 0, now);
	}

	/** What `reserve` would answer, without booking. */
	wait(now: number): number {
		this.followClock(now);
		this.forget(now);
		const last = this.calls[this.calls.length - 1] ?? 0;
		return (
			Math.max(now, this.blockedUntil, last, ...this.windows.map((window) => this.earliest(window))) - now
		);
	}

	/** Calls that each limit still allows. */
	remaining(now: number): (QuotaWindow & { remaining: number })[] {
		return this.windows.map(({ limit, windowMs }) => {
			const used = this.calls.filter((call) => call > now - windowMs).length;
			return { limit, windowMs, remaining: now < this.blockedUntil ? 0 : Math.max(0, limit - used) };
		});
	}

	/** The vendor said that nothing is left until `until` (epoch ms). */
	block(until: number): void {
		this.blockedUntil = Math.max(this.blockedUntil, until);
	}

	/** When the computer's clock is put back, what was booked moves with it: nobody waits for the difference. */
	private followClock(now: number): void {
		const back = this.latest - now;
		if (back > 0) {
			this.calls = this.calls.map((call) => call - back);
			this.blockedUntil -= back;
		}
		this.latest = now;
	}

	private forget(now: number): void {
		const longest = Math.max(0, ...this.windows.map((window) => window.windowMs));
		const kept = this.calls.findIndex((call) => call > now - longest);
		this.calls.splice(0, kept === -1 ? this.calls.length : kept);
	}

	private earliest({ limit, windowMs }: QuotaWindow): number {
		const blocking = this.calls[this.calls.length - limit];
		return blocking === undefined ? 0 : blocking + windowMs;
	}
}
