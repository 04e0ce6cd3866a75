import { createHash } from 'node:crypto';
import { wireTimeMs } from '../../ledger/time';

/** Kinds of activity, by the last part of their path in the Reporting API. */
export const ACTIVITY_KINDS = ['dns', 'proxy', 'firewall', 'intrusion', 'ip', 'amp-retrospective'] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** Any JSON object; activity records are read field by field, whatever their form. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

export const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** The text of a string or a finite number; empty for everything else. */
export function textOf(value: unknown): string {
	if (typeof value === 'string') return value.trim();
	return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/** `type` says it, except in AMP retrospective records, which have none. */
export function kindOf(record: Fields): ActivityKind | undefined {
	const type = textOf(record.type).toLowerCase();
	const known = ACTIVITY_KINDS.find((kind) => kind === type);
	if (known) return known;
	return type === '' && 'disposition' in record && 'sha256' in record ? 'amp-retrospective' : undefined;
}

/** Times before this are seconds: as milliseconds they would be in 1973. */
const SMALLEST_MS = 100_000_000_000;
const LARGEST_MS = 8_640_000_000_000_000;

/**
 * Epoch ms of a record. AMP retrospective records count seconds, all others milliseconds; a record without `timestamp`
 * has its `date` and `time`, in UTC.
 */
export function timeOf(record: Fields): number | undefined {
	const text = textOf(record.timestamp);
	const value = text === '' ? Number.NaN : Number(text);
	if (!(value > 0)) return wireTimeMs(`${textOf(record.date)}T${textOf(record.time)}`);
	const ms = Math.trunc(value < SMALLEST_MS ? value * 1_000 : value);
	return ms <= LARGEST_MS ? ms : undefined;
}

/** Fields that tell two records apart and never change once the record is written. */
const STABLE_FIELDS = [
	'domain',
	'url',
	'querytype',
	'internalip',
	'externalip',
	'sourceip',
	'sourceport',
	'destinationip',
	'destinationport',
	'port',
	'hostname',
	'sha256',
	'responsefilename',
	'malwarename',
	'sessionid',
] as const;

/**
 * Umbrella records have no id. This one is the SHA-256 (hex) over kind, time, the stable fields, the protocol, the
 * intrusion signature and the sorted identity ids, so it stays the same when the record is read again, in another
 * order or with other categories. Records that agree in all of that are one event.
 */
export function recordId(record: Fields): string {
	const signature = fieldsOf(record.signature);
	const identities = listOf(record.identities).map(({ id, label }) => textOf(id) || textOf(label));
	const stable = [
		kindOf(record) ?? textOf(record.type),
		timeOf(record) ?? textOf(record.timestamp),
		...STABLE_FIELDS.map((field) => textOf(record[field])),
		textOf(fieldsOf(record.protocol).id),
		textOf(signature.generatorid),
		textOf(signature.id),
		...identities.sort(),
	];
	return createHash('sha256').update(JSON.stringify(stable)).digest('hex');
}
