import { isObject } from '../shared/body';
import { misuse } from '../shared/refusal';
import type { Attachment } from './model';

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
const MAX_CARD_BYTES = 22 * 1024;
const MAX_ACTIONS = 5;
const NEWEST_VERSION = [1, 3];
const ACTIONS = ['Action.Submit', 'Action.OpenUrl', 'Action.ShowCard'];
const ELEMENTS = [
	'TextBlock',
	'Image',
	'ImageSet',
	'RichTextBlock',
	'TextRun',
	'Container',
	'ColumnSet',
	'Column',
	'FactSet',
	'ActionSet',
	'Input.Text',
	'Input.Number',
	'Input.Date',
	'Input.Time',
	'Input.Toggle',
	'Input.ChoiceSet',
];

/**
 * Checks attachments as Webex does ("Buttons and Cards" guide): one adaptive card, version 1.3 or older, elements
 * and actions that Webex renders, at most 5 actions in a set, at most 22 KB of JSON. Throws a 400.
 */
export function readAttachments(value: unknown): Attachment[] | undefined {
	if (value === undefined) return undefined;
	if (!Array.isArray(value) || value.length === 0)
		throw misuse(400, 'attachments must be a list with one card');
	if (value.length > 1) throw misuse(400, 'Only one attachment is allowed per message');
	const [attachment] = value as unknown[];
	if (!isObject(attachment) || attachment.contentType !== CARD_TYPE) {
		throw misuse(400, `Unsupported content type, it must be ${CARD_TYPE}`);
	}
	const { content } = attachment;
	if (!isObject(content)) throw misuse(400, 'Unable to retrieve content: the attachment has no card');
	const bytes = Buffer.byteLength(JSON.stringify(content));
	if (bytes > MAX_CARD_BYTES)
		throw misuse(400, `The card has ${bytes} bytes, at most ${MAX_CARD_BYTES} are allowed`);
	checkCard(content);
	return [{ contentType: CARD_TYPE, content }];
}

function checkCard(card: Record<string, unknown>): void {
	if (card.type !== 'AdaptiveCard') throw misuse(400, 'The card must have the type AdaptiveCard');
	const version = /^(\d+)\.(\d+)$/.exec(String(card.version ?? ''));
	if (!version) throw misuse(400, 'The card must have a version');
	const [major, minor] = [Number(version[1]), Number(version[2])];
	if (major > NEWEST_VERSION[0] || (major === NEWEST_VERSION[0] && minor > NEWEST_VERSION[1])) {
		throw misuse(
			400,
			`Unsupported card version ${version[0]}: Webex supports up to ${NEWEST_VERSION.join('.')}`,
		);
	}
	checkPart(card);
}

/** Walks through whatever may hold elements or actions. */
function checkPart(part: Record<string, unknown>): void {
	for (const name of ['body', 'items', 'columns', 'images', 'inlines']) {
		for (const element of listOf(part[name], name)) {
			if (name === 'inlines' && typeof element === 'string') continue;
			checkElement(element, name);
		}
	}
	const actions = listOf(part.actions, 'actions');
	if (actions.length > MAX_ACTIONS)
		throw misuse(400, `A card can have ${MAX_ACTIONS} actions, not ${actions.length}`);
	for (const action of actions) checkAction(action);
	if (part.selectAction !== undefined) checkAction(part.selectAction);
}

function checkElement(element: unknown, place: string): void {
	if (!isObject(element)) throw misuse(400, `${place} of the card holds something that is no element`);
	const type = element.type ?? (place === 'columns' ? 'Column' : place === 'images' ? 'Image' : undefined);
	if (!ELEMENTS.includes(String(type))) throw misuse(400, `Unsupported card element ${String(type)}`);
	if (String(type).startsWith('Input.') && !element.id) throw misuse(400, `${String(type)} must have an id`);
	checkPart(element);
}

function checkAction(action: unknown): void {
	const type = isObject(action) ? action.type : undefined;
	if (!isObject(action) || !ACTIONS.includes(String(type))) {
		throw misuse(400, `Unsupported card action ${String(type)}: Webex knows ${ACTIONS.join(', ')}`);
	}
	if (type === 'Action.OpenUrl' && !URL.canParse(String(action.url))) {
		throw misuse(400, 'Action.OpenUrl must have a url');
	}
	if (type === 'Action.ShowCard') {
		if (!isObject(action.card)) throw misuse(400, 'Action.ShowCard must have a card');
		checkPart(action.card);
	}
}

function listOf(value: unknown, name: string): unknown[] {
	if (value === undefined) return [];
	if (!Array.isArray(value)) throw misuse(400, `${name} of the card must be a list`);
	return value;
}
