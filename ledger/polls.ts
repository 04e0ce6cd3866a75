import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Cursor, PollUnderWay } from './api';
import type { Change } from './change';
import { LedgerError } from './errors';
import type { CursorOptions, PollOptions } from './service';
import type { CursorRow, PollLease } from './store/store';
import { iso } from './time';

const HOUR_MS = 3_600_000;

/** The span that the next poll of a source has to read. */
export function spanOf(source: string, row: CursorRow | undefined, options: CursorOptions, nowMs: number): Cursor {
	const { overlapSeconds, firstLookbackSeconds, longestSpanSeconds = 0, lateSeconds = 0 } = options;
	const positionMs = row?.position === undefined ? undefined : Date.parse(row.position);
	const startMs = Math.min(positionMs ?? nowMs - firstLookbackSeconds * 1000, nowMs);
	const toMs = longestSpanSeconds > 0 ? Math.min(nowMs, startMs + longestSpanSeconds * 1000) : nowMs;
	const looksBack = positionMs !== undefined && toMs === nowMs && hourOf(startMs) !== hourOf(toMs);
	const backSeconds = Math.max(positionMs === undefined ? 0 : overlapSeconds, looksBack ? lateSeconds : 0);
	return {
		source,
		...(row?.position !== undefined && { position: row.position }),
		from: iso(startMs - backSeconds * 1000),
		to: iso(toMs),
		...(toMs < nowMs && { behind: true as const }),
		...(row && { lastPollAt: iso(row.lastPollMs) }),
	};
}

/**
 * The first poll after the full hour looks back for late events. That takes no memory: a poll that fails leaves the
 * position before the hour, so that the next one looks back.
 */
const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);

/** Gives the span of the next poll and leases the source to it, unless another poll is under way. */
export async function beginPoll(change: Change, given: string, options: PollOptions): Promise<Cursor | PollUnderWay> {
	const source = given.trim();
	if (source === '') throw new LedgerError('invalidValue', 'The source must not be empty');
	const row = (await change.tx.sources()).find((known) => known.source === source);
	const leaseMs = options.leaseSeconds * 1000;
	if (row?.lease && isHeld(row.lease, leaseMs, change.nowMs)) return { source, underWayUntil: iso(row.lease.untilMs) };
	const cursor = spanOf(source, await change.tx.cursor(source), options, change.nowMs);
	const lease = { to: cursor.to, untilMs: change.nowMs + leaseMs, holder: THIS_PROCESS };
	await change.tx.saveSources([{ ...(row ?? { source, failures: 0 }), lease }]);
	return cursor;
}

/** A poll has kept how far it read: its lease ends, and no other's that may have begun since. */
export async function endPoll(change: Change, source: string, position: string): Promise<void> {
	const row = (await change.tx.sources()).find((known) => known.source === source);
	if (row?.lease?.to === position) await change.tx.saveSources([{ ...row, lease: undefined }]);
}

/** A lease that ends much later than one begun now comes from a clock that was wrong. */
function isHeld({ untilMs, holder }: PollLease, leaseMs: number, nowMs: number): boolean {
	return untilMs > nowMs && untilMs - nowMs <= 2 * leaseMs && !isGone(holder);
}

interface Holder {
	host: string;
	pid: number;
	/** When the process began: numbers of processes are given again. */
	since: number;
}

/** Its origin stays when the clock is set. */
const THIS_PROCESS: Holder = { host: hostname(), pid: process.pid, since: Math.trunc(performance.timeOrigin) };

/** Whether a process of this machine has ended. Of other machines nobody knows: their leases run out. */
export function isGone({ host, pid, since }: Holder): boolean {
	if (host !== THIS_PROCESS.host) return false;
	if (pid === THIS_PROCESS.pid) return since !== THIS_PROCESS.since;
	try {
		process.kill(pid, 0);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ESRCH';
	}
}
