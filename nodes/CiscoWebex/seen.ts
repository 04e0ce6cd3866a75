/** What is kept: when an id was seen first, epoch ms. */
export interface SeenState {
	seen?: Record<string, number>;
}

/** Longer than anything is accepted after it happened, so that nothing can come again unnoticed. */
export const KEEP_MS = 30 * 60_000;
const MAX_KEPT = 2_000;

/** Remembers ids, for half an hour unless told otherwise, in a state that somebody else keeps. */
export class Seen {
	constructor(
		private readonly state: SeenState,
		private readonly now: number,
		private readonly keepMs = KEEP_MS,
	) {}

	has(id: string): boolean {
		const at = this.state.seen?.[id];
		return at !== undefined && this.now - at < this.keepMs;
	}

	add(id: string): void {
		const known = Object.entries(this.state.seen ?? {}).filter(([, at]) => this.now - at < this.keepMs);
		this.state.seen = Object.fromEntries([...known, [id, this.now] as const].slice(-MAX_KEPT));
	}

	forget(id: string): void {
		const { [id]: _gone, ...rest } = this.state.seen ?? {};
		this.state.seen = rest;
	}
}
