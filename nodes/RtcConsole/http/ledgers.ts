import type { LedgerService } from '../../../ledger/service';

/** How long a ledger stays open after the last request: opening one anew takes longer than most pages. */
const IDLE_MS = 60_000;

interface Kept {
	ledger: Promise<LedgerService>;
	timer: NodeJS.Timeout;
	users: number;
}

const kept = new Map<string, Kept>();

/** Lends a ledger that stays open between requests, and is closed when none has come for a while. */
export async function withKeptLedger<T>(
	key: string,
	open: () => Promise<LedgerService>,
	work: (ledger: LedgerService) => Promise<T>,
): Promise<T> {
	const entry = kept.get(key) ?? keep(key, open());
	entry.users++;
	try {
		return await work(await entry.ledger);
	} finally {
		entry.users--;
		entry.timer.refresh();
	}
}

/** Closes what is kept open; for tests. */
export async function closeKeptLedgers(): Promise<void> {
	const entries = [...kept.values()];
	kept.clear();
	for (const { ledger, timer } of entries) {
		clearTimeout(timer);
		await (await ledger).close();
	}
}

function keep(key: string, ledger: Promise<LedgerService>): Kept {
	const entry: Kept = { ledger, users: 0, timer: setTimeout(() => letGo(key, entry), IDLE_MS).unref() };
	kept.set(key, entry);
	ledger.catch(() => forget(key, entry));
	return entry;
}

function forget(key: string, entry: Kept): void {
	clearTimeout(entry.timer);
	if (kept.get(key) === entry) kept.delete(key);
}

function letGo(key: string, entry: Kept): void {
	if (entry.users > 0) {
		entry.timer.refresh();
		return;
	}
	forget(key, entry);
	void entry.ledger.then(async (ledger) => await ledger.close());
}
