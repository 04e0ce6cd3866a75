/** Failures that cost nothing: typing errors. */
const FREE_FAILURES = 4;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 60 * 60_000;
/** Failures are forgotten so long after the last one. */
const MEMORY_MS = 24 * 60 * 60_000;
const MAX_ENTRIES = 10_000;

interface Entry {
	failures: number;
	lockedUntilMs: number;
	lastMs: number;
}

/** Counts failed sign-ins per user and address; each lock lasts twice as long as the one before. */
export class Lockout {
	private readonly entries = new Map<string, Entry>();

	/** Milliseconds until the next try is allowed; 0 when it is now. */
	waitMs(user: string, address: string, nowMs: number): number {
		return Math.max(0, (this.entries.get(keyOf(user, address))?.lockedUntilMs ?? 0) - nowMs);
	}

	/** @returns for how long this failure locks, in milliseconds; 0 when it doesn't. */
	failed(user: string, address: string, nowMs: number): number {
		const key = keyOf(user, address);
		const known = this.entries.get(key);
		const failures = known && nowMs - known.lastMs < MEMORY_MS ? known.failures + 1 : 1;
		const beyond = failures - FREE_FAILURES - 1;
		const lockMs = beyond < 0 ? 0 : Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * Math.pow(2, beyond));
		this.entries.delete(key);
		this.entries.set(key, { failures, lockedUntilMs: nowMs + lockMs, lastMs: nowMs });
		const oldest = this.entries.keys().next();
		if (this.entries.size > MAX_ENTRIES && !oldest.done) this.entries.delete(oldest.value);
		return lockMs;
	}

	succeeded(user: string, address: string): void {
		this.entries.delete(keyOf(user, address));
	}
}

function keyOf(user: string, address: string): string {
	return JSON.stringify([user, address]);
}
