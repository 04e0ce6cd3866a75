import { PXGRID_NODES, type PxGridNode } from './model';

/**
 * - `pxgridApproval`: `auto` (default: a pending account is enabled after a few seconds), `manual` (it stays
 *   pending), `approve` (an administrator enables all pending accounts now), `disable` (an administrator disables
 *   all accounts now); the last two leave the mode as it is
 * - `pxgridNodeDown`: 1 or 2, the node that does not answer and closes its WebSockets
 * - `pxgridDrop`: closes all WebSockets, once
 * - `pxgridEmptyReply`: that many of the next session replies come as 200 without body
 * - `pxgridImmediate`: ANC operations end within the call, so that the first answer has the outcome
 * - `pxgridLostMessages`: that many of the next messages about sessions reach nobody, though they have numbers
 * - `pxgridRestart`: the publisher starts again and numbers messages from 0, once
 * - `pxgridOperationFails`: that many of the next ANC operations end in FAILURE
 */
export const PXGRID_FAULTS = [
	'pxgridApproval',
	'pxgridNodeDown',
	'pxgridDrop',
	'pxgridEmptyReply',
	'pxgridImmediate',
	'pxgridOperationFails',
	'pxgridLostMessages',
	'pxgridRestart',
] as const;
export type PxGridFault = (typeof PXGRID_FAULTS)[number];

export function isPxGridFault(name: string): name is PxGridFault {
	return PXGRID_FAULTS.some((known) => known === name);
}

/** A count that faults set and calls use up. */
export interface Countdown {
	set(value: unknown): void;
	/** Whether one was left; uses it up. */
	take(): boolean;
}

/** Throws in `set` for anything but a whole number; undefined and false are none. */
export function createCountdown(name: PxGridFault): Countdown {
	let left = 0;
	return {
		set(value) {
			const count = Number(value ?? 0);
			if (!Number.isInteger(count) || count < 0) throw new Error(`${name} takes a whole number`);
			left = count;
		},
		take() {
			if (left === 0) return false;
			left -= 1;
			return true;
		},
	};
}

/** The node that `pxgridNodeDown` names; undefined ends the fault. Throws for another value. */
export function nodeOf(value: unknown): PxGridNode | undefined {
	if (value === undefined || value === false || value === 0) return undefined;
	const node = PXGRID_NODES.find(({ number }) => number === Number(value));
	if (!node) throw new Error('pxgridNodeDown takes 1 or 2');
	return node;
}
