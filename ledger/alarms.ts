import type { Alarm, AlarmKind, AlarmMessage } from './api';
import type { Change } from './change';
import type { AlarmRow } from './store/store';
import { iso } from './time';

/** Something that is wrong right now. */
export interface Finding {
	/** What it is about; the same thing has the same key in every run. */
	key: string;
	kind: AlarmKind;
	subject: string;
	title: string;
	text: string;
	facts: Record<string, string>;
}

/** Whoever takes a message has so long to send it; then the next run offers it again. */
const LEASE_MS = 4 * 60_000;
/** More changes than this in one run share a message: a restored backup must not flood a room. */
const MAX_SINGLE = 10;
const MAX_NAMED = 30;

/**
 * Brings the alarms whose key starts with `scope` in line with what is wrong now, and leases to the caller what people
 * have not been told yet. It is one transaction, so of two processes that look at the same time one gets the message.
 *
 * @param findings everything that is wrong within the scope; what is missing is over
 * @returns messages to send now; say so with `confirmAlarms`, else they come again after some minutes
 */
export async function report(change: Change, scope: string, findings: readonly Finding[]): Promise<AlarmMessage[]> {
	const known = (await change.tx.alarms()).filter(({ key }) => key.startsWith(scope));
	const found = new Map(findings.map((finding) => [finding.key, finding]));
	const rows = [
		...findings.filter(({ key }) => !known.some((row) => row.key === key)).map((finding) => raise(change, finding)),
		...known.map((row) => (found.has(row.key) ? goesOn(change, row, found.get(row.key) as Finding) : clear(change, row))),
	];
	const gone = rows.filter(isSettled);
	const kept = rows.filter((row) => !isSettled(row));
	const due = kept.filter((row) => row.told === isOver(row) && row.leaseMs <= change.nowMs);
	for (const row of due) row.leaseMs = change.nowMs + LEASE_MS;
	if (gone.length > 0) await change.tx.deleteAlarms(gone.map(({ key }) => key));
	if (kept.length > 0) await change.tx.saveAlarms(kept);
	return [...messages(due.filter((row) => !isOver(row)), 'raised'), ...messages(due.filter(isOver), 'cleared')];
}

function raise(change: Change, finding: Finding): AlarmRow {
	change.audit('alarm.raised', `alarm:${finding.key}`, { title: finding.title, text: finding.text });
	return { ...finding, openedMs: change.nowMs, told: false, leaseMs: 0 };
}

/** What came back before people heard that it was over has never been away. */
function goesOn(change: Change, row: AlarmRow, finding: Finding): AlarmRow {
	const { clearedMs, ...open } = { ...row, ...finding };
	if (clearedMs === undefined) return open;
	change.audit('alarm.raised', `alarm:${row.key}`, { title: finding.title, text: finding.text });
	return { ...open, openedMs: change.nowMs, leaseMs: row.leaseMs > change.nowMs ? row.leaseMs : 0 };
}

/** A message that somebody took may be out already: then its end is told, too. */
function clear(change: Change, row: AlarmRow): AlarmRow {
	if (isOver(row)) return row;
	change.audit('alarm.cleared', `alarm:${row.key}`, { title: row.title, openedAt: iso(row.openedMs) });
	return { ...row, clearedMs: change.nowMs, told: row.told || row.leaseMs > 0, leaseMs: 0 };
}

function isOver({ clearedMs }: AlarmRow): boolean {
	return clearedMs !== undefined;
}

/** Over, and nobody ever heard of it. */
function isSettled(row: AlarmRow): boolean {
	return isOver(row) && !row.told;
}

function messages(rows: readonly AlarmRow[], event: AlarmMessage['event']): AlarmMessage[] {
	if (rows.length === 0) return [];
	const single = rows.slice(0, rows.length > MAX_SINGLE ? MAX_SINGLE - 1 : MAX_SINGLE);
	const rest = rows.slice(single.length);
	return [...single.map((row) => messageOf(row, event)), ...(rest.length > 0 ? [summaryOf(rest, event)] : [])];
}

function messageOf({ key, title, text, facts, openedMs }: AlarmRow, event: AlarmMessage['event']): AlarmMessage {
	const over = event === 'cleared';
	return {
		event,
		alarmKeys: [key],
		title: over ? `Over: ${title}` : title,
		text: over ? `This is over. It was: ${text}` : text,
		facts,
		since: iso(openedMs),
	};
}

function summaryOf(rows: readonly AlarmRow[], event: AlarmMessage['event']): AlarmMessage {
	const named = rows.slice(0, MAX_NAMED).map(({ title }) => `- ${title}`);
	const more = rows.length > MAX_NAMED ? [`… and ${rows.length - MAX_NAMED} more: see Alarm: Get Many`] : [];
	return {
		event,
		alarmKeys: rows.map(({ key }) => key),
		title: event === 'raised' ? `${rows.length} more alarms` : `${rows.length} more alarms are over`,
		text: [...named, ...more].join('\n'),
		facts: {},
		since: iso(Math.min(...rows.map(({ openedMs }) => openedMs))),
	};
}

/**
 * People were told. An alarm that changed while its message was under way is told again by the next run.
 *
 * @returns how many of these alarms exist
 */
export async function confirm(change: Change, keys: readonly string[], event: AlarmMessage['event']): Promise<number> {
	const rows = (await change.tx.alarms()).filter(({ key }) => keys.includes(key));
	const told = rows.map((row) => ({ ...row, told: event === 'raised', leaseMs: 0 }));
	const gone = told.filter(isSettled).map(({ key }) => key);
	if (gone.length > 0) await change.tx.deleteAlarms(gone);
	await change.tx.saveAlarms(told.filter((row) => !isSettled(row)));
	for (const { key } of rows) change.audit('alarm.told', `alarm:${key}`, { event });
	return rows.length;
}

/** An alarm as callers see it. */
export function toAlarm({ key, kind, subject, title, text, facts, openedMs, clearedMs, told }: AlarmRow): Alarm {
	return {
		key, kind, subject, title, text, facts,
		openedAt: iso(openedMs),
		...(clearedMs !== undefined && { clearedAt: iso(clearedMs) }),
		told,
	};
}
