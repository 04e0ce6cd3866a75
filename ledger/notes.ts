import type { Change } from './change';

/** Tells a note that comes again from a new one. */
export interface NoteKey {
	id: string;
	/** No note with this id is older, ms. */
	sinceMs: number;
}

/** More notes of one action on one subject than a person takes within the life of a form. */
const LOOKED_THROUGH = 1_000;

/** Puts something in the audit trail that changes nothing else; with a key, only once. */
export async function note(
	change: Change,
	action: string,
	subject: string,
	details: Record<string, unknown>,
	key?: NoteKey,
): Promise<boolean> {
	if (key) {
		const { rows } = await change.tx.audit({ action, subject, sinceMs: key.sinceMs, limit: LOOKED_THROUGH, offset: 0 });
		if (rows.some((row) => (JSON.parse(row.details) as { request?: string }).request === key.id)) return false;
	}
	change.audit(action, subject, key ? { ...details, request: key.id } : details);
	return true;
}
