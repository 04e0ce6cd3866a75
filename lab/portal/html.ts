/** Markup that is safe to send as it is. */
export class Markup {
	constructor(readonly text: string) {}
}

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

type Value = Markup | string | number | Value[];

/** Template tag: every value is escaped, except what this tag itself made. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
	return new Markup(
		strings.map((text, index) => text + (index < values.length ? render(values[index]) : '')).join(''),
	);
}

function render(value: Value): string {
	if (value instanceof Markup) return value.text;
	if (Array.isArray(value)) return value.map(render).join('');
	return escapeHtml(String(value));
}
