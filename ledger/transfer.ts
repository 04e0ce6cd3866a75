import type { ReplayResult } from './api';
import { verifyChain } from './audit';
import { LedgerError } from './errors';
import { TABLES, type Store, type TableName, type WriteTransaction } from './store/store';

const FORMAT = 'cisco-rtc-ledger';
const VERSION = 1;
const BATCH = 500;

/** Every table as JSON Lines: a heading, then `{table, row}` per row, consistent at one moment. */
export async function* exportLines(store: Store): AsyncGenerator<string> {
	yield JSON.stringify({ format: FORMAT, version: VERSION });
	for await (const { table, row } of store.snapshot(TABLES)) yield JSON.stringify({ table, row });
}

/** Fills an empty ledger. Nothing is kept unless the audit chain holds and a replay gives the same scores. */
export async function importLines(
	store: Store,
	lines: AsyncIterable<string> | Iterable<string>,
	replayed: (tx: WriteTransaction) => Promise<ReplayResult>,
): Promise<{ detections: number; auditRecords: number }> {
	let begun = false;
	return await store.write(async (tx) => {
		if (begun) throw new LedgerError('unavailable', 'The connection to the database was lost; nothing was kept. Import once more');
		begun = true;
		const head = await tx.head();
		if (head.detectionSeq > 0 || head.hostId > 0 || head.policyVersion > 1 || head.auditSeq > 1) {
			throw new LedgerError('notEmpty', 'An import needs an empty ledger');
		}
		await tx.clearAll();
		await restoreAll(tx, lines);
		const auditRecords = await verified(tx);
		const result = await replayed(tx);
		if (!result.equal) {
			throw new LedgerError('invalidImport', `Replaying the imported detections gives other scores for ${result.differences.length} entities`);
		}
		return { detections: result.detections, auditRecords };
	});
}

async function restoreAll(tx: WriteTransaction, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
	let batch: { table: TableName; rows: Record<string, unknown>[] } | undefined;
	let number = 0;
	for await (const line of lines) {
		number++;
		if (line.trim() === '') continue;
		const json = parseLine(line, number);
		if (number === 1) {
			checkHeading(json);
			continue;
		}
		const { table, row } = json as { table?: TableName; row?: Record<string, unknown> };
		if (!table || !TABLES.includes(table) || row === null || typeof row !== 'object') {
			throw new LedgerError('invalidImport', `Line ${number} is not a row of a known table`);
		}
		if (batch && (batch.table !== table || batch.rows.length >= BATCH)) {
			await tx.restore(batch.table, batch.rows);
			batch = undefined;
		}
		batch ??= { table, rows: [] };
		batch.rows.push(row);
	}
	if (batch) await tx.restore(batch.table, batch.rows);
	if (number === 0) throw new LedgerError('invalidImport', 'The export is empty');
}

function parseLine(line: string, number: number): Record<string, unknown> {
	try {
		return JSON.parse(line) as Record<string, unknown>;
	} catch {
		throw new LedgerError('invalidImport', `Line ${number} is not JSON`);
	}
}

function checkHeading({ format, version }: Record<string, unknown>): void {
	if (format !== FORMAT) throw new LedgerError('invalidImport', 'This is not an export of a ledger');
	if (version !== VERSION) throw new LedgerError('invalidImport', `Export version ${String(version)} is not known here`);
}

async function verified(tx: WriteTransaction): Promise<number> {
	const verdict = await verifyChain(tx);
	if (!verdict.ok) throw new LedgerError('invalidImport', `The audit chain does not hold: ${verdict.problem}`);
	return verdict.records;
}
