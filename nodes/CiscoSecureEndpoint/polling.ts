import type { PollState } from '../shared/pollState';
import { eventTimeMs } from './detections';
import type { VendorEvent } from './events';

/**
 * The events that were not emitted before, and the state that says that they were. An event from the future, of a
 * computer whose clock is wrong, does not take the position there: everything up to then would be missed.
 * @param state The position is the time of the newest event that was emitted, epoch ms; what was seen are their ids
 */
export function takeNew(
	state: Required<Pick<PollState, 'position' | 'seen'>>,
	events: VendorEvent[],
	idOf: (event: VendorEvent) => string,
	overlapMs: number,
	now: number,
): { fresh: VendorEvent[]; position: number; seen: Record<string, number> } {
	const fresh = events.filter((event) => !(idOf(event) in state.seen));
	const times = fresh.map((event) => eventTimeMs(event) ?? 0);
	const position = Math.max(state.position, ...times.map((time) => Math.min(time, now)));
	const all = { ...state.seen, ...Object.fromEntries(fresh.map((event, i) => [idOf(event), times[i]])) };
	const boundary = wholeSecond(position - overlapMs);
	return {
		fresh,
		position,
		seen: Object.fromEntries(Object.entries(all).filter(([, time]) => time >= boundary)),
	};
}

/** Where the next poll starts to read: the API counts in whole seconds. */
export const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;
