import { LedgerError, type Actor, type LedgerService } from '../../ledger';
import type { Completion, Confirmed, Failure, Settled, TargetFindings } from '../../ledger/service';

/** Completes one intent. What the ledger refuses is thrown. */
export async function completeIntent(ledger: LedgerService, intentId: string, { actor, ...done }: Omit<Completion, 'intentId'> & { actor: Actor }): Promise<Settled> {
	const [settled] = await ledger.completeIntents([{ intentId, ...done }], actor);
	return orThrow(settled);
}

export async function failIntent(ledger: LedgerService, intentId: string, error: string, actor: Actor, identity?: Failure['identity']): Promise<Settled> {
	const [settled] = await ledger.failIntents([{ intentId, error, identity }], actor);
	return orThrow(settled);
}

export async function confirmTarget(ledger: LedgerService, intentId: string, findings: TargetFindings, actor: Actor): Promise<Confirmed> {
	const [confirmed] = await ledger.confirmTargets([{ intentId, ...findings }], actor);
	return orThrow(confirmed);
}

function orThrow<T>(value: T | LedgerError): T {
	if (value instanceof LedgerError) throw value;
	return value;
}
