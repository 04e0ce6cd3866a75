import { createHash } from 'node:crypto';
import type { Intent } from './api';
import type { Change } from './change';
import { LedgerError } from './errors';
import type { RequestKey } from './service';
import type { AuditRow, ReadTransaction } from './store/store';

/**
 * Does the work of a request once. The audit record of it is what the same request finds when it comes again, so that
 * it is kept exactly as long as the evidence of what it did.
 *
 * @param request nothing: the work is done every time
 * @throws LedgerError `keyReused` when the key came with another request before.
 */
export async function once(change: Change, request: RequestKey | undefined, work: () => Promise<Intent>): Promise<Intent> {
	if (!request) return await work();
	const known = await findRequest(change.tx, request);
	if (known) return known;
	const intent = await work();
	change.audit('requested', subjectOf(request), { intent: intent.id, fingerprint: request.fingerprint });
	return intent;
}

/** The intent that an earlier request with this key led to. */
export async function findRequest(tx: ReadTransaction, request: RequestKey): Promise<Intent | undefined> {
	const { rows } = await tx.audit({ action: 'requested', subject: subjectOf(request), limit: 1, offset: 0 });
	if (rows.length === 0) return undefined;
	const { intent, fingerprint } = detailsOf(rows[0]);
	if (fingerprint !== request.fingerprint) {
		throw new LedgerError('keyReused', 'This key came with another request before; choose a new one');
	}
	const [known] = await tx.intents([intent]);
	return known?.intent;
}

function detailsOf({ details }: AuditRow): { intent: string; fingerprint: string } {
	return JSON.parse(details) as { intent: string; fingerprint: string };
}

/** Keys are other people's text of any length. */
function subjectOf({ key }: RequestKey): string {
	return `request:${createHash('sha256').update(key).digest('hex')}`;
}
