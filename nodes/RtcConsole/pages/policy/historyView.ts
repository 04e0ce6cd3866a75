import type { UnratedEventType } from '../../../../ledger/api';
import type { Policy } from '../../../../ledger/policy';
import { actionButton, count, definitionList, disclosure, PAGE_SIZE, pageNumber, pager, section, table, textField, time } from '../../view/components';
import { diffJson } from '../../view/diff';
import { html, type Markup } from '../../view/html';
import { sourceTitle } from '../../view/sources';
import { clip, cut } from '../../view/text';
import type { PageContext } from '../page';
import type { Draft } from './draft';
import { policyText } from './jsonView';
import { diffView } from './reviewView';
import { textOfElements } from './elements';
import { namesOf } from './eventTypes';
import { ruleText } from './ruleForm';
import { SETTING_GROUPS, settingText } from './settings';

const LONGEST_JSON = 80_000;

export interface Version {
	version: number;
	policy: Policy;
	createdAt: string;
	createdBy: string;
}

/** Every version, newest first, as the address asks for a page. */
export function historyView(context: PageContext, versions: readonly Omit<Version & { comment: string }, 'policy'>[], active: number): Markup {
	const newest = [...versions].sort((a, b) => b.version - a.version);
	const last = Math.max(1, Math.ceil(newest.length / PAGE_SIZE));
	const from = (Math.min(pageNumber(context.query), last) - 1) * PAGE_SIZE;
	const rows = newest.slice(from, from + PAGE_SIZE).map(({ version, createdAt, createdBy, comment }) => [
		html`<a href="${context.href('policy', ['versions', String(version)])}">Version ${version}</a>${version === active && ' (in force)'}`,
		time(createdAt),
		cut(createdBy, 100),
		clip(comment),
	]);
	return section('History', html`${table(
		[{ label: 'Version' }, { label: 'Saved' }, { label: 'By' }, { label: 'Comment' }],
		rows,
		{ caption: 'Versions of the policy, newest first', empty: html`<p class="quiet">No version yet.</p>` },
	)}${newest.length > PAGE_SIZE && pager({ ...context, segments: ['versions'] }, 'policy', { total: newest.length })}`);
}

/** One version: what it changed, how it differs from the one in force, and the way back to it. */
export function versionView(context: PageContext, shown: Version, previous: Version | undefined, active: Version): Markup {
	const json = policyText(shown.policy as unknown as Draft);
	const whole = cut(json, LONGEST_JSON);
	return html`<div class="actions"><a class="button" href="${context.href('policy', ['versions'])}">All versions</a>${restoreForm(context, shown, active)}</div>
${section('Version', definitionList([['Saved', time(shown.createdAt)], ['By', cut(shown.createdBy, 100)], ['Name', cut(shown.policy.name, 100)], ['Rules', count(shown.policy.rules.length)]]))}
${previous && section(`What it changed from version ${previous.version}`, diffView(diffJson(previous.policy, shown.policy)))}
${shown.version !== active.version && section(`From here to version ${active.version}, which is in force`, diffView(diffJson(shown.policy, active.policy)))}
${section('The whole policy', html`<details><summary>Show as JSON</summary><pre tabindex="0">${whole}</pre></details>
${whole !== json && html`<p class="quiet">Too long to be shown whole. The Penalty Ledger node gives all of it: Policy → Get.</p>`}`)}`;
}

function restoreForm(context: PageContext, { version }: Version, active: Version): Markup {
	if (version === active.version) return html``;
	const body = html`${textField('comment', 'Comment: why', { required: true })}${actionButton('restorePolicy')}`;
	return disclosure('Restore this version', context.form('restorePolicy', String(active.version), { fields: { version: String(version) }, body }), { danger: true });
}

/** The policy for those who may not change it, or where it is too large for a form. */
export function readOnlyView(context: PageContext, policy: Policy): Markup {
	const draft = policy as unknown as Record<string, unknown>;
	const last = Math.max(1, Math.ceil(policy.rules.length / PAGE_SIZE));
	const from = (Math.min(pageNumber(context.query), last) - 1) * PAGE_SIZE;
	const rows = policy.rules.slice(from, from + PAGE_SIZE).map((rule) => {
		const text = ruleText(rule);
		const types = [rule.eventType ?? []].flat();
		const names = namesOf(types, rule.source);
		return [
			rule.source === '*' ? 'Any source' : cut(sourceTitle(rule.source), 60),
			html`${clip(textOfElements(types), 200)}${names.length > 0 && html` <span class="quiet">${cut(names.join(', '), 200)}</span>`}`,
			clip([text.category, text.severity, text.observableType].filter((part) => part !== '').join('; '), 200),
			html`${rule.penalty}`,
			clip(rule.reason),
		];
	});
	return html`${SETTING_GROUPS.map(({ title, settings }) =>
		section(title, definitionList(settings.map((setting) => [setting.label, clip(settingText(draft, setting) || 'none', 300)] as const))),
	)}${section('Rules', html`${table(
		[{ label: 'Source' }, { label: 'Event type' }, { label: 'Also matches on' }, { label: 'Penalty', numeric: true }, { label: 'Reason' }],
		rows,
		{ caption: 'Rules', empty: html`<p class="quiet">No rules: nothing adds points.</p>` },
	)}${pager(context, 'policy', { total: policy.rules.length })}`)}`;
}

/** What vendors report that no rule rates. */
export function unratedView(unrated: readonly UnratedEventType[], total: number): Markup {
	if (total === 0) return html``;
	const rows = unrated.map(({ source, eventType, detections, lastSeenAt }) => [
		clip(eventType.name, 120), html`<code>${cut(eventType.id, 80)}</code>`, cut(sourceTitle(source), 60), count(detections), time(lastSeenAt),
	]);
	return section('Event types that no rule rates', html`<p class="quiet">They were seen and recorded, and cost nothing. Add a rule for those that matter; the form offers them by name.</p>${table(
		[{ label: 'Event type' }, { label: 'Id' }, { label: 'Source' }, { label: 'Detections', numeric: true }, { label: 'Last seen' }],
		rows,
		{ caption: 'Unrated event types, most detections first', empty: html`` },
	)}${total > unrated.length && html`<p class="quiet">And ${count(total - unrated.length)} more.</p>`}`);
}
