/**
 * Several values in one input, separated by `|`. A `|` or `\` in a value is written with `\` in front. One value alone
 * stays text, as rules take either.
 */
export function textOfElements(value: unknown): string {
	const elements = Array.isArray(value) ? value : [value];
	return elements.map((element) => String(element).replace(/[\\|]/g, '\\$&')).join(' | ');
}

/** The values in such a text, without spaces around them; empty ones are left out. */
export function elementsOf(text: string): string[] {
	const elements = [''];
	for (let i = 0; i < text.length; i++) {
		if (text[i] === '|') elements.push('');
		else elements[elements.length - 1] += text[i] === '\\' && i + 1 < text.length ? text[++i] : text[i];
	}
	return elements.map((element) => element.trim()).filter((element) => element !== '');
}

/** Text as it comes back from an input that nobody touched: browsers leave out line breaks, and ends are trimmed. */
export function asTyped(text: string): string {
	return text.replace(/[\r\n]/g, '').trim();
}
