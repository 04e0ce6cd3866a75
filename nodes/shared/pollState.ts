import type { Detection } from '../../ledger/detection';

/** A span of time, epoch ms. */
export interface TimeWindow {
	from: number;
	to: number;
}

/** What a trigger keeps between polls, in n8n's static data. Times in epoch ms. JSON-serialisable. */
export interface PollState {
	/** Up to here everything was read. */
	position?: number;
	/** Nothing older is ever emitted: where the first poll started. */
	floor?: number;
	/** Detections that were emitted and may be read again: short id → when they were last active. */
	seen?: Record<string, number>;
	failingSince?: number;
	alarmedAt?: number;
	lastDetectionAt?: number;
	silenceAlarmed?: boolean;
}

export interface PollTiming {
	/** Read again so much before the position, for activity that is reported late. */
	overlapMs: number;
	/** How far the first poll looks back. */
	lookbackMs: number;
	/** How long after its last activity a detection is known by its id. Default: the overlap. */
	rememberMs?: number;
}

/** What a span of time held, oldest first. */
export interface ReadDetections {
	detections: Detection[];
	/** When a detection that goes on was last active, by id, epoch ms. Others are over when they occur. */
	lastActive?: ReadonlyMap<string, number>;
}

const SLICE_MS = 60 * 60_000;

/**
 * Spans to read now, oldest first, one hour at most each, so that a poll that runs out of time has read a whole
 * span and can go on from there. The first one starts before the position, by the overlap.
 */
export function windowsToRead(
	state: PollState,
	now: number,
	{ overlapMs, lookbackMs }: PollTiming,
): TimeWindow[] {
	const floor = state.floor ?? now - lookbackMs;
	const start = state.position === undefined ? floor : Math.max(floor, state.position - overlapMs);
	const count = Math.max(1, Math.ceil((now - start) / SLICE_MS));
	return Array.from({ length: count }, (_, slice) => ({
		from: start + slice * SLICE_MS,
		to: Math.min(now, start + (slice + 1) * SLICE_MS),
	}));
}

/** Detections that were not emitted before. */
export function unseen(state: PollState, detections: readonly Detection[]): Detection[] {
	return detections.filter(({ id }) => !(shortId(id) in (state.seen ?? {})));
}

/** The state after `read` was read up to `window.to` and its new detections emitted. */
export function advanced(
	state: PollState,
	window: TimeWindow,
	{ detections, lastActive }: ReadDetections,
	{ overlapMs, rememberMs = overlapMs }: PollTiming,
): PollState {
	const position = Math.max(state.position ?? 0, window.to);
	const times: [string, number][] = detections.map(({ id, occurredAt }) => [
		shortId(id),
		lastActive?.get(id) ?? Date.parse(occurredAt),
	]);
	const kept = [...Object.entries(state.seen ?? {}), ...times].filter(
		([, time]) => time >= position - rememberMs - EDGE_MS,
	);
	return {
		position,
		floor: state.floor ?? window.from,
		seen: Object.fromEntries(kept),
		lastDetectionAt: detections.length > 0 ? position : (state.lastDetectionAt ?? position),
		silenceAlarmed: detections.length > 0 ? false : state.silenceAlarmed,
	};
}

/** Products count in whole seconds and round spans. */
const EDGE_MS = 2_000;

/** The vendor's id; of a digest enough to tell the detections of an overlap apart. */
function shortId(id: string): string {
	const vendorId = id.slice(id.indexOf(':') + 1);
	return vendorId.length > LONGEST_ID ? vendorId.slice(0, 20) : vendorId;
}

const LONGEST_ID = 60;

/**
 * The state after a failed poll, and whether it is time to raise an alarm: when the source has failed for
 * `alarmAfterMs`, or at once when waiting can't help or nothing was ever read; and again each time as long has passed.
 */
export function failed(
	state: PollState,
	now: number,
	alarmAfterMs: number,
	waitingHelps: boolean,
): { state: PollState; alarm: boolean } {
	const failingSince = state.failingSince ?? now;
	const bearable = waitingHelps && state.position !== undefined;
	const quietSince = state.alarmedAt ?? (bearable ? failingSince : 0);
	const alarm = now - quietSince >= alarmAfterMs;
	return { state: { ...state, failingSince, ...(alarm && { alarmedAt: now }) }, alarm };
}

/** Whether nothing has come for too long and nobody was told. `silentAfterMs` 0: never. */
export function isSilent(state: PollState, now: number, silentAfterMs: number): boolean {
	if (silentAfterMs <= 0 || state.silenceAlarmed || state.lastDetectionAt === undefined) return false;
	return now - state.lastDetectionAt >= silentAfterMs;
}
