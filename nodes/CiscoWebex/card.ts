import type { IDataObject } from 'n8n-workflow';
import { inert } from './inert';

/** Largest card that Webex takes, in bytes of JSON. */
export const MAX_CARD_BYTES = 22 * 1024;

export const CARD_CONTENT_TYPE = 'application/vnd.microsoft.card.adaptive';

const MAX_BUTTONS = 5;
const MAX_LENGTH = { title: 200, text: 3_000, name: 100, value: 500, button: 60 };

/** Colour of the title. The names are ours; Adaptive Cards know them by use. */
export type CardSeverity = 'none' | 'info' | 'good' | 'warning' | 'critical';

export interface CardFact {
	name: string;
	value: string;
}

export interface CardInput {
	type: 'choice' | 'date' | 'multilineText' | 'number' | 'text' | 'time' | 'toggle';
	/** Name of the value in the answer. */
	id: string;
	label: string;
	required?: boolean;
	placeholder?: string;
	/** For `choice`. */
	choices?: string[];
}

export type CardButton =
	| { type: 'openUrl'; title: string; url: string }
	| { type: 'submit'; title: string; data: IDataObject };

/** What a card shows, from top to bottom. */
export interface CardContent {
	title: string;
	severity?: CardSeverity;
	text?: string;
	facts?: CardFact[];
	inputs?: CardInput[];
	buttons?: CardButton[];
}

const COLOURS: Record<CardSeverity, string> = {
	none: 'Default',
	info: 'Accent',
	good: 'Good',
	warning: 'Warning',
	critical: 'Attention',
};

/**
 * An Adaptive Card 1.3, the newest that Webex renders ("Buttons and Cards" guide). Texts show letter for letter, see
 * `inert`; long ones are cut.
 *
 * @throws Error for more than 5 buttons, and for two inputs with one id.
 */
export function buildCard({
	title,
	severity = 'none',
	text,
	facts = [],
	inputs = [],
	buttons = [],
}: CardContent): IDataObject {
	if (buttons.length > MAX_BUTTONS)
		throw new Error(`A card has at most ${MAX_BUTTONS} buttons, not ${buttons.length}`);
	const ids = inputs.map(({ id }) => id);
	const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
	if (repeated !== undefined) throw new Error(`Two inputs of the card have the ID "${repeated}"`);
	const body = [
		heading(title, severity),
		...(text ? [{ type: 'TextBlock', text: shown(text, MAX_LENGTH.text), wrap: true }] : []),
		...(facts.length > 0 ? [factSet(facts)] : []),
		...inputs.map(toInput),
	];
	return {
		$schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
		type: 'AdaptiveCard',
		version: '1.3',
		body,
		...(buttons.length > 0 && { actions: buttons.map(toAction) }),
	};
}

/** What clients without cards show: title, text and facts, one per line. */
export function cardAsText({ title, text, facts = [] }: CardContent): string {
	const lines = [title, text, ...facts.map(({ name, value }) => `${name}: ${value}`)];
	return lines.filter(Boolean).join('\n');
}

function heading(title: string, severity: CardSeverity): IDataObject {
	return {
		type: 'TextBlock',
		text: shown(title, MAX_LENGTH.title),
		size: 'Medium',
		weight: 'Bolder',
		color: COLOURS[severity],
		wrap: true,
	};
}

/** Facts as an element of a card. */
export function factSet(facts: readonly CardFact[]): IDataObject {
	return {
		type: 'FactSet',
		facts: facts.map(({ name, value }) => ({
			title: shown(name, MAX_LENGTH.name),
			value: shown(value, MAX_LENGTH.value),
		})),
	};
}

function toInput({ type, id, label, required = false, placeholder, choices = [] }: CardInput): IDataObject {
	const common = { id, label: shown(label, MAX_LENGTH.name), isRequired: required };
	const hint = placeholder ? { placeholder: cut(placeholder, MAX_LENGTH.name) } : {};
	switch (type) {
		case 'choice':
			return {
				type: 'Input.ChoiceSet',
				...common,
				...hint,
				choices: choices.map((choice) => ({ title: shown(choice, MAX_LENGTH.value), value: choice })),
			};
		case 'toggle':
			return { type: 'Input.Toggle', ...common, title: common.label };
		case 'multilineText':
			return { type: 'Input.Text', ...common, ...hint, isMultiline: true };
		case 'text':
			return { type: 'Input.Text', ...common, ...hint };
		case 'number':
			return { type: 'Input.Number', ...common, ...hint };
		case 'date':
			return { type: 'Input.Date', ...common, ...hint };
		case 'time':
			return { type: 'Input.Time', ...common, ...hint };
	}
}

function toAction(button: CardButton): IDataObject {
	const title = cut(button.title, MAX_LENGTH.button);
	return button.type === 'openUrl'
		? { type: 'Action.OpenUrl', title, url: button.url }
		: { type: 'Action.Submit', title, data: button.data };
}

/** Text of others for an element that renders Markdown: inert, and at most this many characters. */
export function shown(text: string, maxLength: number): string {
	return cut(inert(cut(text, maxLength)), maxLength);
}

function cut(text: string, maxLength: number): string {
	const characters = [...text];
	return characters.length <= maxLength ? text : `${characters.slice(0, maxLength - 1).join('')}…`;
}
