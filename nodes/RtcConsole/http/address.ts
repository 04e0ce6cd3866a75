/** Names in an address that the console itself uses. */
const PAGE = 'page';
const SEGMENT = 'of';
const NOTICE = 'done';

export interface Address {
	page: string;
	segments: string[];
	/** What the page itself asked for. */
	query: URLSearchParams;
	/** Signed word about what was just done. */
	notice: string | undefined;
}

/**
 * Reads an address. Everything is in the query: n8n gives a node one path, and a query carries any character without
 * a proxy or router decoding it on the way.
 */
export function readAddress(query: URLSearchParams, firstPage: string): Address {
	const own = new URLSearchParams([...query].filter(([name]) => ![PAGE, SEGMENT, NOTICE].includes(name)));
	return {
		page: query.get(PAGE) ?? firstPage,
		segments: query.getAll(SEGMENT),
		query: own,
		notice: query.get(NOTICE) ?? undefined,
	};
}

/** Address of a page, relative to the console's own. */
export function addressOf(
	page: string,
	segments: readonly string[] = [],
	query: Record<string, string | number | undefined> = {},
): string {
	const out = new URLSearchParams({ [PAGE]: page });
	for (const segment of segments) out.append(SEGMENT, segment);
	for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') out.append(name, String(value));
	return `?${out}`;
}

/** The same address with a notice, or without one. */
export function withNotice({ page, segments, query }: Omit<Address, 'notice'>, notice?: string): URLSearchParams {
	const out = new URLSearchParams(addressOf(page, segments));
	for (const [name, value] of query) out.append(name, value);
	if (notice !== undefined) out.append(NOTICE, notice);
	return out;
}
