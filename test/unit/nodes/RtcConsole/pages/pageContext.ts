import type { LedgerService } from '../../../../../ledger/service';
import { ACTIONS } from '../../../../../nodes/RtcConsole/actions/catalogue';
import { reaches } from '../../../../../nodes/RtcConsole/actions/fields';
import type { ConsolePage, PageContext, Role } from '../../../../../nodes/RtcConsole/pages/page';
import { html, type Markup } from '../../../../../nodes/RtcConsole/view/html';
import { START_MS } from '../../../ledger/helpers';

export interface Given {
	ledger?: LedgerService;
	role?: Role;
	name?: string;
	segments?: string[];
	query?: string;
	posted?: Record<string, string>;
	nowMs?: number;
}

/** What the console gives a page, with forms and addresses that are easy to look for. */
export function pageContext({ ledger, role = 'admin', name = 'ann', segments = [], query = '', posted, nowMs = START_MS }: Given = {}): PageContext {
	const may: PageContext['may'] = (action) => reaches(role, ACTIONS[action].role);
	return {
		ledger: ledger as LedgerService,
		nowMs,
		user: { name, role },
		segments,
		query: new URLSearchParams(query),
		...(posted && { posted: new URLSearchParams(posted) }),
		href(page, parts = [], asked = {}) {
			const out = new URLSearchParams({ page });
			for (const part of parts) out.append('of', part);
			for (const [key, value] of Object.entries(asked)) if (value !== undefined) out.append(key, String(value));
			return `?${out}`;
		},
		form(action, object, { fields = {}, body }) {
			if (!may(action)) return html``;
			const hidden = Object.entries(fields).map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`);
			return html`<form method="post" data-action="${action}" data-object="${object}">${hidden}${body}</form>`;
		},
		may,
		pivots: {},
	};
}

/** A page as the console would show it. */
export async function shown(page: ConsolePage, given: Given): Promise<{ title: string; text: string; status?: number }> {
	const content = await page.content(pageContext(given));
	if (!content || !('body' in content)) throw new Error('The page shows no markup');
	return { title: content.title, text: content.body.text, status: content.status };
}

/** Text that does harm in a page that does not escape it. */
export const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;{{7*7}}`;

/** Every string in a value, deeply, replaced by hostile text; fields named in `kept` stay. */
export function hostile<T>(value: T, kept: readonly string[] = []): T {
	if (typeof value === 'string') return HOSTILE as T;
	if (Array.isArray(value)) return value.map((item: unknown) => hostile(item, kept)) as T;
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, kept.includes(key) ? inner : hostile(inner, kept)])) as T;
}

/** Fails when text of others became markup. The page's own markup has neither scripts nor images nor handlers. */
export function expectHarmless({ text }: Pick<Markup, 'text'>): void {
	const found = [/<script/i, /<img/i, /"'>/].filter((harm) => harm.test(text));
	const bare = text.replace(/="[^"]*"/g, '=""');
	const handlers = bare.match(/<[^>]*\son\w+=/gi) ?? [];
	expect([...found.map(String), ...handlers]).toEqual([]);
}

/** Values of the form fields in markup, as a browser posts them when nobody touches anything: text inputs have no line breaks. */
export function formFields(text: string): Record<string, string> {
	const fields: Record<string, string> = {};
	for (const [, tag] of text.matchAll(/<input ([^>]*)>/g)) {
		const name = /\bname="([^"]*)"/.exec(tag)?.[1];
		if (name === undefined || (tag.includes('type="checkbox"') && !/ checked/.test(tag))) continue;
		fields[name] = tag.includes('type="checkbox"') ? 'on' : unescaped(/\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '').replace(tag.includes('type="hidden"') ? '' : /[\r\n]/g, '');
	}
	for (const [, name, inner] of text.matchAll(/<select name="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
		fields[name] = unescaped(/<option value="([^"]*)" selected/.exec(inner)?.[1] ?? /<option value="([^"]*)"/.exec(inner)?.[1] ?? '');
	}
	return fields;
}

function unescaped(text: string): string {
	return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
