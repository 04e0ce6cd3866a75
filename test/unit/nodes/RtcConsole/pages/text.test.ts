import fc from 'fast-check';
import { escapeHtml } from '../../../../../nodes/RtcConsole/view/html';
import { clip, cut } from '../../../../../nodes/RtcConsole/view/text';

describe('cut', () => {
	it.each([
		['short', 10, 'short'],
		['exactly ten', 11, 'exactly ten'],
		['a longer text', 8, 'a longer…'],
		['""""', 12, '""…'],
		['ab😀cd', 4, 'ab😀…'],
		['ab😀cd', 3, 'ab…'],
		['', 0, ''],
	])('%j within %i is %j', (text, length, expected) => expect(cut(text, length)).toBe(expected));

	it('never takes more room than given, is the start of the text, and has no half characters', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme-composite' }), fc.nat(40), (text, length) => {
				const result = cut(text, length);
				if (result === text) return;
				expect(text.startsWith(result.slice(0, -1))).toBe(true);
				expect(escapeHtml(result.slice(0, -1)).length).toBeLessThanOrEqual(length);
				expect(Buffer.from(result).toString()).toBe(result);
			}),
		);
	});
});

describe('clip', () => {
	it('has more of a long text on hover, escaped', () => {
		expect(clip('abc', 3).text).toBe('abc');
		expect(clip('abcdef<', 3).text).toBe('<span title="abcdef…">abc…</span>');
		expect(clip('<b>x</b>', 8).text).toBe('<span title="&lt;b&gt;x&lt;/b…">&lt;b…</span>');
	});
});
