import type { Detection } from '../../ledger/detection';
import { isHostAddress } from './addresses';
import { SECURITY_CATEGORIES, type SecurityCategory } from './categories';
import { toDetection } from './detections';
import { type Fields, isFields, recordId, textOf } from './records';

/** Oldest first. */
export interface LegacyActivity {
	detections: Detection[];
	/** One per detection, as they came. */
	records: Fields[];
}

/**
 * The detection in one row of the Reporting API v1 (`security-activity`, `destinations/{domain}/activity`). The row is
 * read as the record of the current API that says the same, so that both give equal detections:
 * https://docs.umbrella.com/umbrella-api/docs/security-activity-report
 *
 * - `id`: `umbrella:` and the derived record id; the rows have none.
 * - `targets`: origin of a roaming client or AD computer → hostname, of an AD user → user, internal address → ip.
 *
 * @param row any JSON; nothing is thrown.
 * @returns `undefined` for what is not a row with a time.
 */
export function toLegacyDetection(
	row: unknown,
	{ keepRaw }: { keepRaw?: boolean } = {},
): Detection | undefined {
	if (!isFields(row)) return undefined;
	const detection = toDetection(asActivityRecord(row), { securityOnly: false });
	return detection && { ...detection, ...(keepRaw && { raw: row }) };
}

/** Tells rows apart; stays the same when a row is read again. */
export const legacyRecordId = (row: Fields): string => recordId(asActivityRecord(row));

/** Detections of many rows and the rows themselves: each once, oldest first. */
export function legacyActivity(rows: readonly Fields[], options: { keepRaw?: boolean } = {}): LegacyActivity {
	const byId = new Map<string, { detection: Detection; row: Fields }>();
	for (const row of rows) {
		const detection = toLegacyDetection(row, options);
		if (detection) byId.set(detection.id, { detection, row });
	}
	const sorted = [...byId.values()].sort((a, b) => (sortKey(a.detection) < sortKey(b.detection) ? -1 : 1));
	return { detections: sorted.map(({ detection }) => detection), records: sorted.map(({ row }) => row) };
}

const sortKey = ({ occurredAt, id }: Detection): string => `${occurredAt} ${id}`;

/** Epoch ms of a row. Times without an offset are UTC. */
export function legacyTime({ datetime }: Fields): number | undefined {
	const text = textOf(datetime);
	if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return undefined;
	const time = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
	return Number.isFinite(time) ? time : undefined;
}

function asActivityRecord(row: Fields): Fields {
	return {
		...destinationOf(textOf(row.destination), textOf(row.internalIp)),
		timestamp: legacyTime(row),
		internalip: row.internalIp,
		externalip: row.externalIp,
		verdict: textOf(row.actionTaken).toLowerCase(),
		categories: categoriesOf(row.categories),
		identities: [{ id: row.originId, label: row.originLabel, type: { label: row.originType } }],
	};
}

function destinationOf(destination: string, internalIp: string): Fields {
	if (isHostAddress(destination)) return { type: 'ip', sourceip: internalIp, destinationip: destination };
	return destination.includes('/')
		? { type: 'proxy', url: destination }
		: { type: 'dns', domain: destination };
}

/**
 * Version 1 names all categories without saying which are security ones. Where a built-in security category is among
 * them, only those count; where none is, the destination was blocked by a list of the organisation's own.
 */
function categoriesOf(labels: unknown): Fields[] {
	const names = Array.isArray(labels) ? labels.map(textOf).filter((name) => name !== '') : [];
	const known = names.map(knownCategory).filter((category) => category !== undefined);
	const categories: Fields[] =
		known.length > 0 ? known.map(({ id, label }) => ({ id, label })) : names.map((label) => ({ label }));
	return categories.map((category) => ({ ...category, type: 'security' }));
}

/** Where two ids share a label, the first one, which is that of the DNS policy. */
const knownCategory = (name: string): SecurityCategory | undefined =>
	SECURITY_CATEGORIES.find(({ label }) => label.toLowerCase() === name.toLowerCase());
