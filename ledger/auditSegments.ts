import type { AuditSegment } from './api';
import { auditHash, auditRows, GENESIS, SEGMENT_CLOSED } from './audit';
import type { Change } from './change';
import { LedgerError } from './errors';
import type { AuditSignOff } from './service';
import type { LedgerHead, ReadTransaction, Store } from './store/store';

/** Records removed per transaction. */
const CHUNK = 1_000;

/**
 * The records at the start of the trail that are older than a moment, after their hashes were checked: a trail that
 * does not hold must not be signed off.
 *
 * @throws LedgerError `auditBroken`
 */
export async function oldestSegment(tx: ReadTransaction, beforeMs: number): Promise<AuditSegment | undefined> {
	const { auditCheckpoint } = await tx.head();
	const start = { seq: auditCheckpoint?.seq ?? 0, hash: auditCheckpoint?.hash ?? GENESIS };
	let [seq, hash] = [start.seq, start.hash];
	for await (const row of auditRows(tx, start.seq)) {
		if (row.atMs >= beforeMs) break;
		seq++;
		if (row.seq !== seq || auditHash(hash, row) !== row.hash) {
			throw new LedgerError('auditBroken', `The audit trail does not hold at record ${seq}: see Audit: Verify`);
		}
		hash = row.hash;
	}
	if (seq === start.seq) return undefined;
	return { fromSeq: start.seq + 1, toSeq: seq, records: seq - start.seq, previousHash: start.hash, lastHash: hash };
}

/** The records of a segment as JSON Lines, exactly as they are stored, so that their hashes can be checked anywhere. */
export async function* segmentLines(store: Store, { fromSeq, toSeq }: AuditSegment): AsyncGenerator<string> {
	for (let after = fromSeq - 1; after < toSeq; ) {
		const rows = await store.read((tx) => tx.auditAfter(after, Math.min(CHUNK, toSeq - after)));
		if (rows.length === 0) throw new LedgerError('notFound', `Audit record ${after + 1} is missing`);
		for (const row of rows) yield JSON.stringify(row);
		after = rows[rows.length - 1].seq;
	}
}

/**
 * Closes a segment: from now on the chain starts at its last hash, which a record that people signed off keeps. The
 * records themselves are removed afterwards.
 */
export async function closeSegment(change: Change, segment: AuditSegment, { by, reason, exportedTo, sha256 }: AuditSignOff): Promise<void> {
	const { fromSeq, toSeq, records, previousHash, lastHash } = segment;
	for (const [name, value] of Object.entries({ by, reason, exportedTo })) {
		if (value.trim() === '') throw new LedgerError('invalidValue', `A sign-off needs ${name}`);
	}
	if (!/^[0-9a-f]{64}$/.test(sha256)) throw new LedgerError('invalidValue', 'sha256 must be the SHA-256 of the export in hex');
	await checkSegment(change.tx, change.head, segment);
	change.audit(SEGMENT_CLOSED, `audit:${fromSeq}-${toSeq}`, { fromSeq, toSeq, records, previousHash, lastHash, signedOffBy: by, reason, exportedTo, sha256 });
	change.head.auditCheckpoint = { seq: toSeq, hash: lastHash };
}

async function checkSegment(tx: ReadTransaction, { auditCheckpoint }: LedgerHead, { fromSeq, toSeq, records, lastHash, previousHash }: AuditSegment): Promise<void> {
	const starts = fromSeq === (auditCheckpoint?.seq ?? 0) + 1 && previousHash === (auditCheckpoint?.hash ?? GENESIS);
	const [last] = await tx.auditAfter(toSeq - 1, 1);
	if (!starts || records !== toSeq - fromSeq + 1 || last?.seq !== toSeq || last.hash !== lastHash) {
		throw new LedgerError('invalidValue', 'This is not the oldest segment of the audit trail as it is now; export it again');
	}
}

/** Removes records before the checkpoint, some per transaction. */
export async function removeClosed(store: Store): Promise<void> {
	for (let removed = CHUNK; removed === CHUNK; ) {
		removed = await store.write(async (tx) => {
			const { auditCheckpoint } = await tx.head();
			return auditCheckpoint ? await tx.deleteAudit(auditCheckpoint.seq, CHUNK) : 0;
		});
	}
}
