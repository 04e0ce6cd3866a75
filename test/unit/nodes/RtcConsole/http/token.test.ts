import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { addressOf, readAddress, withNotice } from '../../../../../nodes/RtcConsole/http/address';
import { readBody } from '../../../../../nodes/RtcConsole/http/body';
import { checkToken, issueToken, TOKEN_LIFE_MS } from '../../../../../nodes/RtcConsole/http/token';

const NOW = Date.UTC(2026, 5, 1);
const SCOPE = { user: 'ann', action: 'release', object: 'mac:00:11:22:33:44:55' };

describe('anti-forgery token', () => {
	it('holds for its user, action and object until it expires', () => {
		const token = issueToken('secret', SCOPE, NOW);
		expect(checkToken('secret', SCOPE, token, NOW)).toMatchObject({ ok: true, issuedMs: NOW });
		expect(checkToken('secret', SCOPE, token, NOW + TOKEN_LIFE_MS)).toMatchObject({ ok: true });
		expect(checkToken('secret', SCOPE, token, NOW + TOKEN_LIFE_MS + 1)).toEqual({ ok: false, problem: 'expired' });
		expect(checkToken('secret', SCOPE, token, NOW - 120_000)).toEqual({ ok: false, problem: 'expired' });
		expect(issueToken('secret', SCOPE, NOW)).not.toBe(token);
	});

	it.each([{ user: 'bob' }, { action: 'purge' }, { object: 'mac:00:11:22:33:44:56' }])('does not hold for %j', (change) => {
		expect(checkToken('secret', { ...SCOPE, ...change }, issueToken('secret', SCOPE, NOW), NOW)).toEqual({ ok: false, problem: 'forged' });
	});

	it('does not hold under another secret', () => {
		expect(checkToken('other', SCOPE, issueToken('secret', SCOPE, NOW), NOW)).toEqual({ ok: false, problem: 'forged' });
	});

	it('holds no more when any character of it changes', () => {
		const token = issueToken('secret', SCOPE, NOW);
		fc.assert(fc.property(fc.nat(token.length - 1), fc.constantFrom(...'abcXYZ019_-.~é'), (place, character) => {
			const changed = token.slice(0, place) + character + token.slice(place + 1);
			fc.pre(changed !== token);
			expect(checkToken('secret', SCOPE, changed, NOW).ok).toBe(false);
		}));
	});

	it('takes any text for an answer', () => {
		fc.assert(fc.property(fc.string(), (text) => expect(checkToken('secret', SCOPE, text, NOW).ok).toBe(false)));
	});
});

describe('addresses', () => {
	it('give back any page, segments and query, and carry no line breaks', () => {
		const text = fc.string({ unit: 'grapheme' });
		fc.assert(fc.property(text, fc.array(text), fc.dictionary(fc.constantFrom('q', 'p', 'sort'), text.filter((value) => value !== '')), (page, segments, query) => {
			const address = addressOf(page, segments, query);
			expect(address).not.toMatch(/[\r\n<>"]/);
			const read = readAddress(new URLSearchParams(address.slice(1)), 'first');
			expect({ ...read, query: Object.fromEntries(read.query) }).toEqual({ page, segments, query: { ...query }, notice: undefined });
			expect(readAddress(withNotice(read, 'word'), 'first').notice).toBe('word');
		}));
	});
});

describe('bodies', () => {
	const limits = { maxBytes: 10, maxMs: 50 };
	const streamOf = (...chunks: string[]) => {
		const stream = new PassThrough();
		chunks.forEach((chunk) => stream.write(chunk));
		return stream;
	};

	it('are read up to the limit', async () => {
		const stream = streamOf('12345', '67890');
		stream.end();
		expect(await readBody(stream, undefined, limits)).toEqual({ text: '1234567890' });
	});

	it.each<[string, string[], string | undefined]>([['announced', [], '11'], ['sent', ['12345', '678901'], undefined]])('are refused when more is %s', async (_how, chunks, announced) => {
		expect(await readBody(streamOf(...chunks), announced, limits)).toEqual({ status: 413 });
	});

	it('are refused when they come too slowly', async () => {
		expect(await readBody(streamOf('1'), '5', limits)).toEqual({ status: 408 });
	});

	it('are refused when they break off', async () => {
		const stream = streamOf('1');
		setImmediate(() => stream.destroy());
		expect(await readBody(stream, '5', limits)).toEqual({ status: 400 });
	});
});
