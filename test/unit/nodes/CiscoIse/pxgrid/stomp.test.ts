import fc from 'fast-check';
import { decodeFrames, encodeFrame, type StompFrame } from '../../../../../nodes/CiscoIse/pxgrid/stomp';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const header = text.filter((name) => name !== '' && name !== 'content-length' && name !== '__proto__');
const frame = (command: string, name = header, value = text): fc.Arbitrary<StompFrame> =>
	fc.record({
		command: fc.constant(command),
		headers: fc.dictionary(name, value, { noNullPrototype: true }),
		body: fc.string({ unit: 'binary', maxLength: 200 }).map((body) => Buffer.from(body).toString('utf8')),
	});

const withLength = ({ command, headers, body }: StompFrame): StompFrame => ({
	command,
	headers: { ...headers, ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }) },
	body,
});

it('reads what it wrote: any header, any body', () => {
	fc.assert(
		fc.property(frame('MESSAGE'), (one) => {
			expect(decodeFrames(encodeFrame(one))).toEqual([withLength(one)]);
		}),
	);
});

it('reads several frames of one message, with heartbeats between', () => {
	fc.assert(
		fc.property(
			fc.array(frame('SEND'), { maxLength: 4 }),
			fc.constantFrom('', '\n', '\r\n\n'),
			(all, beat) => {
				const parts = all.flatMap((one) => [Buffer.from(beat), encodeFrame(one)]);
				expect(decodeFrames(Buffer.concat([...parts, Buffer.from('\n')]))).toEqual(all.map(withLength));
			},
		),
	);
});

it('either reads bytes or refuses them with an Error, and ends', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
			try {
				expect(Array.isArray(decodeFrames(Buffer.from(bytes)))).toBe(true);
			} catch (error) {
				expect((error as Error).message).toMatch(/STOMP/);
			}
		}),
	);
});

it.each<[string, string, Partial<StompFrame>]>([
	[
		'a colon in a value',
		'MESSAGE\nmessage-id:ise:1:2\n\nx\0',
		{ headers: { 'message-id': 'ise:1:2' }, body: 'x' },
	],
	['escapes', 'MESSAGE\na:1\\c2\\n\\\\\n\n\0', { headers: { a: '1:2\n\\' } }],
	['no escapes in CONNECTED', 'CONNECTED\nserver:a\\cb\n\n\0', { headers: { server: 'a\\cb' } }],
	['lines that end with CR LF', 'MESSAGE\r\na:1\r\n\r\nx\0', { headers: { a: '1' }, body: 'x' }],
	['the first of a repeated header', 'MESSAGE\na:1\na:2\n\n\0', { headers: { a: '1' } }],
	['NUL inside a body of known length', 'MESSAGE\ncontent-length:3\n\na\0b\0', { body: 'a\0b' }],
])('understands %s', (_, bytes, expected) => {
	expect(decodeFrames(Buffer.from(bytes))).toMatchObject([expected]);
});

it.each([
	['no NUL at the end', 'MESSAGE\n\nbody'],
	['a length beyond the end', 'MESSAGE\ncontent-length:9\n\nx\0'],
	['a length that is no number', 'MESSAGE\ncontent-length:-1\n\nx\0'],
	['a header without colon', 'MESSAGE\nheader\n\n\0'],
	['an unknown escape', 'MESSAGE\na:\\t\n\n\0'],
	['no end of the headers', 'MESSAGE\na:1'],
])('refuses %s', (_, bytes) => {
	expect(() => decodeFrames(Buffer.from(bytes))).toThrow('STOMP');
});

it('writes CONNECT as pxGrid wants it, and refuses what it could not say', () => {
	const headers = { 'accept-version': '1.2', host: '~ise-pubsub-ise1' };
	expect(encodeFrame({ command: 'CONNECT', headers, body: '' }).toString()).toBe(
		'CONNECT\naccept-version:1.2\nhost:~ise-pubsub-ise1\n\n\0',
	);
	expect(() => encodeFrame({ command: 'CONNECT', headers: { host: 'a\nb' }, body: '' })).toThrow('host');
});
