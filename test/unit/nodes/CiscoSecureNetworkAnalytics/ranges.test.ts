import fc from 'fast-check';
import {
	canonicalRange,
	coveringRange,
	withoutRanges,
	withRanges,
} from '../../../../nodes/CiscoSecureNetworkAnalytics/ranges';

it.each([
	['10.0.0.5', '10.0.0.5'],
	[' 10.0.0.5/32 ', '10.0.0.5'],
	['10.0.0.0/24', '10.0.0.0/24'],
	['0.0.0.0/0', '0.0.0.0/0'],
	['2001:DB8:0::1', '2001:db8::1'],
	['2001:db8::/32', '2001:db8::/32'],
	['2001:db8::1/128', '2001:db8::1'],
	['::ffff:10.0.0.0/120', '10.0.0.0/24'],
	['10.0.0.5/24', undefined],
	['10.0.0.0/33', undefined],
	['10.0.0.128/24', undefined],
	['10.0.0', undefined],
	['10.0.0.1-20', undefined],
	['host.example', undefined],
	['', undefined],
])('%s is %s', (text, expected) => expect(canonicalRange(text)).toBe(expected));

it('adds what is missing, in whatever spelling it may be there', () => {
	const ranges = ['10.0.0.5/32', '10.0.1.1-20'];
	expect(withRanges(ranges, ['10.0.0.5', '10.0.0.6'])).toEqual({
		ranges: ['10.0.0.5/32', '10.0.1.1-20', '10.0.0.6'],
		changed: ['10.0.0.6'],
		unchanged: ['10.0.0.5'],
	});
});

it('removes every spelling, and nothing else', () => {
	const ranges = ['10.0.0.5', '10.0.0.5/32', '10.0.0.0/24', '10.0.1.1-20'];
	expect(withoutRanges(ranges, ['10.0.0.5', '10.9.9.9'])).toEqual({
		ranges: ['10.0.0.0/24', '10.0.1.1-20'],
		changed: ['10.0.0.5'],
		unchanged: ['10.9.9.9'],
	});
});

it.each([
	['10.0.0.5', ['10.0.0.0/24'], '10.0.0.0/24'],
	['10.0.0.0/25', ['10.0.0.0/24'], '10.0.0.0/24'],
	['10.0.0.0/23', ['10.0.0.0/24'], undefined],
	['10.0.1.5', ['10.0.0.0/24', '10.0.1.1-20'], undefined],
])('%s in %j is covered by %s', (range, ranges, expected) => {
	expect(coveringRange(range, ranges)).toBe(expected);
});

it('leaves a group as it was after adding and removing the same', () => {
	const ips = fc.uniqueArray(fc.ipV4(), { maxLength: 20 });
	const property = fc.property(ips, ips, (there, wanted) => {
		const added = withRanges(there, wanted);
		expect(withRanges(added.ranges, wanted)).toMatchObject({ ranges: added.ranges, changed: [] });
		expect(withoutRanges(added.ranges, added.changed).ranges).toEqual(there);
	});
	fc.assert(property);
});
