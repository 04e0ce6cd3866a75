import fc from 'fast-check';
import {
	classifyDestination,
	destinationKey,
	inBatches,
	splitEntries,
} from '../../../../nodes/CiscoUmbrella/destinations';

describe('splitEntries', () => {
	it.each([
		['a.example, b.example\nc.example\r\n\n', ['a.example', 'b.example', 'c.example']],
		[
			['a.example', ' a.example ', 5, { destination: 'b.example' }],
			['a.example', '5', 'b.example'],
		],
		[12345, ['12345']],
		[['http://a.example/x,y'], ['http://a.example/x,y']],
		['', []],
		[undefined, []],
	])('reads %p', (value, expected) => expect(splitEntries(value)).toEqual(expected));
});

describe('classifyDestination', () => {
	it.each([
		['Bad.Example', 'domain', 'bad.example'],
		['bad.example.', 'domain', 'bad.example'],
		['https://bad.example/', 'domain', 'bad.example'],
		['_dmarc.bad.example', 'domain', '_dmarc.bad.example'],
		['münchen.example', 'domain', 'xn--mnchen-3ya.example'],
		['bad.example/telemetry', 'url', 'bad.example/telemetry'],
		['http://bad.example/A?b=c', 'url', 'http://bad.example/A?b=c'],
		['http://203.0.113.7/malware.exe', 'url', 'http://203.0.113.7/malware.exe'],
		['bad.example:8080', 'url', 'bad.example:8080'],
		['203.0.113.7', 'ipv4', '203.0.113.7'],
		['203.0.113.0/24', 'ipv4', '203.0.113.0/24'],
	])('takes %s for %s', (entry, type, destination) =>
		expect(classifyDestination(entry)).toEqual({ destination, type }),
	);

	it.each([
		['2001:db8::1', 'IPv6'],
		['http://[2001:db8::1]/x', 'IPv6'],
		['*.bad.example', 'wildcard'],
		['ftp://bad.example/x', 'http'],
		['localhost', 'neither'],
		['bad example.com', 'neither'],
		['bad..example', 'neither'],
		['-bad.example', 'neither'],
		['203.0.113.300', 'neither'],
		['bad[.]example', 'neither'],
	])('refuses %s and says why', (entry, reason) => expect(() => classifyDestination(entry)).toThrow(reason));

	it('gives a type to every domain there can be, and knows it again', () => {
		fc.assert(
			fc.property(fc.domain(), (domain) => {
				const { destination, type } = classifyDestination(domain);
				expect(type).toBe('domain');
				expect(classifyDestination(destination)).toEqual({ destination, type });
			}),
		);
	});

	it('either classifies text or throws an Error that quotes it', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				try {
					expect(['domain', 'url', 'ipv4']).toContain(classifyDestination(text).type);
				} catch (error) {
					expect((error as Error).message).toContain(text);
				}
			}),
		);
	});
});

describe('destinationKey', () => {
	it('does not tell spellings of one destination apart', () => {
		expect(destinationKey('https://Bad.Example/')).toBe(destinationKey('bad.example'));
		expect(destinationKey('http://Bad.Example/Path')).toBe('bad.example/Path');
	});

	it.each([
		['bad.example.', 'bad.example'],
		['https://Bad.Example./', 'bad.example'],
		['Bücher.example', 'xn--bcher-kva.example'],
		['http://203.0.113.7/', '203.0.113.7'],
		['http://Bad.Example/A/', 'http://Bad.Example/A/'],
		['not [a] destination', 'Not [a] destination'],
	])('is the same for %s and what is stored for it', (entry, stored) => {
		expect(destinationKey(entry)).toBe(destinationKey(stored));
	});

	it('is the same for every domain and what is stored for it', () => {
		fc.assert(
			fc.property(
				fc.domain(),
				fc.constantFrom('', 'http://', 'HTTPS://'),
				fc.constantFrom('', '.', '/', './'),
				(domain, scheme, end) => {
					const entry = scheme + domain.toUpperCase() + end;
					expect(destinationKey(entry)).toBe(destinationKey(classifyDestination(entry).destination));
				},
			),
		);
	});
});

describe('inBatches', () => {
	it('keeps all elements in order, none in too large a batch', () => {
		fc.assert(
			fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 7 }), (elements, size) => {
				const batches = inBatches(elements, size);
				expect(batches.flat()).toEqual(elements);
				expect(batches.every((batch) => batch.length > 0 && batch.length <= size)).toBe(true);
			}),
		);
	});
});
