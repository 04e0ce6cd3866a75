import { createHash } from 'node:crypto';
import type { Detection, Observable, Severity, Target } from '../../ledger/detection';
import { wireTimeMs } from '../../ledger/time';
import { usableHostname, usableIp, usableMac, usableText, usableUser } from '../shared/identity';

export interface DetectionOptions {
	/** `https://console…` for links into the console; no links without it. */
	consoleUrl?: string;
	/** Keep the vendor's event in `raw`. */
	keepRaw?: boolean;
}

type Json = Record<string, unknown>;

const SOURCE = 'secureEndpoint';
const SEVERITIES: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical'];
const HASH_LENGTHS = { sha256: 64, sha1: 40, md5: 32 } as const;
const MAX_TARGETS = 256;
const PATH_SAFE = /^[\w-]+$/;

/**
 * One event of `GET /v1/events`, an event stream or a trajectory as a Detection, with one target per network card.
 * Takes any JSON and never throws.
 *
 * The id is the event's own id. Where that is missing, or was rounded by a JSON parser, it is derived from connector,
 * time, event type and file, which are the same at every poll.
 *
 * @returns empty for anything without a time: it is no event
 */
export function toDetections(event: unknown, options: DetectionOptions = {}): Detection[] {
	const json = record(event);
	const occurredAt = timeOf(json);
	if (occurredAt === undefined) return [];
	const eventId = exactId(json.id);
	const typeName = usableText(json.event_type, 512);
	const typeId = exactId(json.event_type_id) ?? usableText(typeName, 256);
	const link = consoleLink(json, eventId, options.consoleUrl);
	return [
		{
			id: `${SOURCE}:${eventId ?? derivedId(json, occurredAt)}`,
			source: SOURCE,
			eventType: { id: typeId ?? 'unknown', name: typeName ?? typeId ?? 'Unknown' },
			categories: categoriesOf(json),
			severity: severityOf(json.severity),
			occurredAt,
			observables: observablesOf(json),
			targets: targetsOf(json),
			...(link !== undefined && { link }),
			...(options.keepRaw && { raw: json }),
		},
	];
}

/** Epoch ms of an event; `undefined` when it has no time. */
export function eventTimeMs(event: unknown): number | undefined {
	const json = record(event);
	return (
		epochMs(json.timestamp, json.timestamp_nanoseconds) ??
		dateMs(json.date) ??
		epochMs(json.start_timestamp, undefined) ??
		dateMs(json.start_date)
	);
}

function timeOf(json: Json): string | undefined {
	const ms = eventTimeMs(json);
	return ms === undefined ? undefined : new Date(ms).toISOString();
}

function epochMs(seconds: unknown, nanoseconds: unknown): number | undefined {
	const whole = numberOf(seconds);
	if (whole === undefined || whole <= 0) return undefined;
	const rest = Math.floor((numberOf(nanoseconds) ?? 0) / 1_000_000);
	return validTime(Math.floor(whole * 1_000) + (rest >= 0 && rest < 1_000 ? rest : 0));
}

function dateMs(text: unknown): number | undefined {
	return validTime(wireTimeMs(text) ?? NaN);
}

/** Years that ISO 8601 writes with four digits. */
function validTime(ms: number): number | undefined {
	return ms > 0 && ms < Date.UTC(10_000, 0, 1) ? ms : undefined;
}

function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** An id with all its digits. Ids beyond 2^53 must have stayed text on the way here. */
function exactId(value: unknown): string | undefined {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
	return usableText(value, 128);
}

function derivedId(json: Json, occurredAt: string): string {
	const parts = [
		connectorGuid(json),
		occurredAt,
		numberOf(json.timestamp_nanoseconds),
		exactId(json.event_type_id) ?? usableText(json.event_type, 512),
		hash(record(record(json.file).identity).sha256, HASH_LENGTHS.sha256),
	];
	return `derived-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}

function severityOf(value: unknown): Severity {
	const wanted = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return SEVERITIES.find((severity) => severity.toLowerCase() === wanted) ?? 'Unknown';
}

/** Names that rules can match: detection, indicator, MITRE ATT&CK tactics and techniques. */
function categoriesOf(json: Json): string[] {
	const names = [
		json.detection,
		record(json.cloud_ioc).short_description,
		...list(json.tactics).map(attackId),
		...list(json.techniques).map(attackId),
	];
	return unique(names.flatMap((name) => usableText(name, 256) ?? [])).slice(0, 64);
}

/** Plain in events (`"TA0005"`), an object in indicators. */
function attackId(value: unknown): unknown {
	return typeof value === 'string' ? value : record(value).external_id;
}

function observablesOf(json: Json): Observable[] {
	const file = record(json.file);
	const network = record(json.network_info);
	const found: [type: string, value: string | undefined][] = [
		...Object.entries(HASH_LENGTHS).map(([type, length]): [string, string | undefined] => [
			type,
			hash(record(file.identity)[type], length),
		]),
		['file_name', usableText(file.file_name, 4096)],
		['file_path', usableText(file.file_path, 4096)],
		['url', usableText(network.dirty_url, 4096)],
		['domain', domainOf(network.dirty_url)],
		['ip', usableIp(network.remote_ip)],
	];
	return found.flatMap(([type, value]) => (value === undefined ? [] : [{ type, value }]));
}

function hash(value: unknown, length: number): string | undefined {
	const text = usableText(value, 128)?.toLowerCase();
	return text?.length === length && /^[0-9a-f]+$/.test(text) ? text : undefined;
}

function domainOf(url: unknown): string | undefined {
	const text = usableText(url, 4096);
	if (text === undefined || !URL.canParse(text)) return undefined;
	const host = usableHostname(new URL(text).hostname);
	return host === undefined || host.startsWith('[') || /^[\d.]+$/.test(host) ? undefined : host;
}

/** One target per network card; one without addresses when no card is known. */
function targetsOf(json: Json): Target[] {
	const computer = record(json.computer);
	const host = withoutGaps({
		hostname: usableHostname(computer.hostname),
		user: usableUser(computer.user),
		connectorGuid: connectorGuid(json),
	});
	const cards = networkCards(computer);
	if (cards.length > 0) return cards.slice(0, MAX_TARGETS).map((card) => ({ ...card, ...host }));
	const alone = withoutGaps({ ip: usableIp(record(json.network_info).local_ip), ...host });
	return Object.keys(alone).length > 0 ? [alone] : [];
}

/** Addresses of a computer's network cards, canonical, without doubles and placeholders. */
export function networkCards(computer: unknown): Pick<Target, 'mac' | 'ip'>[] {
	const cards = list(record(computer).network_addresses).map((entry) =>
		withoutGaps({ mac: usableMac(record(entry).mac), ip: usableIp(record(entry).ip) }),
	);
	const known = cards.filter((card) => Object.keys(card).length > 0);
	return [...new Map(known.map((card) => [JSON.stringify(card), card])).values()];
}

function connectorGuid(json: Json): string | undefined {
	const guid = usableText(json.connector_guid, 128) ?? usableText(record(json.computer).connector_guid, 128);
	return guid?.toLowerCase();
}

/** Console pages as Cisco documents them for pivoting: the device trajectory, else the file trajectory. */
function consoleLink(
	json: Json,
	eventId: string | undefined,
	consoleUrl: string | undefined,
): string | undefined {
	if (!consoleUrl) return undefined;
	const guid = connectorGuid(json);
	const sha256 = hash(record(record(json.file).identity).sha256, HASH_LENGTHS.sha256);
	if (guid === undefined || !PATH_SAFE.test(guid)) return sha256 && `${consoleUrl}/file/trajectory/${sha256}`;
	const query = eventId !== undefined && PATH_SAFE.test(eventId) ? `?id=${eventId}` : '';
	return `${consoleUrl}/computers/${guid}/trajectory2${query}`;
}

function record(value: unknown): Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const unique = (texts: string[]): string[] => [...new Set(texts)];

/** The fields that have a value. */
function withoutGaps<T extends object>(fields: T): T {
	const known = {} as T;
	for (const name of Object.keys(fields) as (keyof T)[]) if (fields[name] !== undefined) known[name] = fields[name];
	return known;
}
