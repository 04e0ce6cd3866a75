import { eventTimeMs } from './detections';
import type { VendorEvent } from './events';

/** What a trigger keeps from poll to poll, in n8n's static data. */
export interface PollState {
	/** Epoch ms of the first poll: nothing from before is emitted. */
	startedAt?: number;
	/** Epoch ms of the newest event that was emitted; the time of activation before the first one. */
	position?: number;
	/** Ids emitted within the overlap before `position`, with their times in epoch ms. */
	seen?: Record<string, number>;
	lastSuccessAt?: number;
	/** When an event last came, or an alarm about silence was raised. */
	lastSignAt?: number;
}

/**
 * The events that were not emitted before, and the state that says that they were. An event from the future, of a
 * computer whose clock is wrong, does not take the position there: everything up to then would be missed.
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

/** Whether something that should have happened by now has not. 0 minutes is no alarm. */
export function isOverdue(lastAt: number, now: number, minutes: number): boolean {
	return minutes > 0 && now - lastAt >= minutes * 60_000;
}
