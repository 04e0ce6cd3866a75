import fc from 'fast-check';
import { csvLine } from '../../../../../nodes/RtcConsole/view/csv';

/** A plain reader of RFC 4180, written apart from what it checks. */
function readLine(line: string): string[] {
	const fields: string[] = [];
	for (const [, quoted] of line.slice(0, -2).matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)) fields.push(quoted.replaceAll('""', '"'));
	return fields;
}

describe('csvLine', () => {
	it.each([
		['=1+1', "'=1+1"],
		['+1+1', "'+1+1"],
		['-1+1', "'-1+1"],
		['@SUM(A1)', "'@SUM(A1)"],
		['=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`],
		[' =1', "' =1"],
		['\t=1', "'\t=1"],
		['\u0000=1', "'\u0000=1"],
		['\r=1', "'\r=1"],
		['\tx', "'\tx"],
		['＝1', "'＝1"],
		['%0A', "'%0A"],
		["|cmd' /C calc'!A0", "'|cmd' /C calc'!A0"],
		['-12.5', '-12.5'],
		['-12e5', "'-12e5"],
		['a=1', 'a=1'],
		['', ''],
	])('%j is kept from being a formula', (given, expected) => {
		expect(readLine(csvLine([given]))).toEqual([expected]);
	});

	it('no field begins like a formula, and every field comes back', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('=a', '\n=b', ' +c', '"', ',"=d')), { minLength: 1 }), (fields) => {
				const read = readLine(csvLine(fields));
				expect(read.map((text, i) => (text === `'${fields[i]}` ? fields[i] : text))).toEqual(fields);
				for (const text of read) expect(text).not.toMatch(/^\s*[=+@]|^\s*-(?!\d+(\.\d+)?$)/);
			}),
		);
	});

	it('ends every line, and leaves out what is not there', () => {
		expect(csvLine([1, undefined, 'a'])).toBe('"1","","a"\r\n');
	});
});
