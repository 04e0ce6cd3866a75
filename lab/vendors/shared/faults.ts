import type { Vendor } from '../../machine/vendor';

/** Misbehaviour that the lab can switch on in a vendor, beyond what it does to any call by itself. */
export interface FaultHooks {
	/** `false`, `0` and undefined switch a fault off. Throws for a fault the vendor doesn't know. */
	setFault(name: string, value: unknown): void;
	/** Makes all tokens issued so far expire. */
	expireTokens?(): void;
}

export type FaultyVendor = Vendor & FaultHooks;

/** Faults of feeds that are read page by page. */
export interface FeedFaults {
	/** Elements of the previous page that later pages repeat, as when new ones arrive while a client pages; true: all. */
	duplicatePage: number | boolean;
	/** Whether a page's elements come in reverse order. */
	reorderPage: boolean;
	/** Seconds after its own date at which an event becomes visible. */
	lateEvents: number;
}

/** A healthy feed. */
export function noFeedFaults(): FeedFaults {
	return { duplicatePage: false, reorderPage: false, lateEvents: 0 };
}

/** Elements that pages after the first repeat under the fault. */
export function repeatedElements(faults: FeedFaults, limit: number): number {
	return faults.duplicatePage === true ? limit : Number(faults.duplicatePage);
}

/** Cuts one page out of all matches, with the faults that are on. `total` counts what a client would count. */
export function faultyPage<T>(
	matches: readonly T[],
	offset: number,
	limit: number,
	faults: FeedFaults,
): { page: T[]; total: number } {
	const repeated = repeatedElements(faults, limit);
	const start = Math.max(0, offset - repeated);
	const page = matches.slice(start, start + limit);
	if (faults.reorderPage) page.reverse();
	return { page, total: matches.length > limit ? matches.length + repeated : matches.length };
}
