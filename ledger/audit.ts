import { hash } from 'node:crypto';
import type { Actor, AuditRecord, AuditVerdict } from './api';
import { canonicalJson } from './canonicalJson';
import { iso } from './time';
import type { AuditRow, LedgerHead, ReadTransaction } from './store/store';
import { wellFormed } from './wellFormed';

/** The hash before the first record. */
export const GENESIS = '0'.repeat(64);
/** Records fetched at a time. */
const PAGE = 1_000;

/**
 * Appends a record to the chain and moves the head on. Half characters (lone surrogates) become U+FFFD before the hash
 * is taken, as a database can't store them: else anybody who cuts an emoji in half could break the chain.
 */
export function appendAudit(
	head: LedgerHead,
	atMs: number,
	actor: Actor,
	action: string,
	subject: string,
	details: Record<string, unknown>,
): AuditRow {
	const row = {
		seq: head.auditSeq + 1,
		atMs,
		actor: wellFormed(actor.name),
		execution: actor.execution === undefined ? undefined : wellFormed(actor.execution),
		action: wellFormed(action),
		subject: wellFormed(subject),
		details: canonicalJson(details),
	};
	const digest = auditHash(head.auditHash || GENESIS, row);
	head.auditSeq = row.seq;
	head.auditHash = digest;
	return { ...row, hash: digest };
}

/** SHA-256 over the previous hash and every byte of this record, as stored. */
export function auditHash(previous: string, row: Omit<AuditRow, 'hash'>): string {
	const fields = [previous, row.seq, row.atMs, row.actor, row.execution ?? null, row.action, row.subject, row.details];
	return hash('sha256', JSON.stringify(fields), 'hex');
}

/** Action of the record that closes a removed segment. */
export const SEGMENT_CLOSED = 'audit.segmentClosed';

/** Walks the chain: give it every record after the checkpoint in order, then ask for the verdict. */
export class AuditChain {
	private previous: string;
	private seq: number;
	private records = 0;
	private signedOff: boolean;
	private broken: { at: number; problem: string } | undefined;

	/** @param checkpoint Last record that was removed; one of those that follow must have signed that off. */
	constructor(private readonly checkpoint?: { seq: number; hash: string }) {
		this.previous = checkpoint?.hash ?? GENESIS;
		this.seq = checkpoint?.seq ?? 0;
		this.signedOff = checkpoint === undefined;
	}

	next(row: AuditRow): void {
		if (this.broken) return;
		this.records++;
		this.seq++;
		if (row.seq !== this.seq) {
			this.broken = { at: this.seq, problem: `Record ${this.seq} is missing; the next one is ${row.seq}` };
		} else if (auditHash(this.previous, row) !== row.hash) {
			this.broken = { at: row.seq, problem: `Record ${row.seq} was changed: its hash does not fit` };
		}
		this.previous = row.hash;
		if (row.action === SEGMENT_CLOSED && this.checkpoint) this.signedOff ||= closes(row, this.checkpoint);
	}

	/** @param head What the ledger says that the last record is; tells when records at the end are gone. */
	verdict(head: Pick<LedgerHead, 'auditSeq' | 'auditHash'>): AuditVerdict {
		const broken = this.broken ?? this.endProblem(head) ?? this.startProblem();
		return {
			ok: broken === undefined,
			records: this.records,
			...(broken && { brokenAt: broken.at, problem: broken.problem }),
			headHash: this.previous,
			...(this.checkpoint && { checkpoint: this.checkpoint }),
		};
	}

	private endProblem(head: Pick<LedgerHead, 'auditSeq' | 'auditHash'>): { at: number; problem: string } | undefined {
		if (head.auditSeq === this.seq && (head.auditHash || GENESIS) === this.previous) return undefined;
		return { at: this.seq + 1, problem: `The chain should end at record ${head.auditSeq}, but ends at ${this.seq}` };
	}

	private startProblem(): { at: number; problem: string } | undefined {
		if (this.signedOff || !this.checkpoint) return undefined;
		const { seq } = this.checkpoint;
		return { at: seq, problem: `The records up to ${seq} were removed, and no record signs that off` };
	}
}

function closes({ details }: AuditRow, { seq, hash: lastHash }: { seq: number; hash: string }): boolean {
	const closed = JSON.parse(details) as { toSeq?: unknown; lastHash?: unknown };
	return closed.toSeq === seq && closed.lastHash === lastHash;
}

/** Walks the whole chain. */
export async function verifyChain(tx: ReadTransaction): Promise<AuditVerdict> {
	const head = await tx.head();
	const chain = new AuditChain(head.auditCheckpoint);
	for await (const row of auditRows(tx, head.auditCheckpoint?.seq ?? 0)) chain.next(row);
	return chain.verdict(head);
}

/** Every record after one, in order. */
export async function* auditRows(tx: ReadTransaction, afterSeq: number): AsyncGenerator<AuditRow> {
	for (let after = afterSeq; ; ) {
		const rows = await tx.auditAfter(after, PAGE);
		if (rows.length === 0) return;
		yield* rows;
		after = rows[rows.length - 1].seq;
	}
}

/** An audit record as callers see it. */
export function toAuditRecord(row: AuditRow): AuditRecord {
	return {
		seq: row.seq,
		at: iso(row.atMs),
		actor: row.actor,
		...(row.execution !== undefined && { execution: row.execution }),
		action: row.action,
		subject: row.subject,
		details: JSON.parse(row.details) as Record<string, unknown>,
		hash: row.hash,
	};
}
