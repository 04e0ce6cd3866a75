import fc from 'fast-check';
import {
	listParameter,
	nameList,
	usableHostname,
	usableIp,
	usableMac,
	usableText,
	usableUser,
} from '../../../../nodes/shared/identity';

describe('usableMac', () => {
	it.each([
		['00-50-56-aa-bb-01', '00:50:56:AA:BB:01'],
		['0050.56aa.bb01', '00:50:56:AA:BB:01'],
		[' 005056aabb01 ', '00:50:56:AA:BB:01'],
		['00:00:00:00:00:00', undefined],
		['ff:ff:ff:ff:ff:ff', undefined],
		['01:00:5e:00:00:fb', undefined],
		['87:9c:f8:c6:c9:cf', '87:9C:F8:C6:C9:CF'],
		['unknown', undefined],
		[5, undefined],
	])('%p', (value, expected) => expect(usableMac(value)).toBe(expected));
});

describe('usableIp', () => {
	it.each([
		['10.1.2.3', '10.1.2.3'],
		['2001:DB8::0:1', '2001:db8::1'],
		['::ffff:10.1.2.3', '10.1.2.3'],
		['0.0.0.0', undefined],
		['127.0.0.1', undefined],
		['169.254.1.1', undefined],
		['fe80::1', undefined],
		['10.1.2.300', undefined],
		[null, undefined],
	])('%p', (value, expected) => expect(usableIp(value)).toBe(expected));
});

describe('usableHostname', () => {
	it.each([
		['PC-1.Corp.Example.', 'pc-1.corp.example'],
		['no hostname found', undefined],
		['N/A', undefined],
		['localhost', undefined],
		[undefined, undefined],
	])('%p', (value, expected) => expect(usableHostname(value)).toBe(expected));
});

describe('usableUser', () => {
	it.each([
		['JDoe@CORP', 'jdoe@corp'],
		['CORP\\JDoe', 'corp\\jdoe'],
		['SYSTEM@NT AUTHORITY', undefined],
		['NT AUTHORITY\\LOCAL SERVICE', undefined],
		['DWM-1@Window Manager', undefined],
		['root', undefined],
		['CORP\\PC-7$', undefined],
		['host/pc-7.corp.example', undefined],
		['-', undefined],
	])('%p', (value, expected) => expect(usableUser(value)).toBe(expected));
});

describe('usableText', () => {
	it('has no control characters, no outer blanks, and is no longer than asked', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (value, length) => {
				const text = usableText(value, length);
				if (text === undefined) return;
				expect(text).not.toMatch(/\p{Cc}/u);
				expect(text.trim()).toBe(text);
				expect(text.length).toBeLessThanOrEqual(length);
				expect(text).not.toBe('');
			}),
		);
	});
});

describe('listParameter', () => {
	it.each([
		['a, b;c\nd  a', ['a', 'b', 'c', 'd']],
		[
			['a', ' b,c d ', null, 7, 'a', ['e']],
			['a', 'b,c d', '7', 'e'],
		],
		['', []],
		[undefined, []],
		[[], []],
	])('%j', (value, expected) => expect(listParameter(value)).toEqual(expected));
});

describe('nameList', () => {
	it.each([
		["jane's iphone, pc-7;pc-8\npc-9", ["jane's iphone", 'pc-7', 'pc-8', 'pc-9']],
		[['doe, jane', 'pc-7'], ['doe, jane', 'pc-7']],
		[' ', []],
		[undefined, []],
	])('%j', (value, expected) => expect(nameList(value)).toEqual(expected));
});
