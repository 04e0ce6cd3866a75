import type { Alarm, Metrics, SourceState } from '../../../ledger/api';
import { count, elapsed, emptyState, INTENT_STATES, label, notice, section, stateBadge, table, time } from '../view/components';
import { html, type Markup } from '../view/html';
import { sourceTitle } from '../view/sources';
import { clip, cut } from '../view/text';
import type { ConsolePage, PageContext } from './page';

const MAX_ROWS = 50;

/** What the page shows. */
export interface HealthModel {
	metrics: Metrics;
	sources: readonly SourceState[];
	alarms: readonly Alarm[];
}

/** Whether everything that must go on by itself does. */
export const health: ConsolePage = {
	path: 'health',
	navigation: 'Health',
	role: 'viewer',
	async content(context) {
		const { ledger } = context;
		const [metrics, sources, alarms] = await Promise.all([ledger.getMetrics(), ledger.getSources(), ledger.getAlarms()]);
		return { title: 'Health', body: healthView(context, { metrics, sources, alarms }), refreshSeconds: 30 };
	},
};

export function healthView(context: PageContext, model: HealthModel): Markup {
	const { metrics, alarms } = model;
	return html`${alarms.filter(({ clearedAt }) => clearedAt === undefined).slice(0, MAX_ROWS).map(alarmNotice)}
${metrics.breaker.open && notice('bad', html`The circuit breaker is open: ${metrics.breaker.containments} automatic containments within ${elapsed(metrics.breaker.windowSeconds * 1000)}. Further ones wait in <a href="${context.href('approvals')}">Approvals</a>.`)}
<dl class="tiles">${tiles(metrics).map(([term, value]) => html`<div class="tile"><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
${section('Sources', sourcesTable(context, model))}
${section('Intents', intentsTable(context, metrics))}`;
}

function alarmNotice({ title, text, openedAt }: Alarm): Markup {
	return notice('bad', html`<strong>${cut(title, 200)}</strong> ${clip(text, 500)} Since ${time(openedAt)}.`);
}

function tiles(metrics: Metrics): readonly (readonly [string, string])[] {
	const { breaker, databaseBytes, auditRecords, entities, policyVersion, oldestPendingIntentSeconds } = metrics;
	const total = Object.values(entities).reduce((sum, one) => sum + one, 0);
	return [
		['Circuit breaker', breaker.limit === 0 ? 'Off' : `${breaker.open ? 'Open' : 'Closed'}: ${breaker.containments} of ${breaker.limit}`],
		['Oldest intent not done', oldestPendingIntentSeconds === 0 ? 'None' : elapsed(oldestPendingIntentSeconds * 1000)],
		['Ledger size', bytes(databaseBytes)],
		['Entities', count(total)],
		['Audit records', count(auditRecords)],
		['Policy version', String(policyVersion)],
	];
}

/** A size as people read it, in binary units. */
export function bytes(value: number): string {
	const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
	const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
	const scaled = value / 1024 ** power;
	return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${units[power]}`;
}

const TONES = { ok: 'good', learning: 'quiet', failing: 'bad', silent: 'bad' } as const;
const HEALTH_LABELS = { ok: 'OK', learning: 'Learning its rhythm', failing: 'Failing', silent: 'Silent' } as const;

function sourcesTable(context: PageContext, { metrics, sources }: HealthModel): Markup {
	const rows = [...sources]
		.sort((a, b) => Number(TONES[b.health] === 'bad') - Number(TONES[a.health] === 'bad') || a.source.localeCompare(b.source))
		.slice(0, MAX_ROWS)
		.map((state) => [
			cut(sourceTitle(state.source), 80),
			html`${label(HEALTH_LABELS[state.health], TONES[state.health])}${state.reason !== undefined && html`<br>${clip(state.reason, 300)}`}`,
			time(state.lastPollAt, { absent: 'never' }),
			lag(context.nowMs, metrics, state.source),
			time(state.lastEventAt, { absent: 'never' }),
			html`${state.failures}${state.lastError !== undefined && html`<br><span class="quiet">${clip(state.lastError, 240)}</span>`}`,
			count(metrics.detections[state.source] ?? 0),
			count(metrics.duplicates[state.source] ?? 0),
		]);
	return table(
		[
			{ label: 'Source' }, { label: 'State' }, { label: 'Last poll' }, { label: 'Read up to', numeric: true }, { label: 'Newest event' },
			{ label: 'Failed polls', numeric: true }, { label: 'Detections', numeric: true }, { label: 'Duplicates', numeric: true },
		],
		rows,
		{
			caption: 'Sources, those in trouble first',
			empty: emptyState('No source has been read yet', 'Activate a polling workflow, for example Poll Secure Endpoint. Its source appears here with the first poll.'),
		},
	);
}

/** How far behind the reading of a source is. */
function lag(nowMs: number, { cursors }: Metrics, source: string): string {
	const position = cursors.find((cursor) => cursor.source === source)?.position;
	return position === undefined ? '–' : `${elapsed(nowMs - Date.parse(position))} ago`;
}

function intentsTable(context: PageContext, { intents }: Metrics): Markup {
	const rows = INTENT_STATES.map((state) => [
		html`<a href="${context.href('intents', [], { state })}">${stateBadge(state)}</a>`,
		count(intents[state]),
	]);
	return table([{ label: 'State' }, { label: 'Intents', numeric: true }], rows, { caption: 'Intents by state', empty: html`` });
}
