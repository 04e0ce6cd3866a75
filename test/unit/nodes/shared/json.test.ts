import fc from 'fast-check';
import { parseJson } from '../../../../nodes/shared/json';

describe('parseJson', () => {
	it.each([
		['{"id":6533241145273614339}', { id: '6533241145273614339' }],
		['{"id":-6533241145273614339}', { id: '-6533241145273614339' }],
		['[9007199254740991,9007199254740992]', [9007199254740991, '9007199254740992']],
		['{"id":14945825043963}', { id: 14945825043963 }],
		['{"a":0.12345678901234567,"b":1e21}', { a: Number('0.12345678901234567'), b: 1e21 }],
		['{"text":"6533241145273614339"}', { text: '6533241145273614339' }],
		['null', null],
		['{"text":"a, 6533241145273614339, b"}', { text: 'a, 6533241145273614339, b' }],
		['["\\\\", 6533241145273614339, "\\"", 6533241145273614339]', ['\\', '6533241145273614339', '"', '6533241145273614339']],
		['[6533241145273614339e0,6533241145273614339.5]', [Number('6533241145273614339e0'), Number('6533241145273614339.5')]],
	])('%s', (text, expected) => {
		expect(parseJson(text)).toEqual(expected);
	});

	it.each([
		'<html>6533241145273614339</html>',
		'{6533241145273614339:1}',
		'{"a":1,6533241145273614339 :1}',
		'[06533241145273614339]',
		'[1 6533241145273614339]',
		'{"a":"6533241145273614339}',
	])('refuses what is not JSON: %s', (text) => {
		expect(() => parseJson(text)).toThrow(SyntaxError);
	});

	it('finds large integers among any other values', () => {
		const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.bigInt().map((n) => `"${n}\\, ${n}`));
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }), plain)), fc.constantFrom(',', ' , ', ',\n'), (values, separator) => {
				const text = values.map((value) => (typeof value === 'bigint' ? String(value) : JSON.stringify(value))).join(separator);
				expect(parseJson(`[${text}]`)).toEqual(values.map((value) => (typeof value === 'bigint' ? String(value) : value)));
			}),
		);
	});

	it('keeps every digit of every integer', () => {
		fc.assert(
			fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (id) => {
				const { value } = parseJson(`{"value":${id}}`) as { value: number | string };
				expect(BigInt(value)).toBe(id);
			}),
		);
	});

	it('reads everything else as JSON.parse does', () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				fc.pre(!/\d{16,}/.test(text));
				expect(parseJson(text)).toEqual(JSON.parse(text));
			}),
		);
	});
});
