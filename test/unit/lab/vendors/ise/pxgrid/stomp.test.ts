import fc from 'fast-check';
import { readFilter } from '../../../../../../lab/vendors/ise/pxgrid/filter';
import { parseFrame, writeFrame } from '../../../../../../lab/vendors/ise/pxgrid/stomp';

const parse = (text: string) => parseFrame(Buffer.from(text));

describe('a frame', () => {
	it('is read with headers and body', () => {
		expect(parse('SEND\ndestination:/topic/a\ncontent-length:4\n\nbö!\0')).toEqual({
			command: 'SEND',
			headers: { destination: '/topic/a', 'content-length': '4' },
			body: Buffer.from('bö!'),
		});
	});

	it.each([
		['a colon in a value', 'SEND\nid:a:b:c\n\n\0', { id: 'a:b:c' }],
		['escapes', 'SEND\nid:a\\cb\\nc\\\\d\n\n\0', { id: 'a:b\nc\\d' }],
		['no escapes in CONNECT', 'CONNECT\nhost:a\\cb\n\n\0', { host: 'a\\cb' }],
		['CR LF', 'SEND\r\nid:1\r\n\r\n\n\n\0', { id: '1' }],
		['a header twice', 'SEND\nid:first\nid:second\n\n\0', { id: 'first' }],
		['line ends after the NUL', 'SEND\nid:1\n\n\0\r\n\n', { id: '1' }],
	])('may have %s', (_what, text, headers) => {
		expect(parse(text)?.headers).toEqual(headers);
	});

	it('keeps a body with empty lines after CR LF headers', () => {
		expect(parse('SEND\r\nid:1\r\n\r\none\n\ntwo\0')?.body.toString()).toBe('one\n\ntwo');
	});

	it.each(['\n', '\r\n', '\n\n'])('is a heart-beat when it is %j', (text) => {
		expect(parse(text)).toBeUndefined();
	});

	it.each([
		['no empty line', 'SEND\nid:1\0', /empty line/],
		['no NUL', 'SEND\nid:1\n\nbody', /NUL/],
		['a length that is too short', 'SEND\ncontent-length:2\n\nbody\0', /NUL/],
		['a length that is no number', 'SEND\ncontent-length:x\n\nbody\0', /content-length/],
		['a header without colon', 'SEND\nid\n\n\0', /colon/],
		['an undefined escape', 'SEND\nid:\\t\n\n\0', /escape/],
		['a second frame', 'SEND\n\n\0SEND\n\n\0', /more than one/],
	])('is refused with %s', (_what, text, reason) => {
		expect(() => parse(text)).toThrow(reason);
	});

	it('comes back as it was written', () => {
		const value = fc.string({ unit: 'grapheme' }).filter((text) => !/[\\\r\n\0]/.test(text));
		fc.assert(
			fc.property(value, fc.string({ unit: 'grapheme' }), (id, body) => {
				const length = String(Buffer.byteLength(body));
				const frame = parseFrame(writeFrame('MESSAGE', { id, 'content-length': length }, body));
				expect(frame?.headers.id).toBe(id);
				expect(frame?.body.toString()).toBe(body);
			}),
		);
	});

	it('never breaks the reader in another way than by an Error', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				try {
					parseFrame(Buffer.from(bytes));
				} catch (error) {
					expect((error as Error).message).toMatch(
						/empty line|NUL|content-length|colon|escape|more than one/,
					);
				}
			}),
		);
	});
});

describe('a filter', () => {
	const session = { nasIpAddress: '10.0.0.1', state: 'STARTED', device: { name: 'nad' } };

	it.each([
		["nasIpAddress == '10.0.0.1'", true],
		["nasIpAddress=='10.0.0.2'", false],
		["state != 'DISCONNECTED'", true],
		["device.name == 'nad'", true],
		["missing == 'x'", false],
		["state == 'STARTED' && nasIpAddress == '10.0.0.2'", false],
		["state == 'DISCONNECTED' && nasIpAddress == '10.0.0.2' || state == 'STARTED'", true],
	])('%s: %s', (text, expected) => {
		expect(readFilter(text)(session)).toBe(expected);
	});

	it.each(['', 'state', "contains(userName, 'a')", 'state == STARTED'])('%j is refused', (text) => {
		expect(() => readFilter(text)).toThrow(/does not know the filter/);
	});
});
