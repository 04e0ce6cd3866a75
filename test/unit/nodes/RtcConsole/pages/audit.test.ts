import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { AuditRecord } from '../../../../../ledger/api';
import type { LedgerService } from '../../../../../ledger/service';
import { audit, auditFilter, auditRecords, auditView, csvLines, recordView } from '../../../../../nodes/RtcConsole/pages/audit';
import { newLedger, PERSON, START_MS, type TestLedger } from '../../../ledger/helpers';
import { expectHarmless, HOSTILE, hostile, pageContext, shown } from './pageContext';

const record = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
	seq: 7, at: new Date(START_MS).toISOString(), actor: 'ann', execution: 'w 1', action: 'protected', subject: 'hostname:dc1',
	details: { reason: 'Server' }, hash: createHash('sha256').update('x').digest('hex'), ...changes,
});

let test: TestLedger;
let ledger: LedgerService;

beforeEach(async () => {
	test = await newLedger();
	({ ledger } = test);
});
afterEach(async () => await test.close());

const protect = async (value: string, actor = PERSON) => await ledger.protect({ type: 'user', value, reason: 'r' }, actor);

async function exported(format: 'csv' | 'jsonl', query = ''): Promise<{ fileName: string; contentType: string; lines: string[] }> {
	const content = await audit.content(pageContext({ ledger, query: `format=${format}&${query}` }));
	if (!content || !('lines' in content)) throw new Error('no file');
	const lines: string[] = [];
	for await (const line of content.lines) lines.push(line);
	return { fileName: content.fileName, contentType: content.contentType, lines };
}

describe('audit page', () => {
	it('filters by action, subject, actor and time', async () => {
		await protect('a');
		await protect('b', { name: 'bob' });
		test.clock.nowMs += 86_400_000;
		await protect('c');
		const rows = async (query: string) => [...(await shown(audit, { ledger, query })).text.matchAll(/user:(\w)</g)].map(([, value]) => value);
		expect(await rows('')).toEqual(['c', 'b', 'a']);
		expect(await rows('actor=bob')).toEqual(['b']);
		expect(await rows('subject=user%3Aa')).toEqual(['a']);
		expect(await rows('since=2026-01-16')).toEqual(['c']);
		expect(await rows('action=unprotected')).toEqual([]);
	});

	it('goes on where the list ended', async () => {
		for (let i = 0; i < 60; i++) await protect(`u${i}`);
		const first = await shown(audit, { ledger });
		const older = /before=(\d+)[^>]*>Older/.exec(first.text)?.[1] as string;
		await protect('new');
		const second = await shown(audit, { ledger, query: `before=${older}` });
		expect(second.text).toContain('user:u9<');
		expect(second.text).not.toContain('user:u11<');
		expect(second.text).toContain('Newest');
		expect(second.text).not.toContain('Older');
	});

	it.each([['since=yesterday'], ['before=-1'], ['before=x'], ['p=99'], ['since=99999-01-01']])('%s does no harm', async (query) => {
		expect((await shown(audit, { ledger, query })).text).toContain('policyUpdated');
	});

	it('reads what the address asks for', () => {
		expect(auditFilter(new URLSearchParams('action= &actor= ann &since=2026-01-15'))).toEqual({ actor: 'ann', since: '2026-01-15T00:00:00.000Z' });
	});

	it('verifies the chain when asked, and names the record that was changed', async () => {
		await protect('a');
		expect((await shown(audit, { ledger })).text).not.toContain('chain is');
		expect((await shown(audit, { ledger, query: 'verify=1' })).text).toContain('The chain is whole: 2 records');
		const db = new DatabaseSync(test.file);
		db.exec(`UPDATE audit SET actor = 'eve' WHERE seq = 2`);
		db.close();
		const { text } = await shown(audit, { ledger, query: 'verify=1' });
		expect(text).toContain('The chain is broken at record 2');
		expect(text).toContain('role="alert"');
	});

	it('shows one record whole', async () => {
		await ledger.protect({ type: 'user', value: HOSTILE, reason: `${HOSTILE}${'x'.repeat(500)}END` }, PERSON);
		const { text } = await shown(audit, { ledger, segments: ['2'] });
		expect(text).toContain('END');
		expectHarmless({ text });
		await expect(shown(audit, { ledger, segments: ['99'] })).rejects.toThrow('shows no markup');
		await expect(shown(audit, { ledger, segments: ['x'] })).rejects.toThrow('shows no markup');
	});

	it('escapes every field', () => {
		expectHarmless(auditView(pageContext(), { items: [hostile(record(), ['at'])], total: 1 }, { ok: false, records: 1, headHash: HOSTILE, brokenAt: 1, problem: HOSTILE }));
		for (const kind of ['mac', 'policy', 'intent']) expectHarmless(auditView(pageContext(), { items: [record({ subject: `${kind}:${HOSTILE}` })], total: 1 }, undefined));
		expectHarmless(recordView(pageContext(), hostile(record(), ['at'])));
		expectHarmless(auditView(pageContext({ query: new URLSearchParams({ actor: HOSTILE, subject: HOSTILE }).toString() }), { items: [], total: 0 }, undefined));
	});

	it('stays below 200 kB whatever is in the records', () => {
		const long = record({ details: { scores: '"'.repeat(50_000) }, subject: '<'.repeat(2_000), actor: '&'.repeat(500) });
		expect(Buffer.byteLength(auditView(pageContext(), { items: Array.from({ length: 50 }, () => long), total: 10_000 }, undefined).text)).toBeLessThan(200_000);
	});
});

describe('audit export', () => {
	it('has every record that fits once, as CSV and as JSON Lines', async () => {
		await protect('=cmd()');
		await protect('b', { name: 'bob' });
		const csv = await exported('csv');
		expect(csv).toMatchObject({ fileName: 'audit-20260115T120000.csv', contentType: 'text/csv; charset=utf-8' });
		expect(csv.lines).toHaveLength(4);
		expect(csv.lines[0]).toBe('"seq","at","actor","execution","action","subject","details","hash"\r\n');
		const json = await exported('jsonl', 'actor=bob');
		expect(json.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ actor: 'bob', subject: 'user:b' }]);
		expect(json.fileName).toBe('audit-20260115T120000.jsonl');
	});

	it('no field of a record becomes a formula', async () => {
		const lines: string[] = [];
		const evil = record({ actor: '=1+1', action: '+cmd', subject: '@x', execution: '\t=1' });
		for await (const line of csvLines((async function* () { yield evil; })())) lines.push(line);
		expect(lines[1]).toContain(`"'=1+1","'\t=1","'+cmd","'@x"`);
	});

	it('reads in batches, and neither loses nor repeats what is there while more is added', async () => {
		const all = Array.from({ length: 2_500 }, (_, i) => record({ seq: i + 1 }));
		const asked: unknown[] = [];
		const growing: Pick<LedgerService, 'getAudit'> = {
			async getAudit({ beforeSeq = Infinity, limit }) {
				asked.push(limit);
				const items = all.filter(({ seq }) => seq < beforeSeq).reverse().slice(0, limit);
				all.push(record({ seq: all.length + 1 }));
				return { items, total: all.length };
			},
		};
		const seen: number[] = [];
		for await (const { seq } of auditRecords(growing, {})) seen.push(seq);
		expect(seen).toEqual(Array.from({ length: 2_500 }, (_, i) => 2_500 - i));
		expect(asked).toEqual([1_000, 1_000, 1_000]);
	});
});
