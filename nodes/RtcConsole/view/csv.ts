/** What makes a spreadsheet take text for a formula, also behind spaces, and characters that begin a new line. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u;

/** A whole number, which is harmless although it may begin with a minus. */
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

/**
 * One line of CSV (RFC 4180), with its line end. Every field is quoted, and text that a spreadsheet would run as a
 * formula gets an apostrophe in front: log data is written by attackers as well.
 */
export function csvLine(fields: readonly (string | number | undefined)[]): string {
	return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(value: string | number | undefined): string {
	const text = value === undefined ? '' : String(value);
	const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
	return `"${harmless.replaceAll('"', '""')}"`;
}
