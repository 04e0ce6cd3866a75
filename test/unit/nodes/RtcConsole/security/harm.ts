/** Everything that pages of the console are made of. What is not here came from somebody else. */
const TAGS = new Set(
	`html head meta title style body a header div span nav ul li main h1 h2 h3 button script p code pre b strong small br ol dl dt dd table caption thead tbody
	tr th td form input select option datalist textarea label fieldset legend details summary section svg path line polygon polyline text figure figcaption time`.split(/\s+/),
);
const ATTRIBUTES = new Set(
	`lang charset name content nonce class href id hidden type tabindex role method action title datetime value placeholder autocomplete maxlength required selected
	checked scope open target rel d viewbox points x y x1 x2 y1 y2 text-anchor rows cols size list spellcheck for disabled multiple min max step pattern inputmode
	formaction formnovalidate datetime aria-label aria-hidden aria-current aria-pressed aria-sort aria-disabled aria-describedby aria-invalid aria-labelledby data-refresh data-action data-object`.split(/\s+/),
);
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[^\s=<>"'/]+(?:="[^"<>]*")?)*)\s*\/?>/g;
/** Links within the console, and to other sites. */
const ADDRESS = /^(\?|#|https?:\/\/)/;

/**
 * What in a page could do harm: markup that is not the console's own, handlers, addresses that run something, scripts
 * or styles without the page's nonce. Empty when the page is harmless.
 */
export function harmOf(page: string, nonce: string): string[] {
	const harm: string[] = [];
	const rest = page.replace(/^<!doctype html>\s*/, '').replace(/<(style|script) nonce="([^"]*)">.*?<\/\1>/gs, (_all, tag: string, given: string) => {
		if (given !== nonce) harm.push(`<${tag}> without the nonce`);
		return '';
	});
	const text = rest.replace(TAG, (_all, _slash, tag: string, attributes: string) => {
		if (!TAGS.has(tag.toLowerCase()) || ['script', 'style'].includes(tag.toLowerCase())) harm.push(`<${tag}>`);
		for (const [, name, value = ''] of attributes.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
			if (!ATTRIBUTES.has(name.toLowerCase())) harm.push(`${tag} ${name}=`);
			if (['href', 'action', 'formaction'].includes(name) && !ADDRESS.test(value)) harm.push(`${name}=${value}`);
		}
		return '';
	});
	const left = /[<>]/.exec(text);
	if (left) harm.push(`stray ${text.slice(Math.max(0, left.index - 40), left.index + 60)}`);
	return harm;
}

/** What attackers put into fields that are shown. */
export const PAYLOADS = [
	'<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', `' onmouseover='alert(1)`, '" autofocus onfocus="alert(1)', '</title><script>alert(1)</script>', '</textarea><svg onload=alert(1)>',
	'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,<script>alert(1)</script>', 'https://x.example/"onclick="alert(1)', "https://x.example/'><script>1</script>", '</script><script>alert(1)//',
	'<!--', ']]>', '{{constructor.constructor("alert(1)")()}}', '&lt;script&gt;', '<a href=javascript:alert(1)>x', '<base href=//evil.example>', '<meta http-equiv=refresh content=0>',
	'\u202e<script>', '<svg><animate onbegin=alert(1)>', '`${alert(1)}`', '=HYPERLINK("http://evil","x")', '<ſcript>alert(1)</ſcript>', '＜script＞', '<img src=x\u2028onerror=alert(1)>',
];
