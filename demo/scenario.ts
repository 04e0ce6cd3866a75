import { setTimeout as wait } from 'node:timers/promises';
import { openLedger, type LedgerPlace } from '../ledger';
import type { EntitySummary, Episode, Intent, Metrics } from '../ledger/api';
import type { LedgerService } from '../ledger/service';
import type { Session } from './session';

export interface ScenarioRun {
	name: string;
	seed: number;
	speed: number;
}

/** The ledger's side of a finished scenario. */
export interface LedgerReport {
	metrics: Metrics;
	entities: EntitySummary[];
	intents: Intent[];
	/** Those that a containment was decided for. */
	episodes: Episode[];
	audit: { ok: boolean; records: number };
	replayEqual: boolean;
}

interface ScenarioProgress {
	state: string;
	emitted: number;
	total: number;
}

/** Secure Endpoint, Umbrella and Secure Network Analytics. */
const POLLED_SOURCES = 3;

const SETTLE_TIMEOUT_MS = 10 * 60_000;

/** Starts a scenario in the lab and waits until its last event was emitted. */
export async function playScenario({ lab }: Session, run: ScenarioRun, progress: (text: string) => void): Promise<void> {
	await lab.post('/_lab/scenario', { ...run });
	for (;;) {
		const { state, emitted, total } = await lab.get<ScenarioProgress>('/_lab/scenario');
		if (state !== 'running') return;
		progress(`${emitted} of ${total} events reported by the vendors`);
		await wait(5_000);
	}
}

/**
 * Waits until the ledger has read everything the vendors reported and no intent is left to carry out. What the
 * workflows do makes vendors report more: isolating a connector is an event, too.
 *
 * @throws Error after ten minutes
 */
export async function untilSettled({ lab, ledger: place }: Session, pollSeconds: number): Promise<void> {
	const deadline = Date.now() + SETTLE_TIMEOUT_MS;
	let reported = -1;
	let readUntil = 0;
	while (Date.now() < deadline) {
		const events = await eventsReported(lab);
		if (events !== reported) {
			reported = events;
			readUntil = Date.now() + (pollSeconds + 1) * 1000;
		}
		const settled = await withLedger(place, async (ledger) => isSettled(await ledger.getMetrics(), readUntil));
		if (settled && (await eventsReported(lab)) === reported) return;
		await wait(1_000);
	}
	throw new Error('The ledger still has work to do ten minutes after the scenario');
}

async function eventsReported(lab: Session['lab']): Promise<number> {
	const { vendors } = await lab.get<{ vendors: { secureEndpoint: { events: { total: number } } } }>('/_lab/state');
	return vendors.secureEndpoint.events.total;
}

export async function readLedger(place: LedgerPlace): Promise<LedgerReport> {
	return await withLedger(place, async (ledger) => ({
		metrics: await ledger.getMetrics(),
		entities: (await ledger.getEntities({ limit: 100 })).items,
		intents: (await ledger.getIntents({ limit: 200 })).items,
		episodes: await containedEpisodes(ledger),
		audit: await ledger.verifyAudit(),
		replayEqual: (await ledger.replay()).equal,
	}));
}

async function containedEpisodes(ledger: LedgerService): Promise<Episode[]> {
	const states = ['containing', 'contained', 'releasing', 'released'] as const;
	const pages = await Promise.all(states.map(async (state) => await ledger.getEpisodes({ state, limit: 1000 })));
	return pages.flatMap(({ items }) => items);
}

/** @param place a file of SQLite may be given by its path alone */
export async function withLedger<T>(place: LedgerPlace | string, work: (ledger: LedgerService) => Promise<T>): Promise<T> {
	const ledger = await openLedger(typeof place === 'string' ? { file: place } : place);
	try {
		return await work(ledger);
	} finally {
		await ledger.close();
	}
}

function isSettled({ cursors, intents }: Metrics, readUntil: number): boolean {
	const allRead = cursors.length >= POLLED_SOURCES && cursors.every(({ lastPollAt }) => lastPollAt && Date.parse(lastPollAt) >= readUntil);
	return allRead && (intents.pending ?? 0) + (intents.claimed ?? 0) === 0;
}
