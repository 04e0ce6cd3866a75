import fc from 'fast-check';
import { decide, type Entry } from '../../../../nodes/CiscoWebex/decisions/decide';
import { mayDecide, readDeciders } from '../../../../nodes/CiscoWebex/decisions/people';
import { readCommand } from '../../../../nodes/CiscoWebex/decisions/reply';
import { cardKey, isSigned, readToken, signToken, webhookSecret, type CardToken } from '../../../../nodes/CiscoWebex/decisions/token';

const KEY = cardKey('bot token of this test');
const NOW = Date.UTC(2026, 0, 15, 12);
const TOKEN: CardToken = { action: 'release', subject: 'episode-1', expiresAt: NOW + 1 };

describe('the signature of a call', () => {
	const body = Buffer.from('{"id":"Y1","resource":"attachmentActions","event":"created","data":{"id":"A1"}}');
	const signature = '95d1f75b83e12ffe6d68951dc4b080dcdcb657ed';

	it.each([
		['right', body, signature, 'mysecret', true],
		['right, in capitals', body, signature.toUpperCase(), 'mysecret', true],
		['of another body', Buffer.from(`${body.toString()} `), signature, 'mysecret', false],
		['of another secret', body, signature, 'mysecres', false],
		['cut', body, signature.slice(1), 'mysecret', false],
		['empty', body, '', 'mysecret', false],
		['missing', body, undefined, 'mysecret', false],
		['sent twice', body, [signature], 'mysecret', false],
	])('that is %s', (_case, given, header, secret, expected) => {
		expect(isSigned(given, header, secret)).toBe(expected);
	});

	it('needs another secret for every address and every bot', () => {
		const secrets = [webhookSecret('a', 'https://one'), webhookSecret('a', 'https://two'), webhookSecret('b', 'https://one')];
		expect(new Set(secrets).size).toBe(3);
		expect(secrets.join()).not.toContain('https');
	});
});

describe('the data of a button', () => {
	it('comes back as it was signed', () => {
		fc.assert(
			fc.property(fc.uuid(), fc.nat({ max: 4e12 }), fc.constantFrom('approve', 'deny', 'release', 'protect', 'choose'), (subject, expiresAt, action) => {
				const token = { action, subject, expiresAt } as CardToken;
				expect(readToken(KEY, signToken(KEY, token))).toEqual(token);
				expect(readToken(cardKey('another bot'), signToken(KEY, token))).toBeUndefined();
			}),
		);
	});

	it('can be changed nowhere', () => {
		const signed = signToken(KEY, TOKEN);
		fc.assert(
			fc.property(fc.nat({ max: signed.length - 1 }), fc.string({ minLength: 1, maxLength: 1 }), (at, other) => {
				fc.pre(signed[at] !== other && at < signed.length - 1);
				expect(readToken(KEY, signed.slice(0, at) + other + signed.slice(at + 1))).toBeUndefined();
			}),
		);
	});
});

describe('the people who may decide', () => {
	const deciders = readDeciders('Ann@Corp.example: approver\n\nop@corp.example: operator # day shift\nY2lz: operator, approver');
	const person = (email: string, id = 'x') => ({ id, emails: [email], displayName: '' });

	it.each([
		[person('ANN@corp.example'), 'approve', true],
		[person('ann@corp.example'), 'release', true],
		[person('op@corp.example'), 'release', true],
		[person('op@corp.example'), 'approve', false],
		[person('eve@corp.example'), 'release', false],
		[person('eve@corp.example', 'Y2lz'), 'deny', true],
		[person('eve@corp.example', 'y2lz'), 'deny', false],
	] as const)('%j may %s: %s', (who, action, expected) => {
		expect(mayDecide(deciders, who, action)).toBe(expected);
	});

	it.each([['ann@corp.example'], ['ann@corp.example: admin'], ['ann@corp.example: approver, admin'], [': approver']])(
		'are no list with the line %j',
		(line) => expect(() => readDeciders(`ok@corp.example: approver\n${line}`)).toThrow('Line 2'),
	);
});

describe('an entry', () => {
	const deciders = readDeciders('ann@corp.example: approver');
	const entry = (inputs: Entry['inputs'], email = 'ann@corp.example'): Entry => ({
		inputs,
		person: { id: 'p', emails: [email], displayName: 'Ann' },
		messageId: 'm',
		roomId: 'r',
		via: 'card',
		at: '',
	});
	const rtc = (changes: Partial<CardToken> = {}) => signToken(KEY, { ...TOKEN, ...changes });

	it.each([
		['of a stranger', entry({ rtc: rtc() }, 'eve@corp.example'), 'notAllowed'],
		['of a stranger with an expired card', entry({ rtc: rtc({ expiresAt: 0 }) }, 'eve@corp.example'), 'notAllowed'],
		['that has expired', entry({ rtc: rtc({ expiresAt: NOW }) }), 'expired'],
		['that is made up', entry({ rtc: 'release' }), 'forged'],
		['that is no text', entry({ rtc: { action: 'release' } }), 'forged'],
		['with the entry of a list as button', entry({ rtc: rtc({ action: 'choose' }) }), 'forged'],
		['without a choice', entry({ rtc: rtc({ action: 'approve', subject: 'chosen' }) }), 'nothingChosen'],
		['with a choice made up', entry({ rtc: rtc({ action: 'approve', subject: 'chosen' }), chosen: 'i-1' }), 'forged'],
		['with another button as choice', entry({ rtc: rtc({ action: 'approve', subject: 'chosen' }), chosen: rtc() }), 'forged'],
		['that denies without a reason', entry({ rtc: rtc({ action: 'deny' }), denyReason: ' ' }), 'noReason'],
	])('%s is refused', (_case, given, refusal) => {
		expect(decide(given, KEY, deciders, NOW)).toMatchObject({ decision: 'refused', refusal });
	});

	it('of another workflow of the same bot is left alone', () => {
		expect(decide(entry({ action: 'release' }), KEY, deciders, NOW)).toBeUndefined();
	});

	it('says what is decided, with a reason in one line', () => {
		expect(decide(entry({ rtc: rtc(), reason: 'clean\r\nnow' }), KEY, deciders, NOW)).toMatchObject({
			decision: 'release',
			episodeId: 'episode-1',
			reason: 'clean now',
			by: 'ann@corp.example',
		});
	});
});

it.each([
	['RTC Alerts approve seen it', { verb: 'approve', reason: 'seen it' }],
	['approve', { verb: 'approve', reason: '' }],
	['RTC Approve 2 seen it', { verb: 'approve', number: 2, reason: 'seen it' }],
	['RTC Alerts, deny: a test', { verb: 'deny', reason: 'a test' }],
	['RTC Alerts do not approve', undefined],
	['please release', undefined],
	['RTC Alerts', undefined],
	['', undefined],
])('%j is read as %j', (text, expected) => {
	expect(readCommand(text, 'RTC Alerts')).toEqual(expected);
});

it('a command to a bot without a name is read', () => {
	expect(readCommand('', '')).toBeUndefined();
	expect(readCommand('deny', '')).toEqual({ verb: 'deny', reason: '' });
});

it.each([
	['Release Bot release 2 clean', { verb: 'release', number: 2, reason: 'clean' }],
	['Release Bot: approve', { verb: 'approve', reason: '' }],
	['Release release clean', { verb: 'release', reason: 'clean' }],
	['release clean', { verb: 'release', reason: 'clean' }],
	['release', { verb: 'release', reason: '' }],
	['Release Bot', undefined],
	['Release Bot do not release', undefined],
	['Release Bot Release Bot deny', { verb: 'deny', reason: '' }],
])('%j to a bot with a verb in its name is read as %j', (text, expected) => {
	expect(readCommand(text, 'Release Bot')).toEqual(expected);
});
