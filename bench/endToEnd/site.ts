import { setTimeout as wait } from 'node:timers/promises';
import { loadWorkflows } from '../../demo/bundle';
import type { LabState } from '../../demo/judge';
import { openSession, type Session } from '../../demo/session';
import { openLedger, type LedgerService } from '../../ledger';

/** Seconds between polls: enough to report a burst in between. */
const POLL_SECONDS = 8;
/** So that a poll can be set past a burst that is not its own. */
const OVERLAP_SECONDS = 1;
const POLL = 'rtcPollSecureEndpt';
const SETTLE_LIMIT_MS = 300_000;
/** Executed malware: one event of it takes a host over the bench's threshold. */
const EVENT_TYPE = '1107296272';
const THRESHOLD = 50;
const MACS_PER_HOST = 2;

export interface JournalEntry {
	seq: number;
	/** When the request came, ISO 8601 with milliseconds. */
	time: string;
	path: string;
	status: number | null;
	durationMs: number;
}

/** A lab with a fleet of laptops, and an n8n in which only the Secure Endpoint poll begins by itself. */
export interface BurstSite {
	session: Session;
	ledger: LedgerService;
	/** Entries of the lab's journal after one, oldest first. */
	journal(vendor: string, path: string, since: number): Promise<JournalEntry[]>;
	/** Number of the newest entry in the journal. */
	newest(): Promise<number>;
	/** Secure Endpoint reports malware on so many laptops that had none so far; gives how many network cards they have. */
	report(hosts: number): Promise<number>;
	settled(): Promise<void>;
	/** The pack's poll goes on from here. */
	skipToNow(): Promise<void>;
	close(): Promise<void>;
}

export async function openBurstSite(queue?: { workers: number }): Promise<BurstSite> {
	const progress = (text: string) => process.stderr.write(`  ${text}\n`);
	const session = await openSession({ seed: 1, pollSeconds: POLL_SECONDS, overlapSeconds: OVERLAP_SECONDS, progress, ...(queue && { queue }) });
	const { lab } = session;
	try {
		await silenceSchedules(session);
		await lab.post('/_lab/scenario', { name: 'massFalsePositive', speed: 0.1 });
		await lab.control.delete('/_lab/scenario');
		const ledger = await openLedger(session.ledger);
		const known = await untilRead(session, ledger);
		await containEveryone(ledger);
		let reported = 0;
		const nextHost = (): string => {
			const hostname = `fleet-lt-${String(++reported).padStart(4, '0')}`;
			return known.has(hostname) ? nextHost() : hostname;
		};
		return {
			session,
			ledger,
			journal: async (vendor, path, since) => (await lab.get<{ entries: JournalEntry[] }>('/_lab/journal', { vendor, path, since, limit: 10_000 })).entries,
			newest: async () => (await lab.get<{ entries: JournalEntry[] }>('/_lab/journal', { limit: 1 })).entries[0]?.seq ?? 0,
			report: async (hosts) => {
				const hostname = Array.from({ length: hosts }, nextHost);
				await lab.post('/_lab/emit', { vendor: 'secureEndpoint', hostname, type: EVENT_TYPE });
				return hosts * MACS_PER_HOST;
			},
			settled: async () => await settled(ledger),
			skipToNow: async () => {
				const cursor = { source: 'secureEndpoint', position: new Date().toISOString() };
				await ledger.score([], { actor: { name: 'bench' }, cursor });
			},
			close: async () => {
				await ledger.close();
				await session.close();
			},
		};
	} catch (error) {
		await session.close();
		throw error;
	}
}

/** Workflows that begin by themselves would take turns with the poll. */
async function silenceSchedules({ n8n }: Session): Promise<void> {
	const api = await n8n.api();
	const workflows = await loadWorkflows({ pollSeconds: POLL_SECONDS, webexRoomId: '' });
	const others = workflows.filter(({ id, nodes }) => id !== POLL && nodes.some(({ type }) => type === 'n8n-nodes-base.scheduleTrigger'));
	for (const { id } of others) await api.post(`/rest/workflows/${id}/deactivate`, {});
}

/** The scenario that brings the fleet reports something of a few hosts before it ends; those are not taken again. */
async function untilRead({ lab }: Session, ledger: LedgerService): Promise<Set<string>> {
	for (const deadline = Date.now() + SETTLE_LIMIT_MS; Date.now() < deadline; await wait(500)) {
		const { vendors } = await lab.get<LabState>('/_lab/state');
		const { detections } = await ledger.getMetrics();
		if ((detections.secureEndpoint ?? 0) !== vendors.secureEndpoint.events.total) continue;
		const { items } = await ledger.getEntities({ kind: 'hostname', limit: 200 });
		return new Set(items.map(({ key }) => key.split('.')[0]));
	}
	throw new Error('Secure Endpoint was not read');
}

/** One source is enough and nothing stops a containment, so that every crossing becomes a request. */
async function containEveryone(ledger: LedgerService): Promise<void> {
	const { policy } = await ledger.getPolicy();
	const guards = { ...policy.guards, minimumSources: 1, breaker: null };
	await ledger.updatePolicy({ ...policy, threshold: THRESHOLD, rearmBelow: Math.min(policy.rearmBelow, THRESHOLD), guards }, { name: 'bench' }, 'Every crossing contains');
}

async function settled(ledger: LedgerService): Promise<void> {
	for (const deadline = Date.now() + SETTLE_LIMIT_MS; Date.now() < deadline; await wait(500)) {
		const { intents } = await ledger.getMetrics();
		if (intents.failed > 0) throw new Error(`${intents.failed} intents failed; the burst measures nothing`);
		if (intents.pending + intents.claimed === 0) return;
	}
	throw new Error(`Containments and notices are still under way after ${SETTLE_LIMIT_MS / 1000} s`);
}
