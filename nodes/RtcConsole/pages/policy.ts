import { policyProblems } from '../../../ledger/policy';
import { definitionList, notice, section, time } from '../view/components';
import { html, type Markup } from '../view/html';
import { cut } from '../view/text';
import type { ConsolePage, PageContent, PageContext } from './page';
import { draftOf, RULES_PER_PAGE, stepOf, type Draft, type Step } from './policy/draft';
import { editForm } from './policy/editView';
import { FieldProblems } from './policy/fieldProblems';
import { historyView, readOnlyView, unratedView, versionView, type Version } from './policy/historyView';
import { jsonForm, policyText } from './policy/jsonView';
import { reviewView } from './policy/reviewView';

/** Unrated event types that the page lists and the form offers. */
const UNRATED = 25;
/** A form that is posted has to stay below 64 KiB, and the page that holds it below 200 kB. */
const EDITABLE_BYTES = 44_000;
const DAY_MS = 86_400_000;

/** Rules, thresholds and guards: edited, checked, tried on history, saved, and brought back. */
export const policy: ConsolePage = {
	path: 'policy',
	navigation: 'Policy',
	role: 'viewer',
	drafts: { segment: 'draft', action: 'updatePolicy' },
	async content(context) {
		const [part, number, ...rest] = context.segments;
		if (part === undefined) return await overview(context);
		if (part === 'draft' && number === undefined) return context.posted ? await draftPage(context, context.posted) : await overview(context);
		if (part === 'versions' && number === undefined) return await history(context);
		if (part === 'versions' && rest.length === 0 && /^[1-9]\d{0,8}$/.test(number)) return await versionPage(context, Number(number));
		return undefined;
	},
};

/** Whether the form can carry a policy of this size from step to step. */
export function fitsForm(draft: unknown): boolean {
	return encodeURIComponent(JSON.stringify(draft)).length <= EDITABLE_BYTES;
}

async function overview(context: PageContext): Promise<PageContent> {
	const active = await context.ledger.getPolicy();
	const unrated = await context.ledger.getUnratedEventTypes({ limit: UNRATED });
	return { title: 'Policy', body: overviewView(context, active, unrated) };
}

export function overviewView(context: PageContext, active: Version, unrated: { items: Parameters<typeof unratedView>[0]; total: number }): Markup {
	const { version, policy: inForce } = active;
	const editable = context.may('updatePolicy') && fitsForm(inForce);
	const body = editable
		? editForm(context, { base: version, draft: inForce as unknown as Draft, page: 0, problems: new FieldProblems([]), unrated: unrated.items })
		: readOnlyView(context, inForce);
	return html`${section(`Version ${version}`, definitionList([
		['Name', cut(inForce.name, 100)], ['In force since', time(active.createdAt)], ['Saved by', cut(active.createdBy, 100)],
	]), html`<a href="${context.href('policy', ['versions'])}">History</a>`)}
${context.may('updatePolicy') && !editable && notice('asks', 'This policy is too large for a form. Change it with the Penalty Ledger node: Policy → Update.')}
${unratedView(unrated.items, unrated.total)}${body}`;
}

async function draftPage(context: PageContext, form: URLSearchParams): Promise<PageContent> {
	const { ledger } = context;
	if (!context.may('updatePolicy')) return { title: 'Policy', status: 403, body: notice('bad', 'Your role may not change the policy.') };
	const active = await ledger.getPolicy();
	const base = /^[1-9]\d{0,8}$/.test(form.get('object') ?? '') ? Number(form.get('object')) : active.version;
	const read = draftOf(form);
	if ('problem' in read) {
		return { title: 'Policy draft', status: 400, body: jsonForm(context, base, read.text.slice(0, EDITABLE_BYTES), notice('bad', read.problem)) };
	}
	const { draft } = read;
	if (!fitsForm(draft)) {
		return { title: 'Policy draft', status: 400, body: notice('bad', 'This draft is too large for a form. Save it with the Penalty Ledger node: Policy → Update.') };
	}
	const step = stepOf(form, Array.isArray(draft.rules) ? draft.rules.length : 0);
	return { title: 'Policy draft', body: await draftView(context, { active, base, draft, step }) };
}

async function draftView(context: PageContext, given: { active: Version; base: number; draft: Draft; step: Step }): Promise<Markup> {
	const { active, base, draft, step } = given;
	const { ledger, nowMs } = context;
	const problems = new FieldProblems(policyProblems(draft));
	if (step.do === 'json') return jsonForm(context, base, policyText(draft));
	if (step.do === 'edit' || problems.all.length > 0) {
		const { items } = await ledger.getUnratedEventTypes({ limit: UNRATED });
		const page = step.do === 'edit' ? step.page : firstPageWith(problems);
		return editForm(context, { base, draft, page, problems: step.do === 'edit' ? new FieldProblems([]) : problems, unrated: items });
	}
	const review = { active: active.policy, version: active.version, base, draft, problems };
	if (step.do === 'review') return reviewView(context, review);
	const result = await ledger.whatIf(draft, new Date(nowMs - step.days * DAY_MS).toISOString());
	return reviewView(context, { ...review, whatIf: { days: step.days, result } });
}

/** Page of the rules on which the first problem with one of them is. */
function firstPageWith({ all }: FieldProblems): number {
	const indexes = all.map(({ path }) => /^rules\[(\d+)\]/.exec(path)?.[1]).filter((index) => index !== undefined);
	return indexes.length === 0 ? 0 : Math.floor(Math.min(...indexes.map(Number)) / RULES_PER_PAGE);
}

async function history(context: PageContext): Promise<PageContent> {
	const versions = await context.ledger.getPolicyVersions();
	const active = Math.max(0, ...versions.map(({ version }) => version));
	return { title: 'Policy history', body: historyView(context, versions, active) };
}

async function versionPage(context: PageContext, number: number): Promise<PageContent | undefined> {
	const { ledger } = context;
	const active = await ledger.getPolicy();
	if (number > active.version) return undefined;
	const shown = number === active.version ? active : await ledger.getPolicy(number);
	const previous: Version | undefined = number > 1 ? await ledger.getPolicy(number - 1) : undefined;
	return { title: `Policy version ${number}`, body: versionView(context, shown, previous, active) };
}

