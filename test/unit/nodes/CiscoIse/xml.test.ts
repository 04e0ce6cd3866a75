import * as fc from 'fast-check';
import { parseXml, textOf, textsIn } from '../../../../nodes/CiscoIse/transport/xml';

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

describe('parseXml', () => {
	it('keeps numbers as the text they are', () => {
		expect(parseXml('<a><b>0012</b><c>18446744073709551615</c><d>1e5</d><e>true</e></a>')).toEqual({
			a: { b: '0012', c: '18446744073709551615', d: '1e5', e: 'true' },
		});
	});

	it('reads every printable text back', () => {
		const printable = fc
			.string({ unit: 'grapheme-ascii', minLength: 1 })
			.filter((text) => text.trim() === text);
		fc.assert(
			fc.property(printable, (text) => {
				expect(textOf(parseXml(`<a><b>${escape(text)}</b></a>`).a as never, 'b')).toBe(text || undefined);
			}),
		);
	});

	it.each([
		['&lt;b&gt; &amp;amp; &quot;&apos;', '<b> &amp; "\''],
		['&#233;&#xE9;', 'éé'],
		['&unknown;', '&unknown;'],
		['&#9999999;', '&#9999999;'],
	])('decodes %s', (inner, text) => {
		expect(parseXml(`<a>${inner}</a>`)).toEqual({ a: text });
	});

	it('drops attributes and namespace prefixes', () => {
		expect(parseXml('<n:a xmlns:n="x"><n:b xsi:type="xs:string">1</n:b></n:a>')).toEqual({ a: { b: '1' } });
	});

	it('refuses document types, which could define entities', () => {
		expect(() => parseXml('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')).toThrow('document type');
	});

	it('refuses more than 10 MB, or what the caller expects at most', () => {
		const text = `<a>${' '.repeat(10 * 1024 * 1024)}</a>`;
		expect(() => parseXml(text)).toThrow('10 MB');
		expect(parseXml(text, 11)).toEqual({ a: '' });
		expect(() => parseXml('<a/>'.repeat(300_000), 1)).toThrow('1 MB');
	});

	it.each(['', 'text', '<a><b></a>', '<a>', '{"a":1}'])('refuses %j, which is not XML', (text) => {
		expect(() => parseXml(text)).toThrow('not valid XML');
	});

	it('never lets an element reach the prototype', () => {
		expect(() => parseXml('<a><__proto__><admin>1</admin></__proto__></a>')).toThrow();
		expect(({} as { admin?: string }).admin).toBeUndefined();
	});
});

describe('textsIn', () => {
	it('collects every text below an element', () => {
		expect(textsIn({ ip: ['1', { inner: '2' }], empty: '' })).toEqual(['1', '2']);
	});
});
