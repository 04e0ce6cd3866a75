import { count, countOf, elapsed, emptyState, points, section, table, time } from '../view/components';
import { html, type Markup } from '../view/html';
import { sourceTitle } from '../view/sources';
import { cut } from '../view/text';
import { hostLabel } from './approvals';
import type { ConsolePage, PageContext } from './page';
import { readShift, TOLD_ACTIONS, type ShiftReport, type Told } from './reportModel';

const SHIFTS = [8, 12, 24] as const;

/** A list of the report: its title, and what its columns say. */
const LISTS: readonly (readonly [kind: Told, title: string, who: string])[] = [
	['contained', 'Contained', 'Decided by'],
	['byHand', 'Contained by hand', 'Who'],
	['released', 'Released', 'Who'],
	['approved', 'Approved', 'Who'],
	['denied', 'Denied', 'Who'],
	['refused', 'Refused by a guard', 'Recorded by'],
	['expired', 'Approvals that expired', 'Recorded by'],
	['failed', 'Failed', 'Recorded by'],
	['policy', 'Policy changes', 'Who'],
	['protected', 'Protected', 'Who'],
	['unprotected', 'No longer protected', 'Who'],
	['purged', 'Scores purged', 'Who'],
];

/** What happened in a shift, for the people of the next one. It prints. */
export const reports: ConsolePage = {
	path: 'reports',
	navigation: 'Reports',
	role: 'viewer',
	async content(context) {
		const hours = shiftHours(context.query);
		const report = await readShift(context.ledger, hours, context.nowMs);
		return { title: `Shift report: last ${hours} hours`, body: reportView(context, report) };
	},
};

/** Length of the shift that the address asks for; 8 hours unless it is another one known. */
export function shiftHours(query: URLSearchParams): number {
	return SHIFTS.find((hours) => String(hours) === query.get('hours')) ?? SHIFTS[0];
}

export function reportView(context: PageContext, report: ShiftReport): Markup {
	const { events } = report;
	const happened = LISTS.filter(([kind]) => events[kind].total > 0);
	const quiet = LISTS.filter(([kind]) => events[kind].total === 0).map(([, title]) => title.toLowerCase());
	return html`<div class="actions">${SHIFTS.map((hours) => html`<a class="button" href="${context.href('reports', [], { hours })}"${hours === report.hours && html` aria-current="true"`}>Last ${hours} hours</a>`)}</div>
<p>From ${time(report.from)} to ${time(report.to)}. Print this page with the browser to hand it over on paper.</p>
<dl class="tiles">${tiles(report).map(([term, value]) => html`<div class="tile"><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
${section('Detections per source', detections(context, report))}
${section('Waiting for approval now', waiting(context, report))}
${happened.map(([kind, title, who]) => section(title, eventTable(context, report, kind, title, who)))}
${quiet.length > 0 && html`<p class="quiet">Nothing in this time: ${quiet.join(', ')}.</p>`}`;
}

function tiles({ detections: bySource, events, waiting, to }: ShiftReport): readonly (readonly [string, string])[] {
	const [longest] = waiting.listed;
	return [
		['Detections', count(Object.values(bySource).reduce((sum, one) => sum + one, 0))],
		['Contained', countOf(events.contained)],
		['Released', countOf(events.released)],
		['Denied', countOf(events.denied)],
		['Refused', countOf(events.refused)],
		['Waiting now', countOf(waiting)],
		['Longest waiting', longest ? elapsed(Date.parse(to) - Date.parse(longest.createdAt)) : 'None'],
	];
}

function detections(context: PageContext, { detections: bySource }: ShiftReport): Markup {
	const rows = Object.entries(bySource).sort(([, a], [, b]) => b - a).slice(0, 50).map(([source, number]) => [cut(sourceTitle(source), 80), count(number)]);
	return table([{ label: 'Source' }, { label: 'Detections', numeric: true }], rows, {
		caption: 'Detections per source, most first',
		empty: emptyState('No detections', html`Nothing was reported in this time. If that is unusual, look at <a href="${context.href('health')}">Health</a>.`),
	});
}

function waiting(context: PageContext, { waiting: { listed, total }, to }: ShiftReport): Markup {
	const rows = listed.map((intent) => [
		hostLabel(intent),
		points(intent.trigger.score),
		elapsed(Date.parse(to) - Date.parse(intent.createdAt)),
		time(intent.expiresAt),
		cut(intent.decision.reason, 160),
	]);
	return html`${table(
		[{ label: 'Host' }, { label: 'Score', numeric: true }, { label: 'Waits for' }, { label: 'Expires' }, { label: 'Why it asks' }],
		rows,
		{ caption: 'Approvals that are open, longest first', empty: html`<p class="quiet">No approval is open.</p>` },
	)}${total > listed.length && html`<p><a href="${context.href('approvals')}">${count(total - listed.length)} more in Approvals</a></p>`}`;
}

function eventTable(context: PageContext, { events, from }: ShiftReport, kind: Told, title: string, who: string): Markup {
	const { listed, total, atLeast } = events[kind];
	const rows = listed.map((event) => [cut(event.what, 100), time(event.at), cut(event.who, 60), cut(event.why, 160)]);
	const more = total - listed.length;
	return html`${table([{ label: 'What' }, { label: 'When' }, { label: who }, { label: 'Why' }], rows, { caption: `${title}, newest first`, empty: html`` })}
${more > 0 && html`<p><a href="${context.href('audit', [], { action: TOLD_ACTIONS[kind], since: from.slice(0, 10) })}">${count(more)}${atLeast && ' or more'} further in the audit</a></p>`}`;
}
