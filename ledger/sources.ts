import type { AlarmMessage, SourceState } from './api';
import { report, type Finding } from './alarms';
import type { Change } from './change';
import { LedgerError } from './errors';
import type { SourceSettings } from './service';
import type { CursorRow, LedgerHead, ReadTransaction, SourceRow } from './store/store';
import { iso } from './time';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** History that the rhythm is learned from: four weeks hold four weekends. */
const HISTORY_MS = 28 * DAY_MS;
/** Shorter pauses are not looked at. */
const PAUSE_MS = 15 * MINUTE_MS;
/** Less history than this tells no rhythm. A week holds a weekend. */
const LEARNING_SPAN_MS = 7 * DAY_MS;
const LEARNING_DAYS = 5;
const QUANTILE = 0.9;
const MARGIN = 1.5;
const MAX_ERROR_LENGTH = 500;

/** Everything that one source is judged by. */
export interface SourceFacts {
	source: string;
	cursor?: Pick<CursorRow, 'lastPollMs'>;
	row?: SourceRow;
	lastEventMs?: number;
	usualSilenceMs?: number;
}

/**
 * The silence that is usual for a source: of the longest pause of each active day, the one that nine of ten days do not
 * exceed. Days without any event belong to the pause that spans them, so weekends count, and one outage does not.
 *
 * @param stepsMs times of events, oldest first; every pause that matters lies between two of them
 * @returns milliseconds; `undefined` for less than a week or five active days of history
 */
export function usualSilence(stepsMs: readonly number[]): number | undefined {
	if (stepsMs.length === 0 || stepsMs[stepsMs.length - 1] - stepsMs[0] < LEARNING_SPAN_MS) return undefined;
	const longest = new Map<number, number>();
	for (let i = 0; i < stepsMs.length; i++) {
		const day = Math.floor(stepsMs[i] / DAY_MS);
		const pauseMs = i === 0 ? 0 : stepsMs[i] - stepsMs[i - 1];
		longest.set(day, Math.max(longest.get(day) ?? 0, pauseMs));
	}
	if (longest.size < LEARNING_DAYS) return undefined;
	const pauses = [...longest.values()].sort((a, b) => a - b);
	return pauses[Math.ceil(QUANTILE * pauses.length) - 1];
}

/** What a source may be silent for: half as much again as usual, and never less than the floor. */
export function allowedSilenceMs(usualSilenceMs: number, floorMinutes: number): number {
	return Math.max(floorMinutes * MINUTE_MS, usualSilenceMs * MARGIN);
}

/** How a source is doing. Failing comes first: whoever cannot be read is silent, too. */
export function judge(facts: SourceFacts, settings: SourceSettings, nowMs: number): SourceState {
	const { source, cursor, row, lastEventMs, usualSilenceMs } = facts;
	const failures = failuresSince(row, cursor?.lastPollMs);
	const polls = [cursor?.lastPollMs, row?.lastFailureMs].filter((ms) => ms !== undefined);
	return {
		source,
		...healthOf(facts, failures, settings, nowMs),
		...(polls.length > 0 && { lastPollAt: iso(Math.max(...polls)) }),
		...(cursor && { lastSuccessAt: iso(cursor.lastPollMs) }),
		...(row?.lastFailureMs !== undefined && { lastFailureAt: iso(row.lastFailureMs) }),
		failures,
		...(failures > 0 && row?.lastError !== undefined && { lastError: row.lastError }),
		...(lastEventMs !== undefined && { lastEventAt: iso(lastEventMs) }),
		...(usualSilenceMs !== undefined && { usualSilenceSeconds: Math.round(usualSilenceMs / 1000) }),
	};
}

function healthOf(
	{ source, cursor, row, lastEventMs, usualSilenceMs }: SourceFacts,
	failures: number,
	settings: SourceSettings,
	nowMs: number,
): Pick<SourceState, 'health' | 'reason'> {
	if (failures >= settings.failures) {
		return { health: 'failing', reason: `The last ${failures} polls of ${source} failed: ${row?.lastError ?? 'no reason was given'}` };
	}
	if (cursor && nowMs - cursor.lastPollMs > settings.pollGapMinutes * MINUTE_MS) {
		const because = failures > 0 && row?.lastError !== undefined ? `; the last error was: ${row.lastError}` : '';
		return { health: 'failing', reason: `${source} was not read for ${spoken(nowMs - cursor.lastPollMs)}${because}` };
	}
	if (lastEventMs === undefined || usualSilenceMs === undefined) return { health: 'learning' };
	if (nowMs - lastEventMs <= allowedSilenceMs(usualSilenceMs, settings.silenceFloorMinutes)) return { health: 'ok' };
	const usual = usualSilenceMs < PAUSE_MS ? 'pauses are usually shorter than 15 minutes' : `pauses are usually up to ${spoken(usualSilenceMs)} long`;
	return { health: 'silent', reason: `${source} has reported nothing for ${spoken(nowMs - lastEventMs)}; its ${usual}` };
}

/** Failures count from the last poll that went well. */
function failuresSince(row: SourceRow | undefined, lastSuccessMs: number | undefined): number {
	if (row?.lastFailureMs === undefined) return 0;
	return lastSuccessMs !== undefined && lastSuccessMs >= row.lastFailureMs ? 0 : row.failures;
}

function spoken(ms: number): string {
	const minutes = Math.round(ms / MINUTE_MS);
	if (minutes < 120) return `${minutes} minutes`;
	const hours = Math.round(minutes / 60);
	return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

/** The facts of every source that was ever polled or reported anything. */
export async function loadFacts(tx: ReadTransaction, head: LedgerHead, nowMs: number): Promise<SourceFacts[]> {
	const cursors = new Map((await tx.cursors()).map((cursor) => [cursor.source, cursor]));
	const rows = new Map((await tx.sources()).map((row) => [row.source, row]));
	const counted = Object.keys(head.counters).filter((name) => name.startsWith('detections.')).map((name) => name.slice('detections.'.length));
	const sources = [...new Set([...cursors.keys(), ...rows.keys(), ...counted])].sort();
	const activity = await tx.sourceActivity({ sources, fromMs: nowMs - HISTORY_MS, toMs: nowMs, pauseMs: PAUSE_MS });
	const steps = new Map(activity.map(({ source, stepsMs }) => [source, stepsMs]));
	return sources.map((source) => factsOf(source, cursors.get(source), rows.get(source), steps.get(source) ?? []));
}

/** What was learned before outlives the detections, so that a source that stays silent does not become unknown. */
function factsOf(source: string, cursor: CursorRow | undefined, row: SourceRow | undefined, stepsMs: readonly number[]): SourceFacts {
	const lastEventMs = stepsMs[stepsMs.length - 1] ?? row?.lastEventMs;
	const usualSilenceMs = usualSilence(stepsMs) ?? row?.usualSilenceMs;
	return {
		source,
		...(cursor && { cursor }),
		...(row && { row }),
		...(lastEventMs !== undefined && { lastEventMs }),
		...(usualSilenceMs !== undefined && { usualSilenceMs }),
	};
}

/** Judges every source and keeps its alarm: one from the first sign of trouble until it is well again. */
export async function checkSources(change: Change, settings: SourceSettings): Promise<{ sources: SourceState[]; messages: AlarmMessage[] }> {
	const facts = await loadFacts(change.tx, change.head, change.nowMs);
	await change.tx.saveSources(facts.filter(isLearned).map(toRow));
	const sources = facts.map((one) => judge(one, settings, change.nowMs));
	const watched = sources.filter(({ source }) => !settings.ignore.includes(source));
	return { sources, messages: await report(change, 'source:', watched.flatMap(findingOf)) };
}

function isLearned({ row, lastEventMs, usualSilenceMs }: SourceFacts): boolean {
	return row?.lastEventMs !== lastEventMs || row?.usualSilenceMs !== usualSilenceMs;
}

function toRow({ source, row, lastEventMs, usualSilenceMs }: SourceFacts): SourceRow {
	return {
		...(row ?? { source, failures: 0 }),
		...(lastEventMs !== undefined && { lastEventMs }),
		...(usualSilenceMs !== undefined && { usualSilenceMs }),
	};
}

function findingOf({ source, health, reason, lastSuccessAt, lastEventAt }: SourceState): Finding[] {
	if (health !== 'failing' && health !== 'silent') return [];
	return [
		{
			key: `source:${source}`,
			kind: 'source',
			subject: source,
			title: health === 'failing' ? `Source ${source} cannot be read` : `Source ${source} is silent`,
			text: reason as string,
			facts: {
				...(lastSuccessAt !== undefined && { 'Last read': lastSuccessAt }),
				...(lastEventAt !== undefined && { 'Last event': lastEventAt }),
			},
		},
	];
}

/** A poll of a source failed: it is over. The cursor stays where it is. */
export async function recordFailure(change: Change, given: string, error: string): Promise<SourceRow> {
	const source = given.trim();
	if (source === '') throw new LedgerError('invalidValue', 'The source must not be empty');
	const row = (await change.tx.sources()).find((known) => known.source === source);
	const failures = failuresSince(row, (await change.tx.cursor(source))?.lastPollMs) + 1;
	const lastError = error.trim().slice(0, MAX_ERROR_LENGTH) || 'No reason was given';
	const next = { ...row, source, failures, lastFailureMs: change.nowMs, lastError, lease: undefined };
	await change.tx.saveSources([next]);
	if (failures === 1) change.audit('source.failed', `source:${source}`, { error: lastError });
	return next;
}
