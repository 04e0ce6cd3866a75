/** How often work is done; ms. */
const TICK_MS = 50;

/** Does work again and again while it is on. It keeps no process alive. */
export interface Ticker {
	turn(on: boolean): void;
}

export function createTicker(work: () => void): Ticker {
	let timer: NodeJS.Timeout | undefined;
	return {
		turn(on) {
			if (on && timer === undefined) timer = setInterval(work, TICK_MS).unref();
			if (on) return;
			clearInterval(timer);
			timer = undefined;
		},
	};
}
