import type { JournalEntry } from '../../../lab/machine/journal';
import { pathMatches } from '../../../lab/machine/journal';
import { itemsOf } from '../../../lab/machine/pages';
import { onWire } from '../../../lab/machine/exchange';
import type { Engine, Execution } from '../engine';
import { misdeedsOf } from '../engineScenes';
import type { Trouble } from './columns';
import type { Calls, Scene } from './scene';
import { same } from './scenes/parts';
import { shortenTimeouts } from './timeouts';

/**
 * What became of an operation in trouble; docs/reliability.md explains the words. `n/a`: it can't meet this trouble.
 */
export type Outcome = 'n/a' | 'unaffected' | 'retried' | 'recognised' | 'without' | 'twice' | 'later' | 'told';

/** What is to be asserted about one run. */
export interface Played {
	outcome: Outcome;
	/** What must be, and what is in the end. */
	wanted: unknown;
	got: unknown;
	/** Less than wanted, which the scene admits. */
	isAdmitted: boolean;
	/** How often the trouble hit one and the same call in one run, at most. */
	mostCalls: number;
	hits: number;
	/** What a person can read about it. */
	texts: string[];
	misdeeds: string[];
}

/** An undisturbed run. */
interface Baseline {
	goal: unknown;
	logsIn: boolean;
	readsList: boolean;
}

/** Rounds of the schedule in which it must be over: a clock that is ten minutes off takes eleven. */
const MAX_ROUNDS = 15;
/** What a product may still be at when the run is over. Less than it takes until the next run. */
const SETTLING_MS = 30_000;
const LOGIN = /^\/auth\/v2\/token$|^\/token\/v2\/authenticate$/;

const baselines = new Map<string, Baseline>();

/** Plays one cell of the matrix. */
export async function play(engine: Engine, scene: Scene, trouble: Trouble): Promise<Played> {
	const many = trouble.needs === 'list' || trouble.needs === 'token';
	const baseline = await baselineOf(engine, scene, many);
	if (!meets(scene, baseline, trouble)) return notApplicable(baseline);
	await engine.reset();
	await scene.prepare(engine);
	const calls = scene.calls(engine);
	const restore = trouble.fault.kind === 'timeout' ? shortenTimeouts((method, url) => isOf(calls, method, url.pathname)) : undefined;
	try {
		return await disturbed({ engine, scene, trouble, calls, baseline, many });
	} finally {
		restore?.();
		engine.lab.lab.clearFaults();
	}
}

interface Cell {
	engine: Engine;
	scene: Scene;
	trouble: Trouble;
	calls: Calls;
	baseline: Baseline;
	many: boolean;
}

async function disturbed({ engine, scene, trouble, calls, baseline, many }: Cell): Promise<Played> {
	const since = engine.journal().at(-1)?.seq ?? 0;
	const isStanding = trouble.lasts === 'standing' && trouble.needs !== 'list';
	const perCall = isStanding ? {} : calls;
	const fault = engine.lab.lab.addFault({ vendor: scene.vendor, ...trouble.fault, ...perCall });
	await scene.happen(engine, many);
	const rounds: JournalEntry[][] = [];
	const executions: Execution[] = [];
	const texts: string[] = [];
	const round = async (run: Scene['act']) => {
		const before = engine.journal().at(-1)?.seq ?? 0;
		executions.push(...(await run(engine)));
		rounds.push(engine.journal({ since: before, limit: 10_000 }));
		texts.push(...((await scene.told?.(engine)) ?? []));
	};
	const isOver = async () => same(await scene.goal(engine), baseline.goal);
	await round(scene.act);
	let atOnce = await isOver();
	if (!atOnce) {
		engine.time.advance(SETTLING_MS);
		atOnce = await isOver();
	}
	const nextRound = async () => {
		engine.time.advance(scene.next.everyMs);
		await round(scene.next.run);
	};
	if (!atOnce && trouble.lasts === 'outage' && scene.next.by === 'itself') await nextRound();
	if (trouble.lasts !== 'standing') engine.lab.lab.clearFaults();
	const isGood = async () => (await isOver()) || (count > 0 && (await scene.admits?.(engine, baseline.goal)) === true);
	let count = 0;
	for (; count < MAX_ROUNDS && !(await isGood()); count++) await nextRound();
	// Nothing comes a second time afterwards.
	if (scene.next.by === 'itself') await nextRound();
	const journal = engine.journal({ since, limit: 10_000 });
	const got = await scene.goal(engine);
	const isAdmitted = !same(got, baseline.goal) && (await scene.admits?.(engine, baseline.goal)) === true;
	const inTheEnd = isAdmitted ? (scene.comesTwice ? 'twice' : 'without') : scene.next.by === 'itself' ? 'later' : 'told';
	const failed = scene.next.by === 'person' && executions.some(({ error }) => error);
	return {
		outcome: failed ? 'told' : atOnce && !isAdmitted ? outcomeAtOnce(trouble, rounds[0]) : inTheEnd,
		wanted: baseline.goal,
		got,
		isAdmitted,
		mostCalls: Math.max(...rounds.map(mostHits)),
		hits: isStanding ? 1 : journal.filter((entry) => entry.fault === fault.kind).length,
		texts: [...texts, ...executions.flatMap(({ error }) => (error ? [errorText(error)] : []))],
		misdeeds: misdeedsOf(engine),
	};
}

function outcomeAtOnce({ lasts, fault }: Trouble, round: JournalEntry[]): Outcome {
	if (lasts === 'standing') return 'unaffected';
	const hit = round.filter((entry) => entry.fault !== undefined);
	const repeated = hit.every((entry) => round.some((other) => other.seq > entry.seq && isGood(other) && sameCall(other, entry)));
	if (repeated || fault.kind === 'expireTokens') return 'retried';
	const carriedOut = fault.afterHandling === true || fault.kind === 'truncate';
	return carriedOut && hit.every(({ method }) => method !== 'GET') ? 'recognised' : 'without';
}

const isGood = ({ status, fault }: JournalEntry) => fault === undefined && status !== null && status < 400;
const callOf = ({ method, path }: JournalEntry) => `${method} ${path.split('?')[0]}`;
const sameCall = (one: JournalEntry, other: JournalEntry) => callOf(one) === callOf(other);

function mostHits(round: JournalEntry[]): number {
	const counts = new Map<string, number>();
	for (const entry of round.filter(({ fault }) => fault !== undefined))
		counts.set(callOf(entry), (counts.get(callOf(entry)) ?? 0) + 1);
	return Math.max(0, ...counts.values());
}

function errorText(error: Error & { description?: string | null }): string {
	return [error.message, error.description].filter(Boolean).join(' ');
}

const isOf = (calls: Calls, method: string, path: string) =>
	pathMatches(calls.path, path) && (calls.method === undefined || calls.method === method);

const notApplicable = ({ goal }: Baseline): Played => ({ outcome: 'n/a', wanted: goal, got: goal, isAdmitted: false, mostCalls: 0, hits: 1, texts: [], misdeeds: [] });

/** The rules for what can't happen to an operation. */
function meets(scene: Scene, { logsIn, readsList }: Baseline, { needs }: Trouble): boolean {
	if (needs === 'token') return logsIn;
	if (needs === 'list') return readsList;
	return needs !== 'detections' || scene.readsDetections === true;
}

async function baselineOf(engine: Engine, scene: Scene, many: boolean): Promise<Baseline> {
	const key = `${scene.title} ${many}`;
	const known = baselines.get(key);
	if (known) return known;
	await engine.reset();
	await scene.prepare(engine);
	await scene.happen(engine, many);
	const lists = watchLists(engine, scene);
	const runs = await scene.act(engine);
	lists.stop();
	const failed = runs.find(({ error }) => error);
	if (failed) throw new Error(`${scene.title} fails undisturbed: ${failed.error?.message}`);
	const baseline = {
		goal: await scene.goal(engine),
		logsIn: engine.journal({ vendor: scene.vendor }).some(({ path }) => LOGIN.test(path.split('?')[0])),
		readsList: lists.found(),
	};
	baselines.set(key, baseline);
	return baseline;
}

/** Whether the vendor answers one of the operation's calls with a list of several things. */
function watchLists(engine: Engine, scene: Scene): { found(): boolean; stop(): void } {
	const vendor = engine.lab.lab.vendors.find(({ name }) => name === scene.vendor);
	if (!vendor) throw new Error(`The lab plays no ${scene.vendor}`);
	const { handle } = vendor;
	const calls = scene.calls(engine);
	let found = false;
	vendor.handle = async (request) => {
		const answer = await handle.call(vendor, request);
		const items = isOf(calls, request.method, request.url.pathname) ? itemsOf(onWire(answer).body.toString()) : undefined;
		found ||= (items?.length ?? 0) > 1;
		return answer;
	};
	return { found: () => found, stop: () => void (vendor.handle = handle) };
}
