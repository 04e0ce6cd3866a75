/** Shows nothing and is neither space nor punctuation to Markdown, so that what stands around it no longer touches. */
const GAP = '\u200B';

/** Start of a line, or of what a list or a quote holds in that line. */
const LINE_START = /(?<=^(?:[ \t]|[-+*>]|\d{1,9}[.)])*)/.source;

const GAPS: readonly [where: RegExp, replacement: string][] = [
	[/\\(?=[!-/:-@[-`{-~\r\n])/g, `$&${GAP}`],
	[/\](?=[([])/g, `$&${GAP}`],
	[/<(?=[a-z/!?@])/gi, `$&${GAP}`],
	[/&(?=#?\w+;)/g, `$&${GAP}`],
	[/~(?=~)/g, `$&${GAP}`],
	[/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, `${GAP}_${GAP}`],
	[new RegExp(`${LINE_START}(?:\\[|>|#{1,6}(?=\\s|$)|(?:=+|-+)(?=[ \\t]*$))`, 'gm'), `${GAP}$&`],
];

/** Marks that can only be kept apart by another character, with one that looks the same. */
const TWINS: readonly [mark: string, twin: string][] = [
	['*', '\u2217'],
	['`', '\u02CB'],
];

/**
 * Text of others as a card or a Markdown message of Webex shows it: letter for letter, without links, images, mentions,
 * HTML, headings, quotes and emphasis. Lists stay lists, and a bare address may become a link that shows where it leads.
 *
 * It relies on CommonMark, which the web clients follow: a link needs `](`, a reference its `[` at the start of a line, a
 * tag or a mention a letter or `@` right after `<`, and `_` between two characters that are neither space nor punctuation
 * is no emphasis. Backslashes would not do: the Adaptive Cards renderers of phones show them and make the link all the
 * same (microsoft/AdaptiveCards, issues 5590 and 5758). What forms nothing is left alone: `fin-lt-014`, `svc_backup`,
 * `CORP\jdoe`, `C:\Temp\a.exe`, `*.exe`.
 */
export function inert(text: string): string {
	const apart = GAPS.reduce((shown, [where, replacement]) => shown.replace(where, replacement), text);
	return TWINS.reduce((shown, [mark, twin]) => withoutPairs(shown, mark, twin), apart);
}

function withoutPairs(text: string, mark: string, twin: string): string {
	return text.indexOf(mark) === text.lastIndexOf(mark) ? text : text.replaceAll(mark, twin);
}
