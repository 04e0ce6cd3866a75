import type { Band, EntityKey, EntityState, IntentState, Total } from '../../../ledger/api';
import type { ActionName } from '../actions/catalogue';
import { ACTIONS } from '../actions/catalogue';
import type { PageContext } from '../pages/page';
import { html, type Markup, type Value } from './html';

/** Rows on a page of a list. */
export const PAGE_SIZE = 50;

export interface Column {
	label: string;
	/** Numbers stand at the end of their cell. */
	numeric?: boolean;
	/** Makes the heading a link that sorts by this column. */
	sort?: { href: string; direction?: 'ascending' | 'descending' };
}

export interface TableOptions {
	/** Says what the table holds; read out by screen readers, not shown. */
	caption: string;
	/** Shown instead of a table without rows. */
	empty: Markup;
}

/** A table that becomes a stack of cards on a narrow screen. The first cell of a row names it. */
export function table(columns: readonly Column[], rows: readonly (readonly Value[])[], { caption, empty }: TableOptions): Markup {
	if (rows.length === 0) return empty;
	return html`<div class="table-frame" tabindex="0" role="region" aria-label="${caption}"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${columns.map(heading)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((value, index) => cell(columns[index], value, index))}</tr>
`)}</tbody></table></div>`;
}

function heading({ label, numeric, sort }: Column): Markup {
	const text = sort ? html`<a href="${sort.href}">${label}${sort.direction && html`<span aria-hidden="true">${sort.direction === 'ascending' ? ' ▲' : ' ▼'}</span>`}</a>` : label;
	return html`<th scope="col"${numeric && html` class="numeric"`}${sort?.direction && html` aria-sort="${sort.direction}"`}>${text}</th>`;
}

function cell({ label, numeric }: Column, value: Value, index: number): Markup {
	const content = html`<span class="label" aria-hidden="true">${label}</span><span class="value">${value}</span>`;
	return index === 0 ? html`<th scope="row">${content}</th>` : html`<td${numeric && html` class="numeric"`}>${content}</td>`;
}

const BANDS: Record<Band, { label: string; mark: string }> = {
	white: { label: 'White', mark: '○' },
	yellow: { label: 'Yellow', mark: '◔' },
	orange: { label: 'Orange', mark: '◑' },
	red: { label: 'Red', mark: '◕' },
	contain: { label: 'Contain', mark: '●' },
};

export const BAND_NAMES = Object.keys(BANDS) as Band[];

/** A band by colour, mark and word. */
export function badge(band: Band): Markup {
	const { label, mark } = BANDS[band];
	return html`<span class="badge band-${band}"><span aria-hidden="true">${mark}</span> ${label}</span>`;
}

const STATES: Record<EntityState | IntentState, { label: string; tone: 'quiet' | 'busy' | 'good' | 'bad' | 'asks' }> = {
	normal: { label: 'Normal', tone: 'quiet' },
	awaitingApproval: { label: 'Awaiting approval', tone: 'asks' },
	containing: { label: 'Containing', tone: 'busy' },
	contained: { label: 'Contained', tone: 'bad' },
	releasing: { label: 'Releasing', tone: 'busy' },
	grace: { label: 'Grace', tone: 'good' },
	pending: { label: 'Pending', tone: 'busy' },
	claimed: { label: 'Running', tone: 'busy' },
	done: { label: 'Done', tone: 'good' },
	failed: { label: 'Failed', tone: 'bad' },
	denied: { label: 'Denied', tone: 'quiet' },
	expired: { label: 'Expired', tone: 'quiet' },
	cancelled: { label: 'Cancelled', tone: 'quiet' },
};

export const ENTITY_STATES: readonly EntityState[] = ['normal', 'awaitingApproval', 'containing', 'contained', 'releasing', 'grace'];
export const INTENT_STATES: readonly IntentState[] = ['awaitingApproval', 'pending', 'claimed', 'done', 'failed', 'denied', 'expired', 'cancelled'];

/** A state in words, e.g. `Awaiting approval`. */
export function stateLabel(state: EntityState | IntentState): string {
	return STATES[state].label;
}

export function stateBadge(state: EntityState | IntentState): Markup {
	const { label, tone } = STATES[state];
	return html`<span class="badge tone-${tone}">${label}</span>`;
}

/** A small label of one of the tones, e.g. for a health check. */
export function label(text: string, tone: 'quiet' | 'busy' | 'good' | 'bad' | 'asks' = 'quiet'): Markup {
	return html`<span class="badge tone-${tone}">${text}</span>`;
}

/** A moment: in the viewer's zone by script, in UTC without; UTC on hover either way. */
export function time(iso: string | undefined, { absent = '–' }: { absent?: string } = {}): Markup {
	if (iso === undefined) return html`<span class="quiet">${absent}</span>`;
	const utc = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
	return html`<time datetime="${iso}" title="${utc}">${utc}</time>`;
}

/** A length of time in at most two units, e.g. `2 h 5 min`. */
export function elapsed(ms: number): string {
	const seconds = Math.max(0, Math.round(ms / 1000));
	const parts = [
		[Math.floor(seconds / 86_400), 'd'],
		[Math.floor(seconds / 3_600) % 24, 'h'],
		[Math.floor(seconds / 60) % 60, 'min'],
		[seconds % 60, 's'],
	] as const;
	const first = parts.findIndex(([count]) => count > 0);
	if (first < 0) return '0 s';
	return parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** Number of the page asked for by `?p=`, from 1. */
export function pageNumber(query: URLSearchParams): number {
	const asked = Number(query.get('p'));
	return Number.isSafeInteger(asked) && asked >= 1 && asked <= 1_000_000 ? asked : 1;
}

/** Links to the pages of a list of so many rows; the rest of the address stays as it is. */
export function pager(context: PageContext, page: string, length: Total, size = PAGE_SIZE): Markup {
	const { total, atLeast = false } = length;
	const last = Math.max(1, Math.ceil(total / size));
	const current = atLeast ? pageNumber(context.query) : Math.min(pageNumber(context.query), last);
	const rest = Object.fromEntries([...context.query].filter(([name]) => name !== 'p'));
	const link = (to: number, text: string, shown: boolean) => shown
		? html`<a class="button" href="${context.href(page, context.segments, { ...rest, p: to })}">${text}</a>`
		: html`<span class="button off" aria-disabled="true">${text}</span>`;
	const from = total === 0 ? 0 : (current - 1) * size + 1;
	return html`<nav class="pager" aria-label="Pages">
<span>${count(from)}–${count(atLeast ? current * size : Math.min(total, current * size))} of ${countOf(length)}</span>
${link(1, 'First', current > 1)}${link(current - 1, 'Previous', current > 1)}${link(current + 1, 'Next', atLeast || current < last)}${link(last, 'Last', !atLeast && current < last)}
</nav>`;
}

/** How many there are, as far as they were counted. */
export function countOf({ total, atLeast }: Total): string {
	return `${count(total)}${atLeast ? ' or more' : ''}`;
}

/** A whole number with thin spaces between thousands. */
export function count(value: number): string {
	return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** Points as people read them: whole, or one decimal below ten. */
export function points(value: number): string {
	return value >= 10 || value === 0 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

export interface Filter {
	name: string;
	label: string;
	/** `[value, text]`; an empty value means all. Without choices it is a text field. */
	choices?: readonly (readonly [value: string, text: string])[];
	/** Of a text field. */
	type?: 'search' | 'text' | 'date';
	placeholder?: string;
}

/** Filters of a page as a form that asks by GET, filled with what is asked now. `keep`: other names of the address. */
export function searchForm(context: PageContext, page: string, filters: readonly Filter[], keep: readonly string[] = []): Markup {
	const hidden = [...new URLSearchParams(context.href(page, context.segments).replace(/^[^?]*\?/, ''))];
	for (const name of keep) {
		const value = context.query.get(name);
		if (value !== null) hidden.push([name, value]);
	}
	return html`<form class="filters" method="get" role="search">
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${filters.map((filter) => filterField(filter, context.query.get(filter.name) ?? ''))}
<button>Apply</button><a class="button" href="${context.href(page, context.segments)}">Clear</a>
</form>`;
}

function filterField({ name, label: text, choices, type = 'text', placeholder }: Filter, current: string): Markup {
	const control = choices
		? html`<select name="${name}">${choices.map(([value, shown]) => html`<option value="${value}"${value === current && html` selected`}>${shown}</option>`)}</select>`
		: html`<input type="${type}" name="${name}" value="${current}" maxlength="200"${placeholder && html` placeholder="${placeholder}"`} autocomplete="off">`;
	return html`<label class="field"><span>${text}</span>${control}</label>`;
}

/** A message above the page's content. */
export function notice(tone: 'good' | 'bad' | 'asks', body: Value): Markup {
	return html`<div class="notice tone-${tone}" role="${tone === 'bad' ? 'alert' : 'status'}">${body}</div>`;
}

export function definitionList(entries: readonly (readonly [term: string, value: Value])[]): Markup {
	return html`<dl class="facts">${entries.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** What stands where nothing is: that it is so, and what to do about it. */
export function emptyState(title: string, whatToDo: Value): Markup {
	return html`<div class="empty"><h2>${title}</h2><p>${whatToDo}</p></div>`;
}

/** A titled part of a page. `aside` stands beside its heading. */
export function section(title: string, body: Value, aside?: Value): Markup {
	return html`<section class="card"><div class="card-head"><h2>${title}</h2>${aside}</div>${body}</section>`;
}

/** Link to the page of an entity. */
export function entityLink(context: PageContext, { kind, key }: EntityKey): Markup {
	return html`<a class="key" href="${context.href('entity', [kind, key])}">${key}</a>`;
}

/** A visible text input with its label, for the `body` of a form. */
export function textField(name: string, text: string, options: { required?: boolean; placeholder?: string; value?: string; maxLength?: number } = {}): Markup {
	return html`<label class="field"><span>${text}</span><input type="text" name="${name}" value="${options.value ?? ''}" maxlength="${options.maxLength ?? 500}" autocomplete="off"${options.placeholder && html` placeholder="${options.placeholder}"`}${options.required && html` required`}></label>`;
}

/** The button that sends a form, as the action's catalogue entry names it. */
export function actionButton(action: ActionName, text: string = ACTIONS[action].title): Markup {
	return html`<button${ACTIONS[action].dangerous && html` class="danger"`}>${text}</button>`;
}

/** A form behind a button: closed until it is wanted. Shows nothing when the form is nothing. */
export function disclosure(title: string, body: Markup, { danger = false }: { danger?: boolean } = {}): Markup {
	if (body.text === '') return body;
	return html`<details class="disclosure"><summary class="button${danger && ' danger'}">${title}</summary><div class="disclosed">${body}</div></details>`;
}

/** Link to another site, opened apart, telling it nothing. */
export function outsideLink(href: string, text: Value): Markup {
	if (!/^https?:\/\//i.test(href)) return html`${text}`;
	return html`<a href="${href}" target="_blank" rel="noopener noreferrer">${text}<span class="unseen"> (opens in a new tab)</span><span aria-hidden="true"> ↗</span></a>`;
}
