import type { Detection, Observable, Severity, Target } from './detection';
import { canonicalMac } from './entity';
import { canonicalIp } from './network';
import { iso } from './time';
import { wellFormed } from './wellFormed';

export type ParsedDetection =
	| { ok: true; detection: Detection; occurredAtMs: number }
	| { ok: false; id?: string; error: string; field: string };

const MAX_BYTES = 256 * 1024;
const MAX_FUTURE_MS = 5 * 60_000;
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const SEVERITIES: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical', 'Unknown'];
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const SOURCE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

class Invalid extends Error {
	constructor(
		readonly field: string,
		readonly problem: string,
	) {
		super(problem);
	}
}

type Json = Record<string, unknown>;

/**
 * Checks untrusted JSON and gives a Detection with canonical MACs, addresses and times. Never throws: the first
 * problem comes back with the field it is in, e.g. `targets[0].mac`. Fields it does not know are dropped.
 *
 * @param nowMs A detection more than 5 minutes after this is refused; a vendor's clock may be a little ahead.
 */
export function parseDetection(value: unknown, nowMs: number, keepRaw = false): ParsedDetection {
	let id: string | undefined;
	try {
		const json = object(value, 'detection');
		id = text(json.id, 'id', 512);
		const occurredAtMs = time(json.occurredAt, nowMs);
		const detection: Detection = {
			id,
			source: source(json.source),
			eventType: eventType(json.eventType),
			categories: list(json.categories ?? [], 'categories', 64, (item, field) => text(item, field, 256)),
			severity: severity(json.severity),
			occurredAt: iso(occurredAtMs),
			...targets(json.targets, list(json.observables ?? [], 'observables', 256, observable)),
		};
		if (json.link !== undefined && json.link !== null && json.link !== '') detection.link = link(json.link);
		if (roughSize(detection) > MAX_BYTES) throw new Invalid('detection', `is larger than ${MAX_BYTES / 1024} KB without raw`);
		if (keepRaw && json.raw !== undefined && json.raw !== null) detection.raw = raw(json.raw);
		return { ok: true, detection, occurredAtMs };
	} catch (error) {
		if (error instanceof Invalid) {
			return { ok: false, ...(id !== undefined && { id }), error: `${error.field} ${error.problem}`, field: error.field };
		}
		return { ok: false, ...(id !== undefined && { id }), error: 'detection cannot be read', field: 'detection' };
	}
}

function object(value: unknown, field: string): Json {
	if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Invalid(field, 'must be an object');
	return value as Json;
}

function text(value: unknown, field: string, max: number): string {
	if (typeof value !== 'string') throw new Invalid(field, value === undefined ? 'is missing' : 'must be a string');
	const bare = wellFormed(value.trim());
	if (bare === '') throw new Invalid(field, 'must not be empty');
	if (bare.length > max) throw new Invalid(field, `must not be longer than ${max} characters`);
	if (CONTROL.test(bare)) throw new Invalid(field, 'must not contain control characters');
	return bare;
}

function source(value: unknown): string {
	const name = text(value, 'source', 64);
	if (!SOURCE.test(name)) {
		throw new Invalid('source', 'must start with a letter or digit and hold only letters, digits and _ . : -');
	}
	return name;
}

function eventType(value: unknown): Detection['eventType'] {
	const json = object(value, 'eventType');
	const id = typeof json.id === 'number' && Number.isSafeInteger(json.id) ? String(json.id) : json.id;
	return { id: text(id, 'eventType.id', 256), name: text(json.name ?? id, 'eventType.name', 512) };
}

function severity(value: unknown): Severity {
	if (value === undefined || value === null) return 'Unknown';
	if (!SEVERITIES.includes(value as Severity)) throw new Invalid('severity', `must be one of ${SEVERITIES.join(', ')}`);
	return value as Severity;
}

function time(value: unknown, nowMs: number): number {
	const iso = text(value, 'occurredAt', 40);
	const ms = ISO_TIME.test(iso) ? Date.parse(iso) : NaN;
	if (Number.isNaN(ms)) throw new Invalid('occurredAt', 'must be an ISO 8601 time with a zone, e.g. 2026-01-31T12:00:00.000Z');
	if (ms < EARLIEST_MS) throw new Invalid('occurredAt', 'is before the year 2000');
	if (ms > nowMs + MAX_FUTURE_MS) throw new Invalid('occurredAt', 'is more than 5 minutes in the future');
	return ms;
}

function list<T>(value: unknown, field: string, max: number, item: (value: unknown, field: string) => T): T[] {
	if (!Array.isArray(value)) throw new Invalid(field, value === undefined ? 'is missing' : 'must be a list');
	if (value.length > max) throw new Invalid(field, `must not have more than ${max} elements`);
	const out: T[] = [];
	for (let i = 0; i < value.length; i++) out.push(item(value[i], `${field}[${i}]`));
	return out;
}

function observable(value: unknown, field: string): Observable {
	const json = object(value, field);
	return { type: text(json.type, `${field}.type`, 64), value: text(json.value, `${field}.value`, 4096) };
}

/** An address that can't be read. */
interface Unreadable extends Observable {
	field: string;
	problem: string;
}

/**
 * The targets that name something. An address that can't be read, e.g. an EUI-64, stays visible as an observable: it must
 * not cost a detection whose other identities are good.
 */
function targets(value: unknown, observables: Observable[]): Pick<Detection, 'observables' | 'targets'> {
	const unreadable: Unreadable[] = [];
	const named = list(value, 'targets', 256, (item, field) => target(item, field, unreadable)).filter((item) => Object.keys(item).length > 0);
	if (named.length === 0 && unreadable.length > 0) throw new Invalid(unreadable[0].field, unreadable[0].problem);
	return { observables: [...observables, ...unreadable.map(({ type, value: text }) => ({ type, value: text }))], targets: named };
}

/** A vendor that does not know a value may send an empty string or a word for it: both are left to the identity rules. */
function target(value: unknown, field: string, unreadable: Unreadable[]): Target {
	const json = object(value, field);
	const out: Target = {};
	for (const name of TARGET_FIELDS) {
		const given = json[name];
		if (given === undefined || given === null || given === '') continue;
		if (typeof given === 'string' && given.trim() === '') continue;
		const bare = text(given, `${field}.${name}`, 256);
		const known = name === 'mac' ? canonicalMac(bare) : name === 'ip' ? canonicalIp(bare) : bare;
		if (known !== undefined) out[name] = known;
		else if (!NO_ADDRESS.has(bare.toLowerCase())) unreadable.push({ ...UNREADABLE[name as 'mac' | 'ip'], value: bare, field: `${field}.${name}` });
	}
	return out;
}

const TARGET_FIELDS = ['mac', 'ip', 'hostname', 'user', 'connectorGuid', 'endpointProfile', 'identityGroup'] as const;
const NO_ADDRESS = new Set(['unknown', 'n/a', 'na', 'none', 'null', '-', 'undefined', 'not available']);
const UNREADABLE = {
	mac: { type: 'mac_address', problem: 'is not a MAC address' },
	ip: { type: 'ip', problem: 'is not an IP address' },
};

function link(value: unknown): string {
	const url = text(value, 'link', 4096);
	if (!/^https?:\/\//i.test(url)) throw new Invalid('link', 'must be an http or https address');
	return url;
}

function raw(value: unknown): object {
	const json = object(value, 'raw');
	let size: number;
	try {
		size = JSON.stringify(json).length;
	} catch {
		throw new Invalid('raw', 'must be plain JSON');
	}
	if (size > 4 * MAX_BYTES) throw new Invalid('raw', `is larger than ${(4 * MAX_BYTES) / 1024} KB`);
	return json;
}

/** Characters held; cheaper than serialising, and exact enough for a cap. */
function roughSize(detection: Detection): number {
	let size = 0;
	for (const { type, value } of detection.observables) size += type.length + value.length + 24;
	for (const category of detection.categories) size += category.length + 3;
	for (const item of detection.targets) for (const value of Object.values(item)) size += (value as string).length + 16;
	return size;
}
