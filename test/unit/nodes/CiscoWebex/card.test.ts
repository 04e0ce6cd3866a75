import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { readAttachments } from '../../../../lab/vendors/webex/cards';
import {
	buildCard,
	CARD_CONTENT_TYPE,
	cardAsText,
	type CardContent,
	type CardInput,
} from '../../../../nodes/CiscoWebex/card';

const body = (card: IDataObject) => card.body as IDataObject[];

describe('buildCard', () => {
	it('shows title, text, facts, inputs and buttons in this order', () => {
		const content: CardContent = {
			title: 'PC-7 crossed the threshold',
			severity: 'critical',
			text: 'Score 90 of 80',
			facts: [{ name: 'MAC', value: '00:11:22:33:44:55' }],
			inputs: [{ type: 'multilineText', id: 'comment', label: 'Comment', placeholder: 'Why?' }],
			buttons: [
				{ type: 'submit', title: 'Quarantine', data: { action: 'quarantine', intent: 'i-1' } },
				{ type: 'openUrl', title: 'Details', url: 'https://example.com/7' },
			],
		};
		expect(buildCard(content)).toEqual({
			$schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
			type: 'AdaptiveCard',
			version: '1.3',
			body: [
				{
					type: 'TextBlock',
					text: content.title,
					size: 'Medium',
					weight: 'Bolder',
					color: 'Attention',
					wrap: true,
				},
				{ type: 'TextBlock', text: 'Score 90 of 80', wrap: true },
				{ type: 'FactSet', facts: [{ title: 'MAC', value: '00:11:22:33:44:55' }] },
				{
					type: 'Input.Text',
					id: 'comment',
					label: 'Comment',
					isRequired: false,
					placeholder: 'Why?',
					isMultiline: true,
				},
			],
			actions: [
				{ type: 'Action.Submit', title: 'Quarantine', data: { action: 'quarantine', intent: 'i-1' } },
				{ type: 'Action.OpenUrl', title: 'Details', url: 'https://example.com/7' },
			],
		});
	});

	it('leaves out what is not given', () => {
		const card = buildCard({ title: 'Only a title' });
		expect(body(card)).toHaveLength(1);
		expect(body(card)[0].color).toBe('Default');
		expect(card).not.toHaveProperty('actions');
	});

	it.each([
		['info', 'Accent'],
		['good', 'Good'],
		['warning', 'Warning'],
		['critical', 'Attention'],
	] as const)('colours %s as %s', (severity, colour) => {
		expect(body(buildCard({ title: 'T', severity }))[0].color).toBe(colour);
	});

	it.each<[CardInput['type'], string]>([
		['text', 'Input.Text'],
		['multilineText', 'Input.Text'],
		['number', 'Input.Number'],
		['date', 'Input.Date'],
		['time', 'Input.Time'],
		['toggle', 'Input.Toggle'],
		['choice', 'Input.ChoiceSet'],
	])('makes an input of %s', (type, expected) => {
		const input = { type, id: 'x', label: 'X', required: true, choices: ['a', 'b'] };
		expect(body(buildCard({ title: 'T', inputs: [input] }))[1]).toMatchObject({
			type: expected,
			id: 'x',
			isRequired: true,
		});
	});

	it('offers choices as they are', () => {
		const card = buildCard({
			title: 'T',
			inputs: [{ type: 'choice', id: 'x', label: 'X', choices: ['Yes', 'No'] }],
		});
		expect(body(card)[1].choices).toEqual([
			{ title: 'Yes', value: 'Yes' },
			{ title: 'No', value: 'No' },
		]);
	});

	it('refuses a sixth button', () => {
		const buttons = Array.from({ length: 6 }, (_, index) => ({
			type: 'submit' as const,
			title: `${index}`,
			data: {},
		}));
		expect(buildCard({ title: 'T', buttons: buttons.slice(1) }).actions).toHaveLength(5);
		expect(() => buildCard({ title: 'T', buttons })).toThrow('at most 5 buttons, not 6');
	});

	it('refuses two inputs with one ID', () => {
		const input: CardInput = { type: 'text', id: 'x', label: 'X' };
		expect(() => buildCard({ title: 'T', inputs: [input, input] })).toThrow('"x"');
	});

	it('cuts long texts between characters', () => {
		const text = String(body(buildCard({ title: '😀'.repeat(300) }))[0].text);
		expect([...text]).toHaveLength(200);
		expect(text.endsWith('😀…')).toBe(true);
	});

	it('shows marks of Markdown as letters, wherever Markdown would be rendered', () => {
		const link = 'Open [this](https://evil.example)';
		const inert = 'Open [this]\u200B(https://evil.example)';
		const inputs: CardInput[] = [{ type: 'choice', id: 'x', label: link, choices: [link] }];
		const card = buildCard({ title: link, text: link, facts: [{ name: link, value: link }], inputs });
		expect(body(card)).toMatchObject([
			{ text: inert },
			{ text: inert },
			{ facts: [{ title: inert, value: inert }] },
			{ label: inert, choices: [{ title: inert, value: link }] },
		]);
	});

	it('cuts what has grown', () => {
		const [title, text] = body(buildCard({ title: '_'.repeat(200), text: '](_'.repeat(1_000) }));
		expect([...String(title.text)]).toHaveLength(200);
		expect([...String(text.text)]).toHaveLength(3_000);
	});

	it('makes only cards that Webex takes, and changes no text that forms nothing', () => {
		const text = fc.string({ maxLength: 80, unit: fc.constantFrom(...'abc 019.,:;äß😀("\'') });
		const content = fc.record({
			title: text,
			text,
			facts: fc.array(fc.record({ name: text, value: text }), { maxLength: 10 }),
			buttons: fc.array(
				fc.record({
					type: fc.constant('submit' as const),
					title: fc.string({ maxLength: 20 }),
					data: fc.constant({ a: 1 }),
				}),
				{ maxLength: 5 },
			),
		});
		fc.assert(
			fc.property(content, (one) => {
				const card = buildCard(one);
				expect(readAttachments([{ contentType: CARD_CONTENT_TYPE, content: card }])).toHaveLength(1);
				expect(body(card)[0].text).toBe(one.title);
			}),
			{ numRuns: 50 },
		);
	});
});

it('cardAsText says what the card says', () => {
	const facts = [{ name: 'MAC', value: 'aa' }];
	expect(cardAsText({ title: 'Title', text: 'Text', facts })).toBe('Title\nText\nMAC: aa');
	expect(cardAsText({ title: 'Title' })).toBe('Title');
});
