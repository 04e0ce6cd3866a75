import { createHash } from 'node:crypto';
import type { Detection, Observable, Severity, Target } from '../../ledger/detection';
import { inNetworks, type Network } from '../../ledger/network';
import { usableIp, usableMac, usableText, usableUser } from '../shared/identity';
import { timeMs } from '../shared/time';

export const SOURCE = 'secureNetworkAnalytics';

export interface DetectionOptions {
	/** Names of event types by id. */
	typeNames: ReadonlyMap<string, string>;
	/** Whose addresses are ours. */
	internalNetworks: readonly Network[];
	/** Keep the vendor's event in `raw`. */
	keepRaw?: boolean;
}

type Json = Record<string, unknown>;

/** The two ends of an event, as the manager names them: who did it, and to whom. */
type End = 'source' | 'target';

/**
 * One security event (`data.results[]` of `/security-events/results/{id}`) as a Detection. Takes any JSON and never
 * throws.
 *
 * - `id`: device, event id, type and start. Event ids are not unique by themselves; hit count, points and last
 *   activity of an event grow from poll to poll and are no part of it.
 * - `occurredAt`: when it was first active, which never changes.
 * - `targets`: the internal end; the source when both are. None when neither is.
 *
 * @returns `undefined` for anything without a time: it is no event.
 */
export function toDetection(event: unknown, options: DetectionOptions): Detection | undefined {
	const json = record(event);
	const { firstActiveMs, lastActiveMs } = activityOf(json);
	const occurredAtMs = firstActiveMs ?? lastActiveMs;
	if (occurredAtMs === undefined) return undefined;
	const typeId = idText(json.securityEventType) ?? 'unknown';
	const details = detailsOf(json.details);
	const own = ownEnd(json, options.internalNetworks);
	return {
		id: `${SOURCE}:${eventId(json, typeId, firstActiveMs)}`,
		source: SOURCE,
		eventType: { id: typeId, name: usableText(options.typeNames.get(typeId), 512) ?? typeId },
		categories: categoriesOf(details),
		severity: severityOf(details),
		occurredAt: new Date(occurredAtMs).toISOString(),
		observables: observablesOf(json, own),
		targets: own === undefined ? [] : targetsOf(json, own, details),
		...(options.keepRaw && { raw: json }),
	};
}

/** Detections of many events, each once, oldest first. */
export function toDetections(events: readonly unknown[], options: DetectionOptions): Detection[] {
	const byId = new Map<string, Detection>();
	for (const event of events) {
		const detection = toDetection(event, options);
		if (detection) byId.set(detection.id, detection);
	}
	return [...byId.values()].sort(byTime);
}

/** When an event began and was last seen, epoch ms. */
export function activityOf(event: unknown): { firstActiveMs?: number; lastActiveMs?: number } {
	const json = record(event);
	return { firstActiveMs: eventTimeMs(json.firstActiveTime), lastActiveMs: eventTimeMs(json.lastActiveTime) };
}

function byTime(a: Detection, b: Detection): number {
	if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? -1 : 1;
	return a.id < b.id ? -1 : 1;
}

/** The manager writes `2021-02-04T13:20:38.000+0000`. Only years that ISO 8601 writes with four digits. */
function eventTimeMs(value: unknown): number | undefined {
	const ms = typeof value === 'string' || typeof value === 'number' ? timeMs(value, 'utc') : undefined;
	return ms !== undefined && ms > 0 && ms < Date.UTC(10_000, 0, 1) ? ms : undefined;
}

/** `<device>-<event>-<type>-<start>`; a digest of what there is where one of the ids is missing. */
function eventId(json: Json, typeId: string, firstActiveMs: number | undefined): string {
	const [device, id] = [idText(json.deviceId), idText(json.id)];
	const parts = [device, id, typeId, firstActiveMs];
	if (parts.every((part) => part !== undefined)) return parts.join('-');
	const ends = (['source', 'target'] as const).map((end) => usableIp(record(json[end]).ipAddress));
	const stable = JSON.stringify([idText(json.domainId), ...parts, ...ends]);
	return `derived-${createHash('sha256').update(stable).digest('hex').slice(0, 32)}`;
}

/** An id of letters and digits, however it is written. Numbers beyond 2^53 must have stayed text on the way here. */
function idText(value: unknown): string | undefined {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
	const text = usableText(value, 64);
	return text !== undefined && /^[\w.]+$/.test(text) ? text : undefined;
}

/** `details[]` by key; empty values are left out. */
function detailsOf(value: unknown): ReadonlyMap<string, string> {
	const entries = (Array.isArray(value) ? value : []).flatMap((entry): [string, string][] => {
		const { key, value: content } = record(entry);
		const text = usableText(typeof content === 'number' ? String(content) : content, 512);
		return typeof key === 'string' && text !== undefined ? [[key.trim(), text]] : [];
	});
	return new Map(entries);
}

const ipOf = (json: Json, end: End): string | undefined => usableIp(record(json[end]).ipAddress);

/** The source is who did it: only when it is not ours can the target be meant. */
function ownEnd(json: Json, networks: readonly Network[]): End | undefined {
	return (['source', 'target'] as const).find((end) => {
		const ip = ipOf(json, end);
		return ip !== undefined && inNetworks(ip, networks);
	});
}

function targetsOf(json: Json, own: End, details: ReadonlyMap<string, string>): Target[] {
	const ip = ipOf(json, own);
	const mac = usableMac(details.get(`${own}_host@mac_address`));
	const user = usableUser(details.get(`${own}_host@username`));
	return [{ ...(mac && { mac }), ...(ip && { ip }), ...(user && { user }) }];
}

/** The addresses of the ends that are not the target's. */
function observablesOf(json: Json, own: End | undefined): Observable[] {
	const others = (['source', 'target'] as const).filter((end) => end !== own);
	const addresses = new Set(others.flatMap((end) => ipOf(json, end) ?? []));
	return [...addresses].map((value) => ({ type: 'ip', value }));
}

const CATEGORY_KEY = /^category_points@(.+)$/;

/** Alarm categories that the event gave points to, e.g. `high-recon-index`, with these points. */
function categoryPoints(details: ReadonlyMap<string, string>): [category: string, points: number][] {
	return [...details].flatMap(([key, value]): [string, number][] => {
		const category = usableText(CATEGORY_KEY.exec(key)?.[1], 256);
		const points = pointsOf(value);
		return category !== undefined && points > 0 ? [[category, points]] : [];
	});
}

function pointsOf(value: string | undefined): number {
	const points = Number(value ?? 0);
	return Number.isFinite(points) ? points : 0;
}

function categoriesOf(details: ReadonlyMap<string, string>): string[] {
	return categoryPoints(details)
		.map(([category]) => category)
		.slice(0, 64);
}

const SEVERITIES: readonly Severity[] = ['Unknown', 'Low', 'Medium', 'High', 'Critical'];

/** What an alarm category says by itself. Concern and target index say nothing: every event has them. */
const CATEGORY_SEVERITIES: readonly (readonly [RegExp, Severity])[] = [
	[/command|c&c/i, 'Critical'],
	[/exfiltration|exploitation/i, 'High'],
	[/hoarding|ddos/i, 'Medium'],
	[/recon|policy|anomaly/i, 'Low'],
];

/** The first row that the points of an event reach. */
const POINT_SEVERITIES: readonly (readonly [number, Severity])[] = [
	[100_000, 'High'],
	[10_000, 'Medium'],
	[1, 'Low'],
];

/** The manager knows points, no severity: the worse of what its categories and its points say. */
function severityOf(details: ReadonlyMap<string, string>): Severity {
	const categories = categoryPoints(details);
	const points = Math.max(pointsOf(details.get('points')), ...categories.map(([, value]) => value));
	const found = [
		...categories.map(([category]) => CATEGORY_SEVERITIES.find(([pattern]) => pattern.test(category))?.[1]),
		POINT_SEVERITIES.find(([least]) => points >= least)?.[1],
	];
	return SEVERITIES[Math.max(0, ...found.map((severity) => SEVERITIES.indexOf(severity ?? 'Unknown')))];
}

function record(value: unknown): Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
