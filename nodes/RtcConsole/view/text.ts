import { escapeHtml, html, type Markup } from './html';

/** Text of others may be of any length; a page is not. Twice as much of it is on hover. */
export function clip(text: string, length = 240): Markup {
	const short = cut(text, length);
	return short === text ? html`${text}` : html`<span title="${cut(text, length * 2)}">${short}</span>`;
}

/**
 * The start of a text that takes so much room in a page, with an ellipsis where some is missing. Characters count as
 * what they are escaped to, and those outside ASCII twice, so that nobody can blow up a page with the right ones.
 */
export function cut(text: string, length: number): string {
	let room = length;
	let end = 0;
	for (const character of text) {
		room -= character > '\u007F' ? 2 : escapeHtml(character).length;
		if (room < 0) return `${text.slice(0, end)}…`;
		end += character.length;
	}
	return text;
}
