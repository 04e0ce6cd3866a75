import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../../shared/errors';
import {
	buildCard,
	CARD_CONTENT_TYPE,
	cardAsText,
	MAX_CARD_BYTES,
	type CardButton,
	type CardContent,
	type CardFact,
	type CardInput,
	type CardSeverity,
} from '../../card';
import { byteLength, MAX_TEXT_BYTES, truncateToBytes } from '../../text';

type Format = 'text' | 'markdown' | 'card' | 'cardJson';

const cardOnly = { show: { format: ['card'] } };

/** Text, markdown or card of a new message. */
export const contentFields: INodeProperties[] = [
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		options: [
			{ name: 'Card', value: 'card', description: 'A card with facts, inputs and buttons, from a form' },
			{ name: 'Card From JSON', value: 'cardJson', description: 'Any Adaptive Card that Webex supports' },
			{ name: 'Markdown', value: 'markdown' },
			{ name: 'Text', value: 'text' },
		],
		default: 'markdown',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		required: true,
		description: 'The message. Markdown can mention people: &lt;@personEmail:jane@example.com&gt;.',
		displayOptions: { show: { format: ['text', 'markdown'] } },
	},
	{
		displayName: 'Card',
		name: 'cardJson',
		type: 'json',
		default: '{\n  "type": "AdaptiveCard",\n  "version": "1.3",\n  "body": []\n}',
		required: true,
		description: 'Adaptive Card, version 1.3 or older',
		displayOptions: { show: { format: ['cardJson'] } },
	},
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. PC-7 was quarantined',
		displayOptions: cardOnly,
	},
	{
		displayName: 'Severity',
		name: 'severity',
		type: 'options',
		options: [
			{ name: 'Critical', value: 'critical', description: 'Red title' },
			{ name: 'Good', value: 'good', description: 'Green title' },
			{ name: 'Info', value: 'info', description: 'Blue title' },
			{ name: 'None', value: 'none' },
			{ name: 'Warning', value: 'warning', description: 'Orange title' },
		],
		default: 'none',
		description: 'Colour of the title',
		displayOptions: cardOnly,
	},
	{
		displayName: 'Card Text',
		name: 'cardText',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		displayOptions: cardOnly,
	},
	{
		displayName: 'Facts',
		name: 'facts',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add fact',
		default: {},
		displayOptions: cardOnly,
		options: [
			{
				displayName: 'Fact',
				name: 'fact',
				values: [
					{ displayName: 'Name', name: 'name', type: 'string', default: '' },
					{ displayName: 'Value', name: 'value', type: 'string', default: '' },
				],
			},
		],
	},
	{
		displayName: 'Inputs',
		name: 'inputs',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add input',
		default: {},
		description: 'What people can fill in before they press a button that submits',
		displayOptions: cardOnly,
		options: [
			{
				displayName: 'Input',
				name: 'input',
				values: [
					{
						displayName: 'Choices',
						name: 'choices',
						type: 'string',
						default: '',
						placeholder: 'e.g. Approve, Refuse',
						description: 'Separated by commas',
						displayOptions: { show: { type: ['choice'] } },
					},
					{
						displayName: 'ID',
						name: 'id',
						type: 'string',
						default: '',
						placeholder: 'e.g. comment',
						description: 'Name of the value in the answer',
					},
					{ displayName: 'Label', name: 'label', type: 'string', default: '' },
					{ displayName: 'Placeholder', name: 'placeholder', type: 'string', default: '' },
					{ displayName: 'Required', name: 'required', type: 'boolean', default: false },
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						options: [
							{ name: 'Choice', value: 'choice' },
							{ name: 'Date', value: 'date' },
							{ name: 'Multiline Text', value: 'multilineText' },
							{ name: 'Number', value: 'number' },
							{ name: 'Text', value: 'text' },
							{ name: 'Time', value: 'time' },
							{ name: 'Toggle', value: 'toggle' },
						],
						default: 'text',
					},
				],
			},
		],
	},
	{
		displayName: 'Buttons',
		name: 'buttons',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add button',
		default: {},
		description: 'At most 5. Anyone in the room can press them, as long as the card is there.',
		displayOptions: cardOnly,
		options: [
			{
				displayName: 'Button',
				name: 'button',
				values: [
					{
						displayName: 'Data',
						name: 'data',
						type: 'json',
						default: '{}',
						description: 'Sent with the values of the inputs when the button is pressed',
						displayOptions: { show: { type: ['submit'] } },
					},
					{ displayName: 'Title', name: 'title', type: 'string', default: '' },
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						options: [
							{ name: 'Open URL', value: 'openUrl' },
							{ name: 'Submit', value: 'submit' },
						],
						default: 'submit',
					},
					{
						displayName: 'URL',
						name: 'url',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://example.com/incident/7',
						displayOptions: { show: { type: ['openUrl'] } },
					},
				],
			},
		],
	},
	{
		displayName: 'Fallback Text',
		name: 'fallbackText',
		type: 'string',
		default: '',
		description: 'Shown in notifications and by clients without cards. Default: the words of the card.',
		displayOptions: { show: { format: ['card', 'cardJson'] } },
	},
];

/**
 * The part of a message that people see: `text`, `markdown`, or `attachments` with `text` as fallback.
 *
 * @param truncate cut text that is too long instead of refusing it
 * @throws NodeOperationError for empty or too long content, and for a card that can't be sent.
 */
export function readContent(context: IExecuteFunctions, itemIndex: number, truncate: boolean): IDataObject {
	const refuse = (message: string, description?: string) =>
		parameterError(context.getNode(), message, itemIndex, description);
	const format = context.getNodeParameter('format', itemIndex) as Format;
	if (format === 'text' || format === 'markdown') {
		const text = String(context.getNodeParameter('text', itemIndex) ?? '');
		if (text.trim() === '') throw refuse('The field "Text" is empty');
		return { [format]: fittingText(context, text, truncate, itemIndex) };
	}
	const { card, words } =
		format === 'card' ? readForm(context, itemIndex, refuse) : readRaw(context, itemIndex, refuse);
	const bytes = byteLength(JSON.stringify(card));
	if (bytes > MAX_CARD_BYTES) {
		throw refuse(
			`The card has ${bytes} bytes, and Webex takes ${MAX_CARD_BYTES}`,
			'Shorten its texts, or show fewer facts.',
		);
	}
	const fallback = String(context.getNodeParameter('fallbackText', itemIndex, '') ?? '').trim();
	return {
		text: truncateToBytes(fallback || words, MAX_TEXT_BYTES),
		attachments: [{ contentType: CARD_CONTENT_TYPE, content: card }],
	};
}

/**
 * Text that Webex takes.
 *
 * @param truncate cut it when it is too long
 * @throws NodeOperationError when it is too long and may not be cut.
 */
export function fittingText(
	context: IExecuteFunctions,
	text: string,
	truncate: boolean,
	itemIndex: number,
): string {
	if (truncate || byteLength(text) <= MAX_TEXT_BYTES) return truncateToBytes(text, MAX_TEXT_BYTES);
	const message = `The text has ${byteLength(text)} bytes, and Webex takes ${MAX_TEXT_BYTES}`;
	throw parameterError(context.getNode(), message, itemIndex, 'Shorten it, or turn on "Truncate".');
}

type Refuse = (message: string, description?: string) => Error;

function readForm(
	context: IExecuteFunctions,
	itemIndex: number,
	refuse: Refuse,
): { card: IDataObject; words: string } {
	const read = <T>(name: string, fallback: T) => context.getNodeParameter(name, itemIndex, fallback) as T;
	const title = String(read('title', '')).trim();
	if (!title) throw refuse('The field "Title" of the card is empty');
	const { fact = [] } = read<{ fact?: CardFact[] }>('facts', {});
	const { input = [] } = read<{ input?: (Omit<CardInput, 'choices'> & { choices?: string })[] }>(
		'inputs',
		{},
	);
	const { button = [] } = read<{ button?: IDataObject[] }>('buttons', {});
	const content: CardContent = {
		title,
		severity: read<CardSeverity>('severity', 'none'),
		text: String(read('cardText', '')),
		facts: fact.map(({ name, value }) => ({ name: String(name ?? ''), value: String(value ?? '') })),
		inputs: input.map((one) => ({ ...one, label: one.label || one.id, choices: listed(one.choices) })),
		buttons: button.map((one) => readButton(one, refuse)),
	};
	if (content.inputs?.some(({ id }) => !id)) throw refuse('An input of the card has no ID');
	try {
		return { card: buildCard(content), words: cardAsText(content) };
	} catch (error) {
		throw refuse((error as Error).message);
	}
}

function readButton({ type, title, url, data }: IDataObject, refuse: Refuse): CardButton {
	const label = String(title ?? '').trim();
	if (!label) throw refuse('A button of the card has no title');
	if (type === 'openUrl') {
		if (!URL.canParse(String(url ?? ''))) throw refuse(`The URL of the button "${label}" is not valid`);
		return { type: 'openUrl', title: label, url: String(url) };
	}
	const value = asObject(data ?? {});
	if (!value) throw refuse(`The data of the button "${label}" is not a JSON object`);
	return { type: 'submit', title: label, data: value };
}

function readRaw(
	context: IExecuteFunctions,
	itemIndex: number,
	refuse: Refuse,
): { card: IDataObject; words: string } {
	const card = asObject(context.getNodeParameter('cardJson', itemIndex));
	if (!card || card.type !== 'AdaptiveCard') {
		throw refuse(
			'The field "Card" is not an Adaptive Card',
			'Give a JSON object with "type": "AdaptiveCard".',
		);
	}
	return { card, words: textsOf(card).join('\n') || 'Card' };
}

/** Texts of a card in reading order, for clients without cards. */
function textsOf(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(textsOf);
	if (typeof value !== 'object' || value === null) return [];
	const { type, text, title, value: shown, ...rest } = value as IDataObject;
	if (type === 'TextBlock' || type === 'TextRun') return typeof text === 'string' ? [text] : [];
	if (type === undefined && typeof title === 'string' && typeof shown === 'string')
		return [`${title}: ${shown}`];
	return [rest.body, rest.items, rest.columns, rest.facts, rest.inlines].flatMap(textsOf);
}

function asObject(value: unknown): IDataObject | undefined {
	try {
		const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
		return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
			? (parsed as IDataObject)
			: undefined;
	} catch {
		return undefined;
	}
}

function listed(text: string | undefined): string[] {
	return (text ?? '')
		.split(/[,\n]/)
		.map((part) => part.trim())
		.filter(Boolean);
}
