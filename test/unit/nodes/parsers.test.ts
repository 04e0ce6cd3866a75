import fc from 'fast-check';
import { parseXml } from '../../../nodes/CiscoIse/transport/xml';

/** Text that is nearly XML, of pieces that parsers stumble over. */
const nearlyXml = fc
	.array(fc.constantFrom('<a>', '</a>', '<a', '/>', '<b x="1">', '</b>', '<![CDATA[', ']]>', '<!--', '-->', '&amp;', '&', '&#0;', '<?xml?>', 'text', '"'), { maxLength: 12 })
	.map((parts) => parts.join(''));

it('XML of any kind is read, or refused in words', () => {
	fc.assert(
		fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearlyXml), (text) => {
			let read: unknown;
			try {
				read = parseXml(text);
			} catch (error) {
				expect((error as Error).message).toMatch(/not valid XML|document type/);
				return;
			}
			expect(typeof read).toBe('object');
		}),
		{ numRuns: 1_000 },
	);
});
