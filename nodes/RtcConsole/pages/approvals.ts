import type { Intent, Page } from '../../../ledger/api';
import {
	actionButton, countOf, definitionList, disclosure, elapsed, emptyState, entityLink, notice, outsideLink, pageNumber, pager, points,
	section, table, textField, time,
} from '../view/components';
import { html, type Markup } from '../view/html';
import { sourceTitle } from '../view/sources';
import { clip, cut } from '../view/text';
import type { ConsolePage, PageContext } from './page';

/** Each has two forms and a table. */
const SIZE = 20;

/** What waits for a person: why, until when, and the two answers. */
export const approvals: ConsolePage = {
	path: 'approvals',
	navigation: 'Approvals',
	role: 'viewer',
	async content(context) {
		const offset = (pageNumber(context.query) - 1) * SIZE;
		const waiting = await context.ledger.getIntents({ kind: 'contain', state: 'awaitingApproval', limit: SIZE, offset });
		return { title: 'Approvals', body: approvalsView(context, waiting), refreshSeconds: 15 };
	},
};

/** Those that end soonest come first on their page. */
export function approvalsView(context: PageContext, { items, ...length }: Page<Intent>): Markup {
	if (length.total === 0) {
		return emptyState('Nothing waits for approval', html`A containment waits here when a guard of the
			<a href="${context.href('policy')}">policy</a> asks for a person: too few sources, the circuit breaker, or approval mode.`);
	}
	const soonest = [...items].sort((a, b) => (a.expiresAt ?? '').localeCompare(b.expiresAt ?? ''));
	return html`<p class="quiet">${countOf(length)} ${length.total === 1 ? 'containment waits' : 'containments wait'}. What nobody approves in time expires, and nothing is contained.</p>
${soonest.map((intent) => approvalCard(context, intent))}
${pager(context, 'approvals', length, SIZE)}`;
}

function approvalCard(context: PageContext, intent: Intent): Markup {
	const { trigger, decision, createdAt, expiresAt, requestedBy } = intent;
	const leftMs = expiresAt === undefined ? undefined : Date.parse(expiresAt) - context.nowMs;
	return section(hostLabel(intent), html`
${definitionList([
	['Entity', html`${trigger.kind} ${entityLink(context, trigger)}`],
	['Score when it crossed', points(trigger.score)],
	['Waiting since', time(createdAt)],
	['Expires', leftMs === undefined ? 'never' : html`${time(expiresAt)} (${leftMs > 0 ? `in ${elapsed(leftMs)}` : 'over'})`],
	['Asked for by', cut(requestedBy, 100)],
	['Approvals', approvalState(intent)],
])}
<p><strong>Why it asks:</strong> ${clip(decision.reason, 500)}</p>
<p>${clip(intent.reason.replace(decision.reason, '').trim(), 500)}</p>
${contributions(intent)}
<div class="actions">${answers(context, intent, leftMs !== undefined && leftMs <= 0)}</div>`);
}

/** What people call the host: its hostname, else a MAC, else what crossed. */
export function hostLabel({ host, trigger }: Pick<Intent, 'host' | 'trigger'>): string {
	return cut(host.hostnames[0] ?? host.macs[0] ?? trigger.key, 120);
}

function approvalState({ quorum = 1, approvals: given = [] }: Intent): Markup {
	const names = given.length === 0 ? '' : `: ${given.slice(0, 20).map(({ by }) => cut(by, 60)).join(', ')}`;
	return html`${given.length} of ${quorum}${names}`;
}

function contributions({ topContributions }: Intent): Markup {
	return table(
		[{ label: 'Event type' }, { label: 'Source' }, { label: 'Penalty', numeric: true }, { label: 'Occurred' }],
		topContributions.slice(0, 5).map(({ eventType, source, penalty, occurredAt, link }) => [
			link === undefined || link.length > 1_000 ? clip(eventType, 120) : outsideLink(link, clip(eventType, 120)),
			cut(sourceTitle(source), 60),
			points(penalty),
			time(occurredAt),
		]),
		{ caption: 'Largest contributions to the score', empty: html`<p class="quiet">No detection stands behind this: a person asked for it.</p>` },
	);
}

function answers(context: PageContext, intent: Intent, over: boolean): Markup {
	if (over) return html`${notice('asks', 'It has expired. It goes from this list with the next thing that happens.')}`;
	if (!context.may('approve')) return html`<p class="quiet">Approvers can answer this.</p>`;
	const denial = form(context, 'deny', intent);
	const own = intent.requestedBy === context.user.name;
	if (own) return html`<p class="quiet">You asked for this, so somebody else has to approve it.</p>${denial}`;
	const given = intent.approvals?.some(({ by }) => by === context.user.name) ?? false;
	if (given) return html`<p class="quiet">You have approved this; another person has to as well.</p>${denial}`;
	return html`${form(context, 'approve', intent)}${denial}`;
}

function form(context: PageContext, action: 'approve' | 'deny', intent: Intent): Markup {
	const title = action === 'approve' ? 'Approve' : 'Deny';
	const body = html`${textField('reason', 'Reason', { required: true })}${actionButton(action)}`;
	return disclosure(title, context.form(action, intent.id, { body }), { danger: action === 'approve' });
}
