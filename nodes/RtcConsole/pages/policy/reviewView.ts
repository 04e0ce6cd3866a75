import type { WhatIfResult } from '../../../../ledger/api';
import type { Policy } from '../../../../ledger/policy';
import { actionButton, count, emptyState, entityLink, label, notice, points, section, table, textField, time } from '../../view/components';
import { diffJson, type Difference } from '../../view/diff';
import { html, type Markup } from '../../view/html';
import { clip, cut } from '../../view/text';
import type { PageContext } from '../page';
import { WHAT_IF_DAYS, type Draft } from './draft';
import { problemList, stepButton } from './editView';
import type { FieldProblems } from './fieldProblems';

/** Rows of a list of this page. */
const LISTED = 50;

export interface Review {
	/** The policy in force, and its version. */
	active: Policy;
	version: number;
	/** Version on which the draft was based. */
	base: number;
	draft: Draft;
	problems: FieldProblems;
	whatIf?: { days: number; result: WhatIfResult };
}

/** A draft beside the policy in force: what would change, who would have been contained, and the button that saves. */
export function reviewView(context: PageContext, review: Review): Markup {
	const { active, version, base, draft, problems, whatIf } = review;
	const differences = diffJson(active, draft);
	const valid = problems.all.length === 0;
	return html`${base !== version && notice('asks', `The policy was changed meanwhile: this compares with version ${version}, your draft began with version ${base}.`)}
${problemList(problems)}
${section('Changes', diffView(differences))}
${stepsForm(context, version, draft, valid)}
${whatIf && section(`What if it had been in force for the last ${whatIf.days} ${whatIf.days === 1 ? 'day' : 'days'}`, whatIfView(context, whatIf.result))}
${valid && differences.length > 0 && saveForm(context, version, draft)}`;
}

function stepsForm(context: PageContext, version: number, draft: Draft, valid: boolean): Markup {
	return context.form('updatePolicy', String(version), {
		body: html`<input type="hidden" name="draft" value="${JSON.stringify(draft)}"><div class="wrap">${stepButton(context, 'edit', 'Go on editing', '')}${stepButton(context, 'json', 'Edit as JSON')}
${valid && html`<label class="field"><span>History to try it on</span><select name="days">${WHAT_IF_DAYS.map((days) => html`<option value="${days}"${days === 7 && html` selected`}>${days === 1 ? 'Last day' : `Last ${days} days`}</option>`)}</select></label>
${stepButton(context, 'whatIf', 'What if?')}`}</div>`,
	});
}

function saveForm(context: PageContext, version: number, draft: Draft): Markup {
	const body = html`${textField('comment', 'Comment: what changes and why', { required: true })}${actionButton('updatePolicy')}`;
	return section('Save', html`<p class="quiet">Scores are computed anew when what they depend on changes. Nobody is contained by that alone.</p>
${context.form('updatePolicy', String(version), { fields: { policy: JSON.stringify(draft) }, body })}`);
}

const KINDS: Readonly<Record<Difference['kind'], string>> = { added: 'Added', removed: 'Removed', changed: 'Changed', reordered: 'Order changed' };

/** Differences as a table, with words as well as colours. */
export function diffView(differences: readonly Difference[]): Markup {
	const rows = differences.slice(0, LISTED).map(({ kind, path, before, after }) => [
		html`<code>${cut(path || 'policy', 120)}</code>`,
		KINDS[kind],
		before !== undefined && html`<code class="removed">${cut(shown(before), 240)}</code>`,
		after !== undefined && html`<code class="added">${cut(shown(after), 240)}</code>`,
	]);
	return html`${table([{ label: 'Field' }, { label: 'Change' }, { label: 'Before' }, { label: 'After' }], rows, {
		caption: 'Differences',
		empty: html`<p class="quiet">No difference.</p>`,
	})}${differences.length > LISTED && html`<p class="quiet">And ${differences.length - LISTED} more.</p>`}`;
}

function shown(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Who would have been contained or asked about, and when. */
export function whatIfView(context: PageContext, { detections, contained, entities }: WhatIfResult): Markup {
	const automatic = contained.filter(({ decision }) => decision.verdict === 'contain').length;
	const rows = contained.slice(0, LISTED).map(({ host, trigger, at, score, decision }) => [
		cut(host, 120),
		html`${trigger.kind} ${entityLink(context, trigger)}`,
		time(at),
		points(score),
		decision.verdict === 'contain' ? label('Contained', 'bad') : label('Asked for approval', 'asks'),
		clip(decision.reason),
	]);
	const top = entities.filter(({ score, current }) => score > 0 || current > 0).slice(0, 25);
	return html`<p>${count(detections)} detections: ${count(automatic)} ${automatic === 1 ? 'host' : 'hosts'} contained automatically, ${count(contained.length - automatic)} approvals asked for.</p>
${table(
	[{ label: 'Host' }, { label: 'Entity' }, { label: 'When' }, { label: 'Score', numeric: true }, { label: 'Outcome' }, { label: 'Why' }],
	rows,
	{ caption: 'Containments under the draft', empty: emptyState('Nobody would have been contained', 'No entity reaches the threshold of the draft in this time.') },
)}${contained.length > LISTED && html`<p class="quiet">And ${count(contained.length - LISTED)} more.</p>`}
<h3>Highest scores now, under the draft</h3>
${table(
	[{ label: 'Entity' }, { label: 'Under the draft', numeric: true }, { label: 'In force', numeric: true }],
	top.map((entity) => [html`${entity.kind} ${entityLink(context, entity)}`, points(entity.score), points(entity.current)]),
	{ caption: 'Scores under the draft and now', empty: html`<p class="quiet">No entity has points.</p>` },
)}`;
}

