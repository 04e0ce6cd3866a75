/** Counts per key in a window that slides; in this process. */
export class RateLimit {
	private readonly times = new Map<string, number[]>();

	constructor(private readonly windowMs: number) {}

	/**
	 * Counts one more, unless the limit is reached.
	 *
	 * @param now epoch ms
	 * @returns seconds to wait, 0 when it may go on
	 */
	take(key: string, limit: number, now: number): number {
		const recent = this.recent(key, now);
		if (recent.length >= limit) return Math.max(1, Math.ceil((recent[0] + this.windowMs - now) / 1_000));
		recent.push(now);
		this.times.set(key, recent);
		return 0;
	}

	/** Takes back the newest count of a key. */
	giveBack(key: string): void {
		const times = this.times.get(key);
		times?.pop();
		if (times?.length === 0) this.times.delete(key);
	}

	/** Seconds to wait, without counting. */
	wait(key: string, limit: number, now: number): number {
		const recent = this.recent(key, now);
		return recent.length < limit ? 0 : Math.max(1, Math.ceil((recent[0] + this.windowMs - now) / 1_000));
	}

	/** Keys that nobody uses any more are forgotten on the way, so that no stranger can fill the memory. */
	private recent(key: string, now: number): number[] {
		if (this.times.size > 10_000) {
			for (const [other, at] of this.times) if (now - at[at.length - 1] >= this.windowMs) this.times.delete(other);
		}
		return (this.times.get(key) ?? []).filter((at) => now - at < this.windowMs);
	}
}
