import * as fc from 'fast-check';
import { byteLength, MAX_TEXT_BYTES, truncateToBytes } from '../../../../nodes/CiscoWebex/text';

describe('truncateToBytes', () => {
	it.each([
		['abcdef', 6, 'abcdef'],
		['abcdef', 5, 'ab…'],
		['ääää', 7, 'ää…'],
		['ääää', 6, 'ä…'],
		['a😀b', 6, 'a😀b'],
		['a😀bc', 6, 'a…'],
		['', 3, ''],
	])('%s in %d bytes is %s', (text, max, expected) => {
		expect(truncateToBytes(text, max)).toBe(expected);
	});

	it('fits, changes nothing that fits, and never cuts a character', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'binary', maxLength: 200 }),
				fc.integer({ min: 3, max: 200 }),
				(text, max) => {
					const cut = truncateToBytes(text, max);
					expect(byteLength(cut)).toBeLessThanOrEqual(Math.max(max, 3));
					if (byteLength(text) <= max) expect(cut).toBe(text);
					else expect(text.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true);
					expect(cut).not.toContain('\uFFFD');
				},
			),
		);
	});

	it('counts bytes, not characters', () => {
		expect(byteLength(truncateToBytes('ä'.repeat(MAX_TEXT_BYTES), MAX_TEXT_BYTES))).toBeLessThanOrEqual(
			MAX_TEXT_BYTES,
		);
	});
});
