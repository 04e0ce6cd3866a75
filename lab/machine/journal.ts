/** One call as the vendor's side saw it. */
export interface JournalEntry {
	seq: number;
	/** ISO 8601, UTC, milliseconds; true time, whatever the vendor's clock says. */
	time: string;
	/** Vendor name, or `unknown` for a host that the lab does not play. */
	vendor: string;
	method: string;
	/** Path and query; values of secret query parameters are masked. For an unknown host, `host:port`. */
	path: string;
	/** `null` when no answer was sent (faults `reset` and `timeout`). */
	status: number | null;
	durationMs: number;
	/** Kind of the fault that was played, if any. */
	fault?: string;
	/** What the caller did wrong, if anything. */
	violation?: string;
	/** A 429 that no fault asked for: the caller broke a published limit. */
	avoidable429: boolean;
	/** The simulator itself failed: a defect of the lab, not of the caller. */
	labError?: string;
}

export interface Totals {
	calls: number;
	violations: number;
	/** Avoidable 429 answers. */
	rateLimited: number;
	labErrors: number;
}

export interface JournalTotals extends Totals {
	/** Connections to hosts that the lab does not play; not counted as calls. */
	refused: number;
	byVendor: Record<string, Totals>;
}

export interface JournalFilter {
	vendor?: string;
	method?: string;
	/** Part of the path, or with `*` a pattern for the whole path without query. */
	path?: string;
	status?: number;
	violations?: boolean;
	/** Entries after this sequence number, oldest first. */
	since?: number;
	limit?: number;
}

export type NewEntry = Omit<JournalEntry, 'seq' | 'avoidable429'>;

export const UNKNOWN_VENDOR = 'unknown';

const SECRET_NAME = /key|token|secret|passw|pwd|signature|credential|auth|unlock_code|assertion/i;
const MASK = '***';

/** Path and query of a URL, safe to keep and show. */
export function maskedPath(url: URL): string {
	if (![...url.searchParams.keys()].some((name) => SECRET_NAME.test(name))) return url.pathname + url.search;
	const query = [...url.searchParams].map(([name, value]) => {
		const shown = SECRET_NAME.test(name) ? MASK : encodeURIComponent(value);
		return `${encodeURIComponent(name)}=${shown}`;
	});
	return `${url.pathname}?${query.join('&')}`;
}

/** Whether a path fits a pattern in which `*` stands for any characters. */
export function pathMatches(pattern: string, path: string): boolean {
	const source = pattern
		.split('*')
		.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
		.join('.*');
	return new RegExp(`^${source}$`).test(path);
}

/** What every vendor received, newest `capacity` entries; the totals never forget. */
export class Journal {
	private readonly ring: JournalEntry[] = [];

	private nextSeq = 1;

	private refused = 0;

	private readonly byVendor = new Map<string, Totals>();

	constructor(private readonly capacity = 200_000) {}

	add(entry: NewEntry): JournalEntry {
		const avoidable429 = entry.status === 429 && entry.fault === undefined;
		const full = { seq: this.nextSeq, ...entry, avoidable429 };
		this.ring[(this.nextSeq - 1) % this.capacity] = full;
		this.nextSeq++;
		this.count(full);
		return full;
	}

	/** Newest `limit` entries that fit, or with `since` the first `limit` after it; always oldest first. */
	query(filter: JournalFilter = {}): { entries: JournalEntry[]; total: number; totals: JournalTotals } {
		const { limit = 1000, since } = filter;
		const fitting = this.inOrder().filter((entry) => fits(entry, filter));
		const entries = since === undefined ? fitting.slice(-limit) : fitting.slice(0, limit);
		return { entries: limit === 0 ? [] : entries, total: fitting.length, totals: this.totals() };
	}

	totals(): JournalTotals {
		const sum: Totals = { calls: 0, violations: 0, rateLimited: 0, labErrors: 0 };
		for (const totals of this.byVendor.values()) {
			for (const name of Object.keys(sum) as (keyof Totals)[]) sum[name] += totals[name];
		}
		return { ...sum, refused: this.refused, byVendor: Object.fromEntries(this.byVendor) };
	}

	clear(): void {
		this.ring.length = 0;
		this.nextSeq = 1;
		this.refused = 0;
		this.byVendor.clear();
	}

	private inOrder(): JournalEntry[] {
		const oldest = (this.nextSeq - 1) % this.capacity;
		if (this.nextSeq - 1 <= this.capacity) return this.ring;
		return [...this.ring.slice(oldest), ...this.ring.slice(0, oldest)];
	}

	private count(entry: JournalEntry): void {
		if (entry.vendor === UNKNOWN_VENDOR) {
			this.refused++;
			return;
		}
		const totals = this.byVendor.get(entry.vendor) ?? {
			calls: 0,
			violations: 0,
			rateLimited: 0,
			labErrors: 0,
		};
		totals.calls++;
		if (entry.violation !== undefined) totals.violations++;
		if (entry.avoidable429) totals.rateLimited++;
		if (entry.labError !== undefined) totals.labErrors++;
		this.byVendor.set(entry.vendor, totals);
	}
}

function fits(entry: JournalEntry, filter: JournalFilter): boolean {
	return (
		(filter.since === undefined || entry.seq > filter.since) &&
		(filter.vendor === undefined || entry.vendor === filter.vendor) &&
		(filter.method === undefined || entry.method === filter.method.toUpperCase()) &&
		(filter.status === undefined || entry.status === filter.status) &&
		(!filter.violations || entry.violation !== undefined) &&
		(filter.path === undefined || pathFits(filter.path, entry.path))
	);
}

function pathFits(wanted: string, path: string): boolean {
	return wanted.includes('*') ? pathMatches(wanted, path.split('?')[0]) : path.includes(wanted);
}
