import { asTyped, elementsOf, textOfElements } from './elements';
import { isObject, numberOr } from './settings';

type Json = Record<string, unknown>;

/** Fields of a rule that match one of several values. */
const LISTS = ['eventType', 'category', 'severity', 'observableType'] as const;

export const REPEAT_MODES = ['', 'once', 'oncePer', 'every'] as const;

/** A rule as its inputs show it. */
export interface RuleText {
	source: string;
	eventType: string;
	category: string;
	severity: string;
	observableType: string;
	penalty: string;
	reason: string;
	repeatMode: string;
	repeatWindow: string;
}

export const RULE_FIELDS = [
	'source', 'eventType', 'category', 'severity', 'observableType', 'penalty', 'reason', 'repeatMode', 'repeatWindow',
] as const satisfies readonly (keyof RuleText)[];

export function ruleText(rule: unknown): RuleText {
	const fields = isObject(rule) ? rule : {};
	const repeat = isObject(fields.repeat) ? fields.repeat : {};
	const text = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
	const list = (value: unknown) => (value === undefined || value === null ? '' : textOfElements(value));
	return {
		source: text(fields.source),
		eventType: list(fields.eventType),
		category: list(fields.category),
		severity: list(fields.severity),
		observableType: list(fields.observableType),
		penalty: text(fields.penalty),
		reason: text(fields.reason),
		repeatMode: text(repeat.mode),
		repeatWindow: text(repeat.window),
	};
}

/** Name of the input of a rule's field. */
export function ruleInput(index: number, field: keyof RuleText): string {
	return `rules[${index}].${field}`;
}

/** A rule with what was typed. What was not changed stays exactly as it is; a repeat policy keeps its scope. */
export function applyRule(rule: unknown, typed: RuleText): Json {
	const next: Json = isObject(rule) ? { ...rule } : {};
	const shown = ruleText(rule);
	const changed = (field: keyof RuleText) => typed[field] !== asTyped(shown[field]);
	const set = (name: string, value: unknown) => {
		if (value === undefined) delete next[name];
		else next[name] = value;
	};
	for (const field of LISTS) if (changed(field)) set(field, oneOrMany(elementsOf(typed[field])));
	for (const field of ['source', 'reason'] as const) if (changed(field)) set(field, typed[field]);
	if (changed('penalty')) set('penalty', numberOr(typed.penalty));
	if (changed('repeatMode') || changed('repeatWindow')) set('repeat', repeatOf(next.repeat, typed));
	return next;
}

function repeatOf(before: unknown, { repeatMode, repeatWindow }: RuleText): Json | undefined {
	if (repeatMode === '') return undefined;
	const scope = isObject(before) ? before.scope : undefined;
	return { mode: repeatMode, ...(repeatWindow !== '' && { window: repeatWindow }), ...(scope !== undefined && { scope }) };
}

function oneOrMany(elements: string[]): string | string[] | undefined {
	return elements.length > 1 ? elements : elements[0];
}
