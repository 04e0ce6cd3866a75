import type { IDataObject } from 'n8n-workflow';
import type { Intent, Notice } from '../../../../ledger';
import { MAX_CARD_BYTES } from '../../../../nodes/CiscoWebex/card';
import { noticeCard, type CardSettings } from '../../../../nodes/CiscoWebex/decisions/notice';
import { decidedCard } from '../../../../nodes/CiscoWebex/decisions/outcome';
import { inputsOf, readCommand } from '../../../../nodes/CiscoWebex/decisions/reply';
import { cardKey } from '../../../../nodes/CiscoWebex/decisions/token';

const KEY = cardKey('bot token of this test');
const SETTINGS: CardSettings = { key: KEY, now: Date.UTC(2026, 0, 15, 12), validMs: 60_000, buttons: true };
const LINK = '[Approve here](https://evil.example/login)';

/** A notice in which every text that comes from others is `text`. */
function noticeOf(text: string, event: Notice['event'], hosts = 1): Intent {
	const approval = { intentId: 'a'.repeat(36), host: text, score: 90, reason: text };
	return {
		kind: 'notify',
		episodeId: 'episode-1',
		requestedBy: text,
		reason: text,
		decision: { guard: 'dispatch', verdict: 'contain', reason: text },
		host: { hostnames: [text], macs: ['00:11:22:33:44:55'], ips: ['10.1.2.3'], users: [text], connectorGuids: [text] },
		trigger: { kind: 'hostname', key: text, score: 90 },
		topContributions: Array.from({ length: 5 }, () => ({ source: text, eventType: text, penalty: 90, occurredAt: text })),
		notice: {
			event,
			references: {},
			result: { error: text, isolationError: text },
			approvals: Array.from({ length: hosts }, () => approval),
		},
	} as unknown as Intent;
}

/** All texts of a card that clients render as Markdown. */
function texts(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(texts);
	if (typeof value !== 'object' || value === null) return [];
	const { type, text, title, label, ...rest } = value as IDataObject;
	const own = [text, label, ...(String(type).startsWith('Action.') ? [] : [title])];
	const shown = type === undefined && rest.value !== undefined ? [...own, rest.value] : own;
	return [...shown.filter((one) => typeof one === 'string'), ...Object.values(rest).flatMap(texts)];
}

describe.each(['contained', 'released', 'failed', 'escalated', 'approvalRequested', 'approvalExpired'] as const)('the card of %s', (event) => {
	it('shows links, mentions and HTML of others as they were written', () => {
		const { card } = noticeCard(noticeOf(`${LINK} <@all> <b>x</b>`, event, 3), SETTINGS);
		expect(texts(card).join('\n')).toContain('[Approve here]\u200B(https://evil.example/login) <\u200B@all> <\u200Bb>x');
		expect(texts(card).join('\n')).not.toMatch(/\]\(|<[@/b]/);
	});

	it('shows ordinary names as they are, in the lists of the pack', () => {
		const name = 'CORP\\jane.van_doe-014';
		const { card } = noticeCard(noticeOf(name, event), SETTINGS);
		const [, text] = card.body as IDataObject[];
		expect(texts(card).join('\n')).not.toContain('\u200B');
		const line = event.startsWith('approval') ? `1. ${name}, score 90: ${name}` : `- ${name} (${name}), 90 points`;
		expect(text.text).toContain(line);
	});

	it('fits when every text is long and has to be changed', () => {
		const { card } = noticeCard(noticeOf('](_'.repeat(1_000), event, 20), SETTINGS);
		expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(MAX_CARD_BYTES);
	});
});

it.each([
	['contain', 'Containment of pc-7 did not succeed'],
	['release', 'Release of pc-7 did not succeed'],
])('says what did not succeed: %s', (kind, title) => {
	const intent = noticeOf('pc-7', 'failed');
	intent.notice!.result = { kind, error: 'ISE is down' };
	expect(noticeCard(intent, SETTINGS).text.split('\n')[0]).toBe(title);
});

it('names the host that nobody approved, whatever host the request was about first', () => {
	const intent = noticeOf('pc-7', 'approvalExpired');
	intent.notice!.approvals![0].host = 'pc-8';
	expect(noticeCard(intent, SETTINGS).text.split('\n')[0]).toBe('Nobody approved in time: pc-8 was not contained');
	intent.notice!.approvalCount = 3;
	expect(noticeCard(intent, SETTINGS).text.split('\n')[0]).toBe('Nobody approved in time: 3 hosts were not contained');
});

it('tells clients without cards the text as it is: they get no Markdown', () => {
	expect(noticeCard(noticeOf(LINK, 'contained'), SETTINGS).text).toContain(LINK);
});

it('lets a host of a list be chosen by number, whatever its name', () => {
	const { card } = noticeCard(noticeOf(LINK, 'approvalRequested', 2), SETTINGS);
	const command = readCommand('approve 2', 'RTC')!;
	expect(inputsOf(command, card)).toMatchObject({ chosen: expect.stringMatching(/^1\.choose\./) });
});

it('shows an outcome letter for letter, and no longer than before', () => {
	const outcomeOf = (text: string) => texts(decidedCard({ body: [] }, text, [], KEY));
	expect(outcomeOf(`Approved by ann: ${LINK}`)).toEqual(['Approved by ann: [Approve here]\u200B(https://evil.example/login)']);
	expect([...outcomeOf('_'.repeat(2_000))[0]]).toHaveLength(1_000);
});
