import type { AuditRecord, AuditVerdict, Page, Total } from '../../../ledger/api';
import type { AuditFilter, LedgerService } from '../../../ledger/service';
import { count, countOf, definitionList, emptyState, notice, PAGE_SIZE, searchForm, section, table, time, type Filter } from '../view/components';
import { csvLine } from '../view/csv';
import { html, type Markup } from '../view/html';
import { clip, cut } from '../view/text';
import type { ConsolePage, PageContent, PageContext } from './page';

/** Records read at a time for an export. */
const EXPORT_BATCH = 1_000;
const LONGEST_DETAILS = 120_000;
/** Of an entity that has a page. */
const LONGEST_KEY = 300;

/** Actions that the ledger records, to choose from. */
const ACTIONS = [
	'approvalRequested', 'containedManually', 'containmentOpened', 'containmentRefused', 'crossing', 'episode.contained', 'episode.refused',
	'episode.released', 'imported', 'intent.approved', 'intent.cancelled', 'intent.claimed', 'intent.denied', 'intent.done', 'intent.expired',
	'intent.failed', 'intent.late', 'intent.retried', 'intent.retry', 'intent.step', 'noticeOpened', 'policyUpdated', 'protected', 'purged',
	'rebuilt', 'releaseOpened', 'scored', 'unprotected',
] as const;

const FILTERS: readonly Filter[] = [
	{ name: 'action', label: 'Action', choices: [['', 'Any'], ...ACTIONS.map((action) => [action, action] as const)] },
	{ name: 'subject', label: 'Subject', placeholder: 'mac:00:11:22:33:44:55' },
	{ name: 'actor', label: 'Actor' },
	{ name: 'since', label: 'Since (UTC)', type: 'date' },
];

type Asked = Pick<AuditFilter, 'action' | 'subject' | 'actor' | 'since'>;

/** Every change: who, what, when and why; checked, filtered and taken away. */
export const audit: ConsolePage = {
	path: 'audit',
	navigation: 'Audit',
	role: 'viewer',
	async content(context) {
		const { ledger, query, segments } = context;
		if (segments.length > 0) return await recordPage(context, segments[0]);
		const asked = auditFilter(query);
		const format = query.get('format');
		if (format === 'csv' || format === 'jsonl') return download(ledger, asked, format, context.nowMs);
		const beforeSeq = wholeNumber(query.get('before'));
		const records = await ledger.getAudit({ ...asked, ...(beforeSeq !== undefined && { beforeSeq }), limit: PAGE_SIZE });
		const verdict = query.get('verify') === '1' ? await ledger.verifyAudit() : undefined;
		return { title: 'Audit', body: auditView(context, records, verdict) };
	},
};

/** What the address asks for. A date that is none is left out. */
export function auditFilter(query: URLSearchParams): Asked {
	const text = (name: string) => {
		const value = (query.get(name) ?? '').trim();
		return value === '' ? {} : { [name]: value };
	};
	const sinceMs = Date.parse(query.get('since') ?? '');
	return { ...text('action'), ...text('subject'), ...text('actor'), ...(validTime(sinceMs) && { since: new Date(sinceMs).toISOString() }) };
}

export function auditView(context: PageContext, { items, ...length }: Page<AuditRecord>, verdict: AuditVerdict | undefined): Markup {
	const rows = items.map((record) => [
		html`<a href="${context.href('audit', [String(record.seq)])}">${record.seq}</a>`,
		time(record.at),
		cut(record.actor, 100),
		cut(record.action, 60),
		subject(context, record.subject),
		html`<code>${clip(JSON.stringify(record.details), 200)}</code>`,
	]);
	return html`${verdict && verdictView(verdict)}
${searchForm(context, 'audit', FILTERS)}
<div class="actions">${link(context, { verify: '1' }, 'Verify chain')}${link(context, { format: 'csv' }, 'Export CSV')}${link(context, { format: 'jsonl' }, 'Export JSON Lines')}</div>
${table(
	[{ label: 'Record' }, { label: 'At' }, { label: 'Actor' }, { label: 'Action' }, { label: 'Subject' }, { label: 'Details' }],
	rows,
	{ caption: 'Audit records, newest first', empty: emptyState('No record fits', 'The trail holds every change to the ledger. Clear the filter to see all of it.') },
)}${older(context, items, length)}`;
}

/** Pages go by record number: new records do not shift what is being read, and the last page is as fast as the first. */
function older(context: PageContext, items: readonly AuditRecord[], length: Total): Markup {
	const behind = context.query.has('before');
	const more = items.length === PAGE_SIZE && items[items.length - 1].seq > 1;
	return html`<nav class="pager" aria-label="Pages"><span>${countOf(length)} ${length.total === 1 ? 'record fits' : 'records fit'}</span>
${behind && link(context, {}, 'Newest')}${more && link(context, { before: items[items.length - 1].seq }, 'Older')}</nav>`;
}

function link(context: PageContext, extra: Record<string, string | number>, text: string): Markup {
	const filter = Object.fromEntries(FILTERS.map(({ name }) => [name, context.query.get(name) || undefined]));
	return html`<a class="button" href="${context.href('audit', [], { ...filter, ...extra })}">${text}</a>`;
}

export function verdictView({ ok, records, headHash, brokenAt, problem, checkpoint }: AuditVerdict): Markup {
	const start = checkpoint && html` Records up to ${checkpoint.seq} were removed after they had been signed off.`;
	if (ok) {
		return notice('good', html`The chain is whole: ${count(records)} records checked, none changed, none missing.${start} Last hash: <code>${headHash}</code>`);
	}
	return notice('bad', html`The chain is broken at record ${brokenAt ?? 'unknown'}: ${problem ?? 'unknown problem'}.${start} Export the trail, keep the ledger's file as evidence, and compare it with a backup.`);
}

/** Subjects are `<type>:<id>`; entities and policy versions have pages. */
function subject(context: PageContext, text: string): Markup {
	const [, type, id] = /^([A-Za-z]+):(.+)$/s.exec(text) ?? [];
	if (['mac', 'user', 'ip', 'hostname'].includes(type) && id.length <= LONGEST_KEY && !id.includes('*')) {
		return html`<a href="${context.href('entity', [type, id])}">${clip(text, 120)}</a>`;
	}
	if (type === 'policy' && /^\d+$/.test(id)) return html`<a href="${context.href('policy', ['versions', id])}">${text}</a>`;
	return clip(text, 120);
}

async function recordPage(context: PageContext, segment: string): Promise<PageContent | undefined> {
	const seq = wholeNumber(segment);
	if (seq === undefined) return undefined;
	const { items: [record] } = await context.ledger.getAudit({ beforeSeq: seq + 1, limit: 1 });
	return record?.seq === seq ? { title: `Audit record ${seq}`, body: recordView(context, record) } : undefined;
}

export function recordView(context: PageContext, record: AuditRecord): Markup {
	const details = JSON.stringify(record.details, null, 2);
	const shown = cut(details, LONGEST_DETAILS);
	return html`<div class="actions"><a class="button" href="${context.href('audit')}">All records</a></div>${section('Record', html`${definitionList([
		['At', time(record.at)],
		['Actor', clip(record.actor)],
		['Execution', record.execution === undefined ? '–' : clip(record.execution)],
		['Action', clip(record.action)],
		['Subject', subject(context, record.subject)],
		['Hash', html`<code>${record.hash}</code>`],
	])}<h3>Details</h3><pre tabindex="0">${shown}</pre>
${shown !== details && html`<p class="quiet">Too long to be shown whole; an export has all of it.</p>`}`)}`;
}

function download(ledger: LedgerService, asked: Asked, format: 'csv' | 'jsonl', nowMs: number): PageContent {
	const stamp = new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
	return format === 'csv'
		? { fileName: `audit-${stamp}.csv`, contentType: 'text/csv; charset=utf-8', lines: csvLines(auditRecords(ledger, asked)) }
		: { fileName: `audit-${stamp}.jsonl`, contentType: 'application/x-ndjson; charset=utf-8', lines: jsonLines(auditRecords(ledger, asked)) };
}

/** Every record that fits, newest first, each once whatever is added meanwhile; a batch in memory at a time. */
export async function* auditRecords(ledger: Pick<LedgerService, 'getAudit'>, asked: Asked): AsyncGenerator<AuditRecord> {
	for (let beforeSeq: number | undefined; ; ) {
		const { items } = await ledger.getAudit({ ...asked, ...(beforeSeq !== undefined && { beforeSeq }), limit: EXPORT_BATCH });
		yield* items;
		if (items.length < EXPORT_BATCH) return;
		beforeSeq = items[items.length - 1].seq;
	}
}

export async function* csvLines(records: AsyncIterable<AuditRecord>): AsyncGenerator<string> {
	yield csvLine(['seq', 'at', 'actor', 'execution', 'action', 'subject', 'details', 'hash']);
	for await (const { seq, at, actor, execution, action, subject: about, details, hash } of records) {
		yield csvLine([seq, at, actor, execution, action, about, JSON.stringify(details), hash]);
	}
}

async function* jsonLines(records: AsyncIterable<AuditRecord>): AsyncGenerator<string> {
	for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

function wholeNumber(text: string | null): number | undefined {
	return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function validTime(ms: number): boolean {
	return ms >= 0 && ms < Date.UTC(9999, 11, 31);
}
