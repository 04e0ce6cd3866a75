import { applyRule, RULE_FIELDS, ruleInput, ruleText, type RuleText } from './ruleForm';
import { applySettings, isObject } from './settings';

/** Rules on a page of the form. */
export const RULES_PER_PAGE = 25;

/** A policy that somebody works on: any JSON, until it is checked. */
export type Draft = Record<string, unknown>;

/** What the button asks for that was pressed. */
export type Step =
	| { do: 'edit'; page: number }
	| { do: 'json' }
	| { do: 'review' }
	| { do: 'whatIf'; days: number };

export const WHAT_IF_DAYS = [1, 7, 14, 30, 90] as const;

/**
 * The draft in a posted form: the whole of it from the last step, with what was typed since.
 *
 * @returns a problem when the text is no JSON object
 */
export function draftOf(form: URLSearchParams): { draft: Draft } | { problem: string; text: string } {
	const text = form.get('json') ?? form.get('draft') ?? '';
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch (error) {
		return { problem: `This is not JSON: ${(error as Error).message}`, text };
	}
	if (!isObject(parsed)) return { problem: 'A policy is a JSON object: {…}', text };
	if (!form.has('json')) applyForm(parsed, form);
	return { draft: parsed };
}

function applyForm(draft: Draft, form: URLSearchParams): void {
	applySettings(draft, form);
	if (!Array.isArray(draft.rules)) return;
	const rules: unknown[] = draft.rules.map((rule: unknown, index) => (form.has(ruleInput(index, 'source')) ? applyRule(rule, typedRule(form, index, rule)) : rule));
	const removed = pressed(form, 'remove');
	if (removed !== undefined) rules.splice(removed, 1);
	if (form.get('do') === 'add') rules.push({ source: '', penalty: 0, reason: '' });
	draft.rules = rules;
}

function typedRule(form: URLSearchParams, index: number, rule: unknown): RuleText {
	const shown = ruleText(rule);
	return Object.fromEntries(RULE_FIELDS.map((field) => [field, form.get(ruleInput(index, field))?.trim() ?? shown[field]])) as unknown as RuleText;
}

/** What to show next. Anything unknown is a review, which changes nothing either. */
export function stepOf(form: URLSearchParams, ruleCount: number): Step {
	const asked = form.get('do') ?? '';
	const lastPage = Math.max(0, Math.ceil(ruleCount / RULES_PER_PAGE) - 1);
	const page = pressed(form, 'page') ?? Math.floor((pressed(form, 'remove') ?? 0) / RULES_PER_PAGE);
	if (asked === 'add') return { do: 'edit', page: lastPage };
	if (asked === 'edit' || /^(page|remove):\d+$/.test(asked)) return { do: 'edit', page: Math.min(page, lastPage) };
	if (asked === 'json') return { do: 'json' };
	if (asked === 'whatIf') return { do: 'whatIf', days: WHAT_IF_DAYS.find((days) => String(days) === form.get('days')) ?? 7 };
	return { do: 'review' };
}

function pressed(form: URLSearchParams, button: string): number | undefined {
	const match = /^([a-z]+):(\d{1,6})$/.exec(form.get('do') ?? '');
	return match?.[1] === button ? Number(match[2]) : undefined;
}
