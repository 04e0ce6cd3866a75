/** Markup that is safe to send as it is. Only `html` makes it. */
export class Markup {
	constructor(readonly text: string) {}
}

/** What may stand in an `html` template. `false` and `undefined` show nothing. */
export type Value = Markup | string | number | false | undefined | readonly Value[];

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Template tag: every value is escaped for element content and quoted attributes, except what this tag itself made. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
	return new Markup(strings.map((text, index) => text + (index < values.length ? render(values[index]) : '')).join(''));
}

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

function render(value: Value): string {
	if (value === false || value === undefined) return '';
	if (value instanceof Markup) return value.text;
	if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
	return value.map(render).join('');
}
