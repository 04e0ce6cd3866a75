import { setTimeout as wait } from 'node:timers/promises';
import { integer, pick, randomFrom, type Random } from '../lab/machine/random';
import type { LedgerPlace } from '../ledger';
import type { LedgerService } from '../ledger/service';
import { isEnding } from './cleanup';
import { runScenario, type RunOptions, type RunReport } from './run';
import { withLedger } from './scenario';
import type { Session } from './session';
import { smallDiskMissing } from './smallDisk';

const LONGEST_WAIT_MS = 20_000;
const LONGEST_DOWN_MS = 5_000;
const PAGE = 1_000;

/** Points ever given to each entity; unlike scores, they don't depend on the time of day. */
export type Penalties = Record<string, number>;

/** A run, and what it left in the ledger. */
export interface CountedRun {
	report: RunReport;
	penalties: Penalties;
}

/** A process that dies by SIGKILL, or a disk that is full, for a while. */
export interface Kill {
	process: string;
	/** Since the scenario began, or the one killed before was back. */
	afterMs: number;
	/** Until it is brought back. */
	downMs: number;
}

export interface CrashOptions extends Omit<RunOptions, 'scenario'> {
	/** Played in turns. */
	scenarios: readonly string[];
	runs: number;
	killsPerRun: number;
}

export interface CrashRun {
	scenario: string;
	kills: Kill[];
	/** What an undisturbed run does not show; empty when nobody can tell that there were crashes. */
	failures: string[];
}

/**
 * Plays every scenario once undisturbed, and then `runs` times with processes killed and the disk filled at random
 * moments, and compares.
 * `seed` decides whom it kills and when.
 */
export async function crashRuns(given: CrashOptions, progress: (text: string) => void): Promise<CrashRun[]> {
	// n8n itself ends now and then as it recovers from being killed.
	const options = { ...given, supervised: true, ledgerDisk: !given.queue && diskCanBeFilled(progress) };
	const undisturbed = new Map<string, CountedRun>();
	const runs: CrashRun[] = [];
	for (let index = 0; index < options.runs; index++) {
		const scenario = options.scenarios[index % options.scenarios.length];
		const known = undisturbed.get(scenario) ?? (await countedRun({ ...options, scenario }, progress));
		undisturbed.set(scenario, known);
		const run = await crashRun({ ...options, scenario }, index, known, progress);
		if (isEnding()) break;
		runs.push(run);
		progress(`Run ${index + 1} of ${options.runs}, ${scenario}: ${run.failures.join('; ') || 'as undisturbed'}`);
	}
	return runs;
}

function diskCanBeFilled(progress: (text: string) => void): boolean {
	const missing = smallDiskMissing();
	if (missing) progress(`The disk will not be filled: ${missing}`);
	return missing === undefined;
}

/** Plays a scenario, and reads the ledger while it still runs. */
export async function countedRun(
	options: RunOptions,
	progress: (text: string) => void,
	meanwhile?: (session: Session) => Promise<void>,
): Promise<CountedRun> {
	let penalties: Penalties = {};
	const report = await runScenario(options, progress, {
		meanwhile,
		afterwards: async (session) => void (penalties = await penaltiesOf(session.ledger)),
	});
	return { report, penalties };
}

/** What shows that a run was disturbed: an expectation that did not hold, other scores, a host that was contained twice. */
export function differences(disturbed: CountedRun, undisturbed: CountedRun): string[] {
	return [
		...undisturbed.report.failures.map((failure) => `Undisturbed: ${failure}`),
		...disturbed.report.failures,
		...differentDetections(disturbed.report, undisturbed.report),
		...differentPenalties(disturbed.penalties, undisturbed.penalties),
		...containedTwice(disturbed.report),
	];
}

/** Takes one after the other down and brings each back. */
export async function crash({ processes }: Session, kills: readonly Kill[], progress: (text: string) => void): Promise<void> {
	for (const { process: name, afterMs, downMs } of kills) {
		await wait(afterMs);
		const victim = processes.find((process) => process.name === name);
		if (!victim) throw new Error(`Nothing here is called "${name}"`);
		progress(`Taking down: ${name}`);
		await victim.kill();
		await wait(downMs);
		await victim.start();
	}
}

/** @param names of what may be killed */
export function drawKills(names: readonly string[], count: number, random: Random): Kill[] {
	return Array.from({ length: count }, () => ({
		process: pick(random, names),
		afterMs: integer(random, 500, LONGEST_WAIT_MS),
		downMs: integer(random, 0, LONGEST_DOWN_MS),
	}));
}

async function crashRun(
	options: CrashOptions & RunOptions,
	index: number,
	undisturbed: CountedRun,
	progress: (text: string) => void,
): Promise<CrashRun> {
	const { scenario, seed, killsPerRun } = options;
	let kills: Kill[] = [];
	try {
		const disturbed = await countedRun(options, progress, async (session) => {
			kills = drawKills(session.processes.map(({ name }) => name), killsPerRun, randomFrom('crash', seed, index));
			await crash(session, kills, progress);
		});
		return { scenario, kills, failures: differences(disturbed, undisturbed) };
	} catch (error) {
		return { scenario, kills, failures: [(error as Error).message] };
	}
}

function differentDetections(disturbed: RunReport, undisturbed: RunReport): string[] {
	const { umbrella: counted = 0 } = disturbed.ledger.metrics.detections;
	const { umbrella: expected = 0 } = undisturbed.ledger.metrics.detections;
	return counted === expected ? [] : [`${counted} detections of Umbrella, ${expected} undisturbed`];
}

function differentPenalties(disturbed: Penalties, undisturbed: Penalties): string[] {
	const entities = [...new Set([...Object.keys(disturbed), ...Object.keys(undisturbed)])].sort();
	return entities
		.filter((entity) => disturbed[entity] !== undisturbed[entity])
		.map((entity) => `${entity} has ${disturbed[entity] ?? 'no'} points, ${undisturbed[entity] ?? 'none'} undisturbed`);
}

function containedTwice({ ledger }: RunReport): string[] {
	const hosts = ledger.episodes.filter(({ containedAt }) => containedAt).map(({ hostId }) => hostId);
	return hosts.filter((host, index) => hosts.indexOf(host) !== index).map((host) => `${host} was contained in two episodes`);
}

async function penaltiesOf(place: LedgerPlace): Promise<Penalties> {
	return await withLedger(place, async (ledger) => {
		const penalties: Penalties = {};
		for (let offset = 0; ; offset += PAGE) {
			const page = await penaltiesFrom(ledger, offset);
			if (page.length === 0) return penalties;
			Object.assign(penalties, Object.fromEntries(page));
		}
	});
}

async function penaltiesFrom(ledger: LedgerService, offset: number): Promise<[string, number][]> {
	const { items } = await ledger.getEntities({ limit: PAGE, offset });
	const details = await Promise.all(items.map(async (entity) => await ledger.getEntity(entity)));
	return details.flatMap((entity) =>
		entity ? [[`${entity.kind} ${entity.key}`, Math.round(entity.contributions.reduce((sum, { penalty }) => sum + penalty, 0))]] : [],
	);
}
