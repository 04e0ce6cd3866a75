import type { HostRole } from '../world/world';

/** Which hosts may play a part, and how many of them. The seed decides among those that fit. */
export interface Part {
	count: number;
	/** Default `laptop`. */
	role?: HostRole;
	/** One host by name, e.g. `ceo-laptop`. */
	hostname?: string;
	/** `false`: also hosts without a connector. Default: only hosts with one. */
	connector?: boolean;
	/** Hosts that share a dock's MAC or a hostname with another. Default `false`: they are left out. */
	ambiguous?: boolean;
	/** Only hosts of the fleet that the scenario asked for with `fleet`. */
	fleet?: boolean;
	/** Ground truth: it really is compromised. */
	infected?: boolean;
}

/**
 * One thing that happens to every host of a part. Strings in `data` may hold `{n}` (number of the repetition),
 * `{sha256}` and `{word}` (made up anew for every event).
 */
export interface Step {
	/** Part it happens to. */
	who: string;
	/** Milliseconds from the start, at speed 1. */
	atMs: number;
	/** Hosts follow each other at random within this time. */
	spreadMs?: number;
	/** How often it happens to each host; default once. */
	times?: number;
	/** Time between repetitions. */
	everyMs?: number;
	vendor: string;
	/** Event type in the vendor's own terms; see the vendor's `emit`. */
	type: string;
	data?: Record<string, unknown>;
}

/** What must be true at the end, whatever the order in which the sources were read. Names parts. */
export interface Expectation {
	/** Parts whose every host must have been contained automatically. */
	contain: string[];
	/** Parts whose hosts may have been contained automatically. Nobody else may. */
	mayContain?: string[];
	/** Automatic containments in all. */
	maxAutomatic: number;
	/** The same in words. */
	text: string;
}

/** An attack, or a day without one, as data. */
export interface Scenario {
	name: string;
	title: string;
	story: string;
	/** Until it is over, at speed 1; the last event comes earlier, so that there is time to react. */
	durationMs: number;
	/** Extra laptops that the company needs for this. */
	fleet?: number;
	/** No host plays two parts. */
	parts: Record<string, Part>;
	steps: Step[];
	expectation: Expectation;
}
