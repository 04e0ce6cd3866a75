import type { AuditRecord, Intent, Page, Total } from '../../../ledger/api';
import type { LedgerService } from '../../../ledger/service';

/** Records listed of each kind; the audit has the rest. */
export const LISTED = 15;
/** Containments among which hosts are looked up by name. */
const NAMED = 300;

/** What a shift report tells, by the audit action that tells it. */
const TOLD = {
	contained: 'episode.contained',
	released: 'releaseOpened',
	byHand: 'containedManually',
	approved: 'intent.approved',
	denied: 'intent.denied',
	refused: 'containmentRefused',
	expired: 'intent.expired',
	failed: 'intent.failed',
	policy: 'policyUpdated',
	protected: 'protected',
	unprotected: 'unprotected',
	purged: 'purged',
} as const;

export type Told = keyof typeof TOLD;
export const TOLD_ACTIONS: Readonly<Record<Told, string>> = TOLD;

/** One thing that happened. */
export interface Event {
	at: string;
	who: string;
	/** Host, entity, policy version. */
	what: string;
	why: string;
}

export interface ShiftReport {
	hours: number;
	from: string;
	to: string;
	detections: Record<string, number>;
	events: Record<Told, Total & { listed: Event[] }>;
	/** Those that wait now, the longest first. */
	waiting: Total & { listed: Intent[] };
}

/** Reads everything that a report needs, with the same number of queries whatever happened. */
export async function readShift(ledger: LedgerService, hours: number, nowMs: number): Promise<ShiftReport> {
	const from = new Date(nowMs - hours * 3_600_000).toISOString();
	const kinds = Object.keys(TOLD) as Told[];
	const [detections, intents, newest, ...pages] = await Promise.all([
		ledger.getDetectionCounts(from),
		ledger.getIntents({ kind: 'contain', limit: NAMED }),
		ledger.getIntents({ kind: 'contain', state: 'awaitingApproval', limit: LISTED }),
		...kinds.map((kind) => ledger.getAudit({ action: TOLD[kind], since: from, limit: LISTED })),
	]);
	const { items: newestFirst, ...waiting } = await ledger.getIntents({
		kind: 'contain', state: 'awaitingApproval', limit: LISTED, offset: Math.max(0, newest.total - LISTED),
	});
	const events = kinds.map((kind, index) => [kind, eventsOf(pages[index], intents.items)] as const);
	return {
		hours,
		from,
		to: new Date(nowMs).toISOString(),
		detections,
		events: Object.fromEntries(events) as ShiftReport['events'],
		waiting: { ...waiting, listed: [...newestFirst].reverse() },
	};
}

function eventsOf({ items, ...length }: Page<AuditRecord>, intents: readonly Intent[]): Total & { listed: Event[] } {
	return { ...length, listed: items.map((record) => eventOf(record, intents)) };
}

/** What one audit record tells people. */
export function eventOf(record: AuditRecord, intents: readonly Intent[]): Event {
	const { at, actor, subject, details } = record;
	const colon = subject.indexOf(':');
	const id = subject.slice(colon + 1);
	const episode = subject.startsWith('episode:') ? id : details.episode;
	const about = intents.find((intent) => intent.id === id || intent.episodeId === episode);
	const named = about && (about.host.hostnames[0] ?? about.host.macs[0] ?? about.trigger.key);
	const known = /^(episode|intent):/.test(subject) ? (named ?? (typeof details.host === 'string' ? details.host : subject)) : subject;
	return { at, who: deciderOf(record, about) ?? actor, what: known, why: reasonOf(record, about) };
}

/** A containment is carried out by a workflow, but asked for by a person, or decided by a guard. */
function deciderOf({ action }: AuditRecord, about: Intent | undefined): string | undefined {
	return action === TOLD.contained ? about?.requestedBy : undefined;
}

function reasonOf({ action, details }: AuditRecord, about: Intent | undefined): string {
	const decision = details.decision as { reason?: unknown } | undefined;
	const given = [details.reason, details.comment, details.error, decision?.reason].find((text) => typeof text === 'string' && text !== '');
	if (action === TOLD.contained) return about?.reason ?? '';
	return (given as string | undefined) ?? '';
}
