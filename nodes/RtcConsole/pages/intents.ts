import type { Intent, IntentKind, IntentState, Page } from '../../../ledger/api';
import {
	actionButton, disclosure, elapsed, emptyState, INTENT_STATES, PAGE_SIZE, pageNumber, pager, searchForm, stateBadge, stateLabel, table,
	textField, time,
} from '../view/components';
import { html, type Markup } from '../view/html';
import { clip } from '../view/text';
import { hostLabel } from './approvals';
import type { ConsolePage, PageContext } from './page';

const KINDS: Readonly<Record<IntentKind, string>> = { contain: 'Containment', release: 'Release', notify: 'Notice' };

/** What is waiting, running and failed, and why. */
export const intents: ConsolePage = {
	path: 'intents',
	navigation: 'Intents',
	role: 'viewer',
	async content(context) {
		const { kind, state } = intentFilter(context.query);
		const offset = (pageNumber(context.query) - 1) * PAGE_SIZE;
		const found = await context.ledger.getIntents({ ...(kind && { kind }), ...(state && { state }), limit: PAGE_SIZE, offset });
		return { title: 'Intents', body: intentsView(context, found), refreshSeconds: 15 };
	},
};

/** What the address asks for; anything unknown asks for all. */
export function intentFilter(query: URLSearchParams): { kind?: IntentKind; state?: IntentState } {
	const kind = (Object.keys(KINDS) as IntentKind[]).find((known) => known === query.get('kind'));
	const state = INTENT_STATES.find((known) => known === query.get('state'));
	return { ...(kind && { kind }), ...(state && { state }) };
}

export function intentsView(context: PageContext, { items, ...length }: Page<Intent>): Markup {
	const filters = searchForm(context, 'intents', [
		{ name: 'state', label: 'State', choices: [['', 'Any'], ...INTENT_STATES.map((state) => [state, stateLabel(state)] as const)] },
		{ name: 'kind', label: 'Kind', choices: [['', 'Any'], ...Object.entries(KINDS)] },
	]);
	const rows = items.map((intent) => [
		html`<a href="${context.href('entity', [intent.trigger.kind, intent.trigger.key])}">${hostLabel(intent)}</a>`,
		KINDS[intent.kind],
		stateBadge(intent.state),
		html`${clip(intent.reason)}${intent.lastError !== undefined && html`<br><span class="quiet">Last error: ${clip(intent.lastError)}</span>`}`,
		html`${intent.attempts}`,
		next(context, intent),
		time(intent.createdAt),
		retryForm(context, intent),
	]);
	return html`${filters}${table(
		[
			{ label: 'Host' }, { label: 'Kind' }, { label: 'State' }, { label: 'Why' }, { label: 'Attempts', numeric: true },
			{ label: 'Next' }, { label: 'Opened' }, { label: 'Action' },
		],
		rows,
		{ caption: 'Intents, newest first', empty: empty(context) },
	)}${pager(context, 'intents', length)}`;
}

/** What happens next, and when. */
function next({ nowMs }: PageContext, { state, nextAttemptAt, leaseUntil, expiresAt, attempts }: Intent): Markup {
	const due = (label: string, iso: string | undefined, over: string) =>
		iso === undefined ? html`${label}` : Date.parse(iso) <= nowMs ? html`${over}` : html`${label} ${time(iso)} (in ${elapsed(Date.parse(iso) - nowMs)})`;
	switch (state) {
		case 'awaitingApproval':
			return due('Expires', expiresAt, 'Expires now');
		case 'pending':
			return due(attempts > 0 ? 'Next try' : 'Starts', nextAttemptAt, 'Due now');
		case 'claimed':
			return due('Lease ends', leaseUntil, 'The lease has ended; due again');
		case 'failed':
			return html`A person has to act`;
		default:
			return html`<span class="quiet">–</span>`;
	}
}

function retryForm(context: PageContext, { id, state }: Intent): Markup {
	if (state !== 'failed') return html``;
	const body = html`${textField('reason', 'Reason', { required: true })}${actionButton('retryIntent')}`;
	return disclosure('Retry', context.form('retryIntent', id, { body }));
}

function empty({ query, href }: PageContext): Markup {
	if (query.has('state') || query.has('kind')) {
		return emptyState('No intent fits the filter', html`Choose another state or kind, or <a href="${href('intents')}">show all</a>.`);
	}
	return emptyState('No intents yet', 'An intent is opened when an entity crosses the containment threshold, when an operator quarantines or releases a host, and for every message about it.');
}

