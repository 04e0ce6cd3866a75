/** What is kept: when an id was seen first, epoch ms. */
export interface SeenState {
	seen?: Record<string, number>;
}

/** Longer than anything is accepted after it happened, so that nothing can come again unnoticed. */
const KEEP_MS = 30 * 60_000;
const MAX_KEPT = 2_000;

/** Remembers ids for half an hour, in a state that somebody else keeps. */
export class Seen {
	constructor(
		private readonly state: SeenState,
		private readonly now: number,
	) {}

	has(id: string): boolean {
		const at = this.state.seen?.[id];
		return at !== undefined && this.now - at < KEEP_MS;
	}

	add(id: string): void {
		const known = Object.entries(this.state.seen ?? {}).filter(([, at]) => this.now - at < KEEP_MS);
		this.state.seen = Object.fromEntries([...known, [id, this.now] as const].slice(-MAX_KEPT));
	}

	forget(id: string): void {
		const { [id]: _gone, ...rest } = this.state.seen ?? {};
		this.state.seen = rest;
	}
}
