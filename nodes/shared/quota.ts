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
 *
 * A call may reach the vendor at any moment between its sending and its answer, and a busy process sends late what
 * it booked in time. So a call counts as just sent until it is answered, and asks again when its turn has come.
 */
export class Quota {
	/** When calls were answered, in order. */
	private sent: number[] = [];

	/** Calls that were sent and not yet answered. */
	private onTheirWay = 0;

	/** Times of calls that wait for their turn, in order. */
	private booked: number[] = [];

	/** Set from the vendor's headers: no call before this time (epoch ms). */
	private blockedUntil = 0;

	/** Newest time that a caller named. */
	private latest = 0;

	constructor(private readonly windows: readonly QuotaWindow[]) {}

	/**
	 * Books the next call.
	 *
	 * @returns milliseconds to wait before it can `start` (0: now)
	 */
	reserve(now: number): number {
		const wait = this.wait(now);
		this.booked.push(now + wait);
		return wait;
	}

	/**
	 * The turn of a booked call has come.
	 *
	 * @param booked time that the call was booked for
	 * @returns 0: it is to be sent now, and reported with `answered`. Else milliseconds to wait for a new turn,
	 *   which is booked
	 */
	start(booked: number, now: number): number {
		this.followClock(now);
		this.cancel(booked);
		const wait = this.waitBehind(0, now);
		if (wait > 0) this.booked = [...this.booked, now + wait].sort((a, b) => a - b);
		else this.onTheirWay++;
		return wait;
	}

	/** A call that had started was answered, or given up: it may have reached the vendor as late as now. */
	answered(now: number): void {
		this.followClock(now);
		this.onTheirWay--;
		this.sent.push(now);
	}

	/** A booked call went out at another time than it was booked for. */
	move(booked: number, now: number): void {
		this.followClock(now);
		if (this.cancel(booked)) this.sent.push(now);
	}

	/** A booked call is not going to be made. */
	cancel(booked: number): boolean {
		const index = this.booked.lastIndexOf(booked);
		if (index !== -1) this.booked.splice(index, 1);
		return index !== -1;
	}

	/** What `reserve` would answer, without booking. */
	wait(now: number): number {
		this.followClock(now);
		this.forget(now);
		const last = this.booked[this.booked.length - 1] ?? 0;
		return Math.max(last - now, this.waitBehind(this.booked.length, now));
	}

	/** Calls that each limit still allows. */
	remaining(now: number): (QuotaWindow & { remaining: number })[] {
		return this.windows.map(({ limit, windowMs }) => {
			const used =
				this.onTheirWay + [...this.sent, ...this.booked].filter((call) => call > now - windowMs).length;
			return { limit, windowMs, remaining: now < this.blockedUntil ? 0 : Math.max(0, limit - used) };
		});
	}

	/** The vendor said that nothing is left until `until` (epoch ms). */
	block(until: number): void {
		this.blockedUntil = Math.max(this.blockedUntil, until);
	}

	/** When the computer's clock is put back, what is known moves with it: nobody waits for the difference. */
	private followClock(now: number): void {
		const back = this.latest - now;
		if (back > 0) {
			this.sent = this.sent.map((call) => call - back);
			this.booked = this.booked.map((call) => call - back);
			this.blockedUntil -= back;
		}
		this.latest = now;
	}

	private forget(now: number): void {
		const longest = Math.max(0, ...this.windows.map((window) => window.windowMs));
		for (const calls of [this.sent, this.booked]) {
			const kept = calls.findIndex((call) => call > now - longest);
			calls.splice(0, kept === -1 ? calls.length : kept);
		}
	}

	/** How long a call has to wait for those that were sent, and for the last `booked` of those that wait. */
	private waitBehind(booked: number, now: number): number {
		const earliest = this.windows.map((window) => this.earliest(window, booked, now));
		return Math.max(now, this.blockedUntil, ...earliest) - now;
	}

	private earliest({ limit, windowMs }: QuotaWindow, booked: number, now: number): number {
		const ofSent = limit - booked;
		let blocking: number | undefined;
		if (ofSent <= 0) blocking = this.booked[this.booked.length - limit];
		else if (ofSent <= this.onTheirWay) blocking = now;
		else blocking = this.sent[this.sent.length - (ofSent - this.onTheirWay)];
		return blocking === undefined ? 0 : blocking + windowMs;
	}
}
