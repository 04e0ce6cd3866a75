import { judge, type LabState, type Verdict } from './judge';
import { watchMemory, type MemoryReport } from './memory';
import { playScenario, readLedger, untilSettled, type LedgerReport } from './scenario';
import { openSession, type Session } from './session';

export interface RunOptions {
	scenario: string;
	seed: number;
	speed: number;
	pollSeconds: number;
	/** See `SessionOptions`. */
	queue?: { workers: number };
	supervised?: boolean;
	ledgerDisk?: boolean;
}

interface Journal {
	entries: { vendor: string; method: string; path: string; violation: string }[];
}

/** How a scenario went: the ledger's side and the vendors' side. */
export interface RunReport extends RunOptions {
	held: boolean;
	failures: string[];
	verdict: Verdict;
	ledger: LedgerReport;
	memory: MemoryReport;
	lab: LabState;
}

/** What is done beside the playing of a scenario. */
export interface Companion {
	/** While the events come, e.g. to break things. */
	meanwhile?(session: Session): Promise<void>;
	/** When everything is read and carried out, and still runs. */
	afterwards?(session: Session): Promise<void>;
}

/** Plays a scenario from an empty ledger to the last intent carried out. */
export async function runScenario(options: RunOptions, progress: (text: string) => void, companion: Companion = {}): Promise<RunReport> {
	const session = await openSession({ ...options, progress });
	const memory = watchMemory(() => session.n8n.processId);
	try {
		progress(`Playing ${options.scenario}`);
		const { scenario: name, seed, speed } = options;
		await Promise.all([playScenario(session, { name, seed, speed }, progress), companion.meanwhile?.(session)]);
		progress('Waiting until everything is read and carried out');
		await untilSettled(session, options.pollSeconds);
		await companion.afterwards?.(session);
		return await report(session, options, memory());
	} finally {
		memory();
		await session.close();
	}
}

async function report({ lab, ledger: place }: Session, options: RunOptions, memory: MemoryReport): Promise<RunReport> {
	const ledger = await readLedger(place);
	const state = await lab.get<LabState>('/_lab/state');
	const verdict = judge(state, ledger.episodes.filter(({ containedAt }) => containedAt).length);
	const { entries } = await lab.get<Journal>('/_lab/journal', { violations: 1, limit: 10 });
	const failures = [
		...verdict.failures,
		...entries.map(({ vendor, method, path, violation }) => `${vendor}: ${violation} (${method} ${path})`),
		...unread(state, ledger),
		...(ledger.audit.ok ? [] : ['The audit chain does not verify']),
		...(ledger.replayEqual ? [] : ['Replay does not equal the stored scores']),
	];
	return { ...options, held: failures.length === 0, failures, verdict, ledger, memory, lab: state };
}

/** Every event that Secure Endpoint reported is a detection in the ledger, and nothing else is. */
function unread({ vendors }: LabState, { metrics }: LedgerReport): string[] {
	const reported = vendors.secureEndpoint.events.total;
	const recorded = metrics.detections.secureEndpoint ?? 0;
	return recorded === reported ? [] : [`Secure Endpoint reported ${reported} events, the ledger has ${recorded}`];
}
