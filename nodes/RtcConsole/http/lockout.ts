/** Failures that cost nothing: typing errors. */
const FREE_FAILURES = 4;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 60 * 60_000;
/** Failures are forgotten so long after the last one. */
const MEMORY_MS = 24 * 60 * 60_000;
const MAX_ENTRIES = 10_000;
/** How long to wait when too many tries are under way. */
const UNDER_WAY_MS = 1_000;

interface Entry {
	failures: number;
	lockedUntilMs: number;
	lastMs: number;
}

/** Counts failed sign-ins per user and address; each lock lasts twice as long as the one before. */
export class Lockout {
	private readonly entries = new Map<string, Entry>();
	/** Tries whose outcome is not known yet. */
	private readonly underWay = new Map<string, number>();

	/** Milliseconds until the next try is allowed; 0 when it is now. Tries under way count as failures. */
	waitMs(user: string, address: string, nowMs: number): number {
		const key = keyOf(user, address);
		const { failures = 0, lockedUntilMs = 0 } = this.entries.get(key) ?? {};
		if (lockedUntilMs > nowMs) return lockedUntilMs - nowMs;
		const underWay = this.underWay.get(key) ?? 0;
		return underWay > 0 && failures + underWay > FREE_FAILURES ? UNDER_WAY_MS : 0;
	}

	/** Does the work of one try, up to its `failed` or `succeeded`. */
	async during<T>(user: string, address: string, work: () => Promise<T>): Promise<T> {
		const key = keyOf(user, address);
		this.underWay.set(key, (this.underWay.get(key) ?? 0) + 1);
		try {
			return await work();
		} finally {
			const left = (this.underWay.get(key) ?? 1) - 1;
			if (left > 0) this.underWay.set(key, left);
			else this.underWay.delete(key);
		}
	}

	/** @returns for how long this failure locks, in milliseconds; 0 when it doesn't. */
	failed(user: string, address: string, nowMs: number): number {
		const key = keyOf(user, address);
		const known = this.entries.get(key);
		const failures = known && nowMs - known.lastMs < MEMORY_MS ? known.failures + 1 : 1;
		const beyond = failures - FREE_FAILURES - 1;
		const lockMs = beyond < 0 ? 0 : Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * Math.pow(2, beyond));
		this.entries.delete(key);
		if (this.entries.size >= MAX_ENTRIES) this.forgetOne(nowMs);
		this.entries.set(key, { failures, lockedUntilMs: nowMs + lockMs, lastMs: nowMs });
		return lockMs;
	}

	succeeded(user: string, address: string): void {
		this.entries.delete(keyOf(user, address));
	}

	/** The oldest that is not locked: nobody gets a lock lifted by filling the list with other names. */
	private forgetOne(nowMs: number): void {
		for (const [key, { lockedUntilMs }] of this.entries) {
			if (lockedUntilMs <= nowMs) return void this.entries.delete(key);
		}
		const oldest = this.entries.keys().next();
		if (!oldest.done) this.entries.delete(oldest.value);
	}
}

function keyOf(user: string, address: string): string {
	return JSON.stringify([user, address]);
}
