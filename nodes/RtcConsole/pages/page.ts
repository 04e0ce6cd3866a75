import type { LedgerService } from '../../../ledger/service';
import type { ActionName } from '../actions/catalogue';
import type { Markup } from '../view/html';

/** What a console user may do; each role may do all that those before it may. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface ConsoleUser {
	name: string;
	role: Role;
}

/** What a page needs to draw itself. A page reads; it changes nothing. */
export interface PageContext {
	ledger: LedgerService;
	nowMs: number;
	user: ConsoleUser;
	/** Path segments after the page's own, decoded: `['mac', 'AA:BB:…']` for an entity. */
	segments: readonly string[];
	query: URLSearchParams;
	/**
	 * Fields of a form that was posted to this page to look at something first, e.g. a policy draft. It came with the
	 * anti-forgery token of the action that its form was made for, and changes nothing.
	 */
	posted?: URLSearchParams;
	/** Address of a page of this console, e.g. `href('entities', ['mac'], { sort: 'score' })`. Everything is encoded. */
	href(page: string, segments?: readonly string[], query?: Record<string, string | number | undefined>): string;
	/**
	 * A form that posts one action on one object, with its anti-forgery token. `fields` are hidden values; `body`
	 * holds visible inputs and the button. Shows nothing to users whose role may not do it.
	 */
	form(action: ActionName, object: string, options: { fields?: Record<string, string>; body: Markup }): Markup;
	may(action: ActionName): boolean;
	/** Where a product's own console shows things, by settings of the node; undefined when it was not given. */
	pivots: Pivots;
}

/** Base addresses of the products' own consoles, without a slash at the end. */
export interface Pivots {
	secureEndpoint?: string;
	umbrella?: string;
	secureNetworkAnalytics?: string;
	ise?: string;
	xdr?: string;
}

/** A page of markup, or a file to download. */
export type PageContent =
	| { title: string; body: Markup; status?: number; /** Seconds until it draws itself anew. */ refreshSeconds?: number }
	| { fileName: string; contentType: string; lines: AsyncIterable<string> };

/** One page of the console. */
export interface ConsolePage {
	/** First path segment, e.g. `approvals`. */
	path: string;
	/** Text of the link in the navigation; without one, it is reached through other pages. */
	navigation?: string;
	/** Lowest role that may see it. */
	role: Role;
	content(context: PageContext): Promise<PageContent | undefined>;
	/**
	 * Forms of this action may be posted to this page, at this segment, to look at something first (see
	 * `PageContext.posted`): its buttons name that address in `formaction`.
	 */
	drafts?: { segment: string; action: ActionName };
}
