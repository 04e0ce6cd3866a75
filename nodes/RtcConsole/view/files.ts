import type { ContextFile, EntityContext } from '../../../ledger/context';
import type { PageContext } from '../pages/page';
import { label, table } from './components';
import { html, type Markup, type Value } from './html';
import { cut } from './text';

const HASH_SHOWN = 16;
const TEXT_SHOWN = 60;
const DOMAINS_SHOWN = 5;
/** Threat scores from which Secure Malware Analytics' own consumers take a file for malicious, and for suspicious. */
const MALICIOUS = 95;
const SUSPICIOUS = 75;

/** What a look-up found out about files: score, verdict, names, domains. Products as the workflow names them. */
export function filesTable(context: PageContext, { files = [], notSetUp = [], problems }: EntityContext): Markup {
	const columns = ['SHA-256', 'Threat score', 'VirusTotal', 'Names', 'Domains', 'Indicators'].map((text) => ({ label: text }));
	const unanswered = (product: string): string => {
		if (notSetUp.includes(product)) return 'Not set up';
		return problems.some((problem) => problem.startsWith(product)) ? 'No answer' : 'Not known';
	};
	const rows = files.map((file): Value[] => [
		searchLink(context, file.sha256, HASH_SHOWN),
		file.threatScore === undefined ? quiet(unanswered('Secure Malware Analytics')) : score(file.threatScore),
		file.malicious === undefined ? quiet(unanswered('VirusTotal')) : verdict(file),
		plainList(file.names.map((name) => cut(name, TEXT_SHOWN))),
		plainList([...file.domains.slice(0, DOMAINS_SHOWN).map((domain) => searchLink(context, domain, TEXT_SHOWN)), ...more(file.domains.length - DOMAINS_SHOWN)]),
		plainList(file.indicators.map((title) => cut(title, TEXT_SHOWN))),
	]);
	return table(columns, rows, { caption: 'Files, as Secure Malware Analytics and VirusTotal know them', empty: html`` });
}

function score(points: number): Markup {
	const tone = points >= MALICIOUS ? 'bad' : points >= SUSPICIOUS ? 'asks' : 'quiet';
	return label(`${points} of 100`, tone);
}

function verdict({ malicious = 0, engines = 0, label: name }: ContextFile): Markup {
	return html`${label(`${malicious} of ${engines} engines`, malicious > 0 ? 'bad' : 'quiet')}${name !== undefined && html` ${cut(name, TEXT_SHOWN)}`}`;
}

function searchLink(context: PageContext, text: string, shown: number): Markup {
	return html`<a class="key"${text.length > shown && html` title="${cut(text, 100)}"`} href="${context.href('search', [], { q: cut(text, 200) })}">${cut(text, shown)}</a>`;
}

function more(count: number): Markup[] {
	return count > 0 ? [quiet(`and ${count} more`)] : [];
}

function plainList(items: readonly Value[]): Value {
	return items.length === 0 ? '–' : html`<ul class="plain">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function quiet(text: string): Markup {
	return html`<span class="quiet">${text}</span>`;
}
