import { backoffMs, type RetryPolicy } from '../../shared/retry';
import type { Link } from './link';

/** Between connections; the waits of many n8n instances spread out. */
const RECONNECT: RetryPolicy = { attempts: Infinity, baseDelayMs: 1_000, maxDelayMs: 60_000 };

/** A connection that lasted this long was a good one: the next wait is short again. */
const GOOD_LINK_MS = 60_000;

/** Without any connection for so long, somebody has to know. */
const GIVE_UP_AFTER_MS = 10 * 60_000;

/** What a feed needs from its surroundings. */
export interface FeedParts {
	/** Connects to one of the pubsub nodes; `attempt` counts from 0 and tells which node comes first. */
	connect(attempt: number, signal: AbortSignal): Promise<Link>;
	/** Tells what was missed, then what arrived meanwhile. */
	recover(): Promise<void>;
	/** Whether trying again is of no use: the account was refused. */
	isFinal(error: Error): boolean;
	/** Something went wrong that is tried again. */
	onTrouble(error: Error, waitMs: number): void;
	wait(ms: number, signal: AbortSignal): Promise<void>;
	now(): number;
	random(): number;
}

/**
 * Keeps one connection open until the signal, connecting again with exponential backoff and jitter.
 *
 * @param onStarted called after the first connection and its recovery
 * @throws the last error, when the account is refused or no connection came about for ten minutes.
 */
export async function runFeed(parts: FeedParts, signal: AbortSignal, onStarted: () => void): Promise<void> {
	let failures = 0;
	let lastGood = parts.now();
	for (let attempt = 0; !signal.aborted; attempt++) {
		const since = parts.now();
		const { error, wasOpen } = await runLink(parts, attempt, signal, onStarted);
		if (signal.aborted) return;
		if (wasOpen) lastGood = parts.now();
		failures = wasOpen && parts.now() - since >= GOOD_LINK_MS ? 1 : failures + 1;
		if (parts.isFinal(error) || parts.now() - lastGood >= GIVE_UP_AFTER_MS) throw error;
		const wait = backoffMs(RECONNECT, Math.min(failures, 16), parts.random());
		parts.onTrouble(error, wait);
		await parts.wait(wait, signal);
	}
}

/** One connection from beginning to end; `wasOpen` when it got as far as telling what happens. */
async function runLink(
	parts: FeedParts,
	attempt: number,
	signal: AbortSignal,
	onOpen: () => void,
): Promise<{ error: Error; wasOpen: boolean }> {
	let link: Link | undefined;
	let wasOpen = false;
	const close = () => void link?.close();
	signal.addEventListener('abort', close);
	try {
		link = await parts.connect(attempt, signal);
		if (signal.aborted) await link.close();
		else await parts.recover();
		wasOpen = true;
		onOpen();
		return { error: await link.closed, wasOpen };
	} catch (error) {
		await link?.close();
		return { error: error as Error, wasOpen };
	} finally {
		signal.removeEventListener('abort', close);
	}
}
