import * as fc from 'fast-check';
import { inert } from '../../../../nodes/CiscoWebex/inert';

/** What a reader sees: the gaps show nothing, and a twin looks like its mark. */
const seen = (text: string) => text.replace(/\u200B/g, '').replace(/\u2217/g, '*').replace(/\u02CB/g, '`');

/** Gaps as `·`, to have them in a table. */
const visible = (text: string) => text.replace(/\u200B/g, '·');

it.each([
	['fin-lt-014'],
	['fin-lt-014.corp.example'],
	['jane.van_doe@corp.example'],
	['svc_backup_01'],
	['CORP\\jdoe'],
	['C:\\Program Files\\Tool (x86)\\a_b.exe'],
	['C:\\PROGRA~1\\x.exe'],
	['/var/lib/docker/tmp_file'],
	['10.1.2.3'],
	['fe80::1'],
	['connect ECONNREFUSED [::1]:5432'],
	['00:11:22:33:44:55'],
	['https://console.example/computers?guid=1&page=2#top'],
	['W32.Auto:*.in07.Talos'],
	['Score 90 of 80 (threshold), a < b && b > c'],
	['Case #42, see #soc; C# service'],
	['Don`t know'],
	['- Executed malware (secure-endpoint), 40 points\n- C2 contact (umbrella), 50 points'],
	['1. fin-lt-014, score 90: Found malware'],
	['Grüße 😀'],
	[''],
])('leaves %j as it is', (text) => {
	expect(inert(text)).toBe(text);
});

it.each([
	['a link', '[Approve here](https://evil.example/login)', '·[Approve here]·(https://evil.example/login)'],
	['a link inside of words', 'Found [here](http://3405803781/).', 'Found [here]·(http://3405803781/).'],
	['an escaped link', 'x \\[here\\](http://e.example)', 'x \\·[here\\·]·(http://e.example)'],
	['a picture', '![x](https://evil.example/p.png)', '![x]·(https://evil.example/p.png)'],
	['a reference', 'See [here][1]\n\n  [1]: http://e.example', 'See [here]·[1]\n\n  ·[1]: http://e.example'],
	['a reference in a list', '1. [1]: http://e.example', '1. ·[1]: http://e.example'],
	['a mention of all', 'Hello <@all>', 'Hello <·@all>'],
	['a mention of one', '<@personEmail:a@b.example>', '<·@personEmail:a@b.example>'],
	['HTML', '<a href="http://e.example">x</a>', '<·a href="http://e.example">x<·/a>'],
	['an address in brackets', '<http://e.example>', '<·http://e.example>'],
	['an entity', '&#91;x&#93; &lt;@all&gt;', '&·#91;x&·#93; &·lt;@all&·gt;'],
	['a heading', '# Approved\n- ## x', '·# Approved\n- ·## x'],
	['an underlined heading', 'Approved\n===\nx\n---', 'Approved\n·===\nx\n·---'],
	['a quote', '> Ann: yes', '·> Ann: yes'],
	['bold', '**Approved**', '∗∗Approved∗∗'],
	['italics', '_Approved_ __x__', '·_·Approved·_· ·_··_·x·_··_·'],
	['code', '`x` and ```y```', 'ˋxˋ and ˋˋˋyˋˋˋ'],
	['struck out text', '~~denied~~', '~·~denied~·~'],
	['a share', '\\\\fin-fs-01\\share', '\\·\\fin-fs-01\\share'],
])('takes the meaning from %s', (_case, text, expected) => {
	expect(visible(inert(text))).toBe(expected);
	expect(seen(inert(text))).toBe(text);
});

const pieces = [
	...['[', ']', '(', ')', '[a](http://e.x)', '<@all>', '<a>', '</', '<', '&amp;', '\\', '\n', ' ', 'a1', '!'],
	...[':', '*', '**', '_', '`', '~', '#', '# ', '>', '- ', '1. ', '=', '---', '\u200B'],
];

it('leaves nothing that forms something, and every letter, in any mixture', () => {
	const mixture = fc.array(fc.constantFrom(...pieces), { maxLength: 15 }).map((parts) => parts.join(''));
	fc.assert(
		fc.property(mixture, (text) => {
			const shown = inert(text);
			expect(seen(shown)).toBe(seen(text));
			expect(shown).not.toMatch(/\]\(|\]\[|<[a-z/!?@]|&#?\w+;|~~|\*.*\*|`.*`|^\s*(\[|>|#+\s)/imsu);
			expect(shown).not.toMatch(/(^|[^\p{L}\p{N}\u200B])_|_($|[^\p{L}\p{N}\u200B])/u);
		}),
		{ numRuns: 1_000 },
	);
});
