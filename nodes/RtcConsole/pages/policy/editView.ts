import type { UnratedEventType } from '../../../../ledger/api';
import { notice, section } from '../../view/components';
import { html, type Markup, type Value } from '../../view/html';
import { sourceTitle } from '../../view/sources';
import { cut } from '../../view/text';
import type { PageContext } from '../page';
import { RULES_PER_PAGE, type Draft } from './draft';
import { elementsOf } from './elements';
import { CATEGORIES, knownEventTypes, namesOf, SOURCES } from './eventTypes';
import type { FieldProblems } from './fieldProblems';
import { REPEAT_MODES, ruleInput, ruleText, type RuleText } from './ruleForm';
import { SETTING_GROUPS, settingText, type Setting } from './settings';

const SEVERITIES = ['Low', 'Medium', 'High', 'Critical', 'Unknown'];
const REPEAT_LABELS: Readonly<Record<string, string>> = { '': 'as the policy', once: 'once', oncePer: 'once per', every: 'every time' };
const MAX_SUGGESTIONS = 400;

export interface Editing {
	/** Version on which the draft is based. */
	base: number;
	draft: Draft;
	/** Page of rules, from 0. */
	page: number;
	problems: FieldProblems;
	unrated: readonly UnratedEventType[];
}

/** The whole policy as a form. Each step posts the draft with what was typed, and changes nothing. */
export function editForm(context: PageContext, editing: Editing): Markup {
	const { base, draft, problems } = editing;
	const body = html`<input type="hidden" name="draft" value="${JSON.stringify(draft)}"><input type="hidden" name="settings" value="1">
<div class="actions">${stepButton(context, 'review', 'Review changes', '')}${stepButton(context, 'json', 'Edit as JSON')}</div>
${problemList(problems)}
${SETTING_GROUPS.map(({ title, settings }) => section(title, html`<div class="wrap">${settings.map((setting) => settingField(draft, setting, problems))}</div>`))}
${rulesSection(context, editing)}
<div class="actions">${stepButton(context, 'review', 'Review changes', '')}</div>`;
	return context.form('updatePolicy', String(base), { body });
}

/** A button that posts its form back to this page, for a look at the draft. */
export function stepButton(context: PageContext, step: string, text: string, attributes: Value = html` class="quiet-button"`): Markup {
	return html`<button formaction="${context.href('policy', ['draft'])}" formnovalidate name="do" value="${step}"${attributes}>${text}</button>`;
}

export function problemList({ all }: FieldProblems): Markup {
	if (all.length === 0) return html``;
	const shown = all.slice(0, 50);
	return notice('bad', html`<strong>The draft can't be saved yet:</strong><ul class="plain">${shown.map(({ path, problem }) => html`<li><code>${cut(path || 'policy', 120)}</code> ${cut(problem, 200)}</li>`)}</ul>
${all.length > shown.length && html`<p>And ${all.length - shown.length} more.</p>`}`);
}

function settingField(draft: Draft, setting: Setting, problems: FieldProblems): Markup {
	const { path, label, kind, choices = [], hint } = setting;
	const value = settingText(draft, setting);
	const attributes = problems.attributes(path);
	if (kind === 'flag') {
		return html`<label class="check"><input type="checkbox" name="${path}"${value === 'true' && html` checked`}${attributes}><span>${label}</span>${problems.message(path)}</label>`;
	}
	const control = kind === 'choice'
		? html`<select name="${path}"${attributes}>${withCurrent(choices, value).map((choice) => option(choice, choice, value))}</select>`
		: html`<input type="text" name="${path}" value="${value}" autocomplete="off"${kind === 'number' && html` inputmode="decimal" size="8"`}${hint && html` placeholder="${hint}"`}${attributes}>`;
	return html`<label class="field${kind === 'list' && ' wide'}"><span>${label}${hint && html` <small>(${hint})</small>`}</span>${control}${problems.message(path)}</label>`;
}

/** A value that is none of the choices must not turn into one of them unseen. */
function withCurrent(choices: readonly string[], value: string): readonly string[] {
	return choices.includes(value) ? choices : [...choices, value];
}

function option(value: string, text: string, current: string): Markup {
	return html`<option value="${value}"${value === current && html` selected`}>${text}</option>`;
}

function rulesSection(context: PageContext, { draft, page, problems, unrated }: Editing): Markup {
	if (!Array.isArray(draft.rules)) return notice('bad', 'The rules are not a list. Edit the policy as JSON to mend it.');
	const rules: unknown[] = draft.rules;
	const start = page * RULES_PER_PAGE;
	const shown = rules.slice(start, start + RULES_PER_PAGE);
	const pages = Array.from({ length: Math.ceil(rules.length / RULES_PER_PAGE) }, (_, index) => index);
	return section('Rules', html`<p class="quiet">A rule adds its penalty when every field that is filled in matches; several values are separated by |. Penalties of all rules that match are added up.</p>
<div class="pager"><span>Rules ${rules.length === 0 ? 0 : start + 1}–${start + shown.length} of ${rules.length}</span>
${pages.map((index) => stepButton(context, `page:${index}`, `${index * RULES_PER_PAGE + 1}–${Math.min(rules.length, (index + 1) * RULES_PER_PAGE)}`, html` class="quiet-button"${index === page && html` aria-current="page"`}`))}
${stepButton(context, 'add', 'Add rule')}</div>
<div class="table-frame" tabindex="0" role="region" aria-label="Rules"><table><caption class="unseen">Rules of the draft</caption>
<thead><tr>${['Source', 'Event type', 'Category', 'Severity', 'Observable type', 'Penalty', 'Reason', 'Repeats', 'Remove'].map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${shown.map((rule, index) => ruleRow(context, start + index, rule, problems))}</tbody></table></div>
${suggestions(unrated)}`);
}

function ruleRow(context: PageContext, index: number, rule: unknown, problems: FieldProblems): Markup {
	const shown = ruleText(rule);
	const names = namesOf(elementsOf(shown.eventType), shown.source);
	const input = (field: keyof RuleText, label: string, size: number, list?: string) => {
		const path = `rules[${index}].${field}`;
		return html`<input type="text" name="${ruleInput(index, field)}" value="${shown[field]}" size="${size}" aria-label="${label} of rule ${index + 1}" autocomplete="off"${list && html` list="${list}"`}${problems.attributes(path)}>${problems.message(path)}`;
	};
	const cell = (label: string, value: Value) => html`<td><span class="label" aria-hidden="true">${label}</span><span class="value">${value}</span></td>`;
	return html`<tr>${cell('Source', input('source', 'Source', 14, 'sources'))}
${cell('Event type', html`${input('eventType', 'Event type', 16, 'event-types')}${names.length > 0 && html`<br><small class="quiet">${cut(names.join(', '), 160)}</small>`}`)}
${cell('Category', input('category', 'Category', 12, 'categories'))}${cell('Severity', input('severity', 'Severity', 8, 'severities'))}
${cell('Observable type', input('observableType', 'Observable type', 8))}${cell('Penalty', input('penalty', 'Penalty', 4))}
${cell('Reason', input('reason', 'Reason', 20))}
${cell('Repeats', html`<select name="${ruleInput(index, 'repeatMode')}" aria-label="Repeats of rule ${index + 1}">${withCurrent(REPEAT_MODES, shown.repeatMode).map((mode) => option(mode, REPEAT_LABELS[mode] ?? mode, shown.repeatMode))}</select>${input('repeatWindow', 'Repeat window', 6)}${problems.message(`rules[${index}].repeat`)}`)}
${cell('Remove', stepButton(context, `remove:${index}`, 'Remove', html` class="quiet-button" aria-label="Remove rule ${index + 1}"`))}</tr>
`;
}

/** What the inputs offer. An event type's name stands beside its id. */
function suggestions(unrated: readonly UnratedEventType[]): Markup {
	const list = (id: string, options: readonly Markup[]) => html`<datalist id="${id}">${options}</datalist>`;
	const known = (types: readonly { source: string; value: string; name: string }[]) =>
		types.slice(0, MAX_SUGGESTIONS).map(({ source, value, name }) => html`<option value="${cut(value, 200)}">${cut(sourceTitle(source), 60)}: ${cut(name, 100)}</option>`);
	return html`${list('sources', ['*', ...SOURCES].map((source) => html`<option value="${source}">${source === '*' ? 'Any source' : sourceTitle(source)}</option>`))}
${list('event-types', known(knownEventTypes(unrated)))}${list('categories', known(CATEGORIES))}${list('severities', SEVERITIES.map((severity) => html`<option value="${severity}"></option>`))}`;
}
