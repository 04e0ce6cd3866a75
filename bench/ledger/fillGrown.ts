import { openLedger, type Detection } from '../../ledger';
import { SqliteStore } from '../../ledger/store/sqlite';
import type { ContributionRow, DetectionRow } from '../../ledger/store/store';
import { detections, targetOf } from './workload';

export const HOSTS = 125_000;
export const DETECTIONS = 10_000_000;
export const KINDS = ['mac', 'hostname', 'user', 'ip'] as const;

const DAY_MS = 86_400_000;
export const HISTORY_MS = 90 * DAY_MS;
/** Every host was seen a moment ago, so that its entities have points. */
const RECENT_MS = DAY_MS;
const ACTOR = { name: 'bench' };
const SCORE_BATCH = 5_000;
const DETECTION_BATCH = 50_000;
const CONTRIBUTION_BATCH = 200_000;
/** Spreads the hosts over time; without a common divisor with their number, so that each has its turn. */
const STRIDE = 48_611;

/**
 * Fills a new ledger with ten million detections of 500,000 entities, as three months of a very large network leave
 * them. Each host is scored once, which gives it its entities; the rest is history that the store gets directly.
 */
export async function fillGrown(file: string, nowMs: number): Promise<void> {
	const ledger = await openLedger({ file, now: () => nowMs });
	const [model] = [...detections(1, 1, nowMs - RECENT_MS, 1, 2)];
	for (let from = 0; from < HOSTS; from += SCORE_BATCH) {
		const batch = Array.from({ length: SCORE_BATCH }, (_, i): Detection => ({ ...model, id: `${model.source}:once-${from + i}`, targets: [targetOf(from + i)] }));
		await ledger.score(batch, { actor: ACTOR });
	}
	await ledger.close();
	const store = new SqliteStore(file);
	await addDetections(store, nowMs);
	await addContributions(store);
	while ((await store.write((tx) => tx.indexKeys(SCORE_BATCH))) > 0);
	await store.close();
}

async function addDetections(store: SqliteStore, nowMs: number): Promise<void> {
	const count = DETECTIONS - HOSTS;
	const fromMs = nowMs - HISTORY_MS;
	let rows: DetectionRow[] = [];
	let i = 0;
	for (const detection of detections(count, HOSTS, fromMs, (HISTORY_MS - RECENT_MS) / count, 3)) {
		const seq = HOSTS + ++i;
		detection.targets = [targetOf(hostOf(seq))];
		const { id, source, eventType } = detection;
		const occurredMs = Date.parse(detection.occurredAt);
		rows.push({ seq, id, source, eventTypeId: eventType.id, eventTypeName: eventType.name, occurredMs, receivedMs: occurredMs, body: JSON.stringify(detection) });
		if (rows.length < DETECTION_BATCH && i < count) continue;
		await insert(store, rows);
		rows = [];
	}
}

async function insert(store: SqliteStore, rows: readonly DetectionRow[]): Promise<void> {
	await store.write(async (tx) => {
		await tx.insertDetections(rows);
		const head = await tx.head();
		for (const { source } of rows) head.counters[`detections.${source}`] = (head.counters[`detections.${source}`] ?? 0) + 1;
		await tx.saveHead({ ...head, detectionSeq: rows[rows.length - 1].seq });
	});
}

/** In the order of the table, because forty million rows in any other would take hours. */
async function addContributions(store: SqliteStore): Promise<void> {
	let rows: ContributionRow[] = [];
	const flush = async () => {
		await store.write((tx) => tx.insertContributions(rows));
		rows = [];
	};
	for (let afterId = 0; ; ) {
		const entities = await store.read((tx) => tx.entitiesAfter(afterId, 1_000));
		if (entities.length === 0) break;
		for (const { id, kind, key } of entities) {
			const host = hostOfKey(kind, key);
			for (let seq = firstSeqOf(host); seq <= DETECTIONS; seq += HOSTS) rows.push({ entityId: id, seq, penalty: 5, suppressed: 0 });
		}
		afterId = entities[entities.length - 1].id;
		if (rows.length >= CONTRIBUTION_BATCH) await flush();
	}
	await flush();
}

function hostOf(seq: number): number {
	return (seq * STRIDE) % HOSTS;
}

const firstSeqs = new Map<number, number>();

/** The first detection of a host after those that were scored. */
function firstSeqOf(host: number): number {
	if (firstSeqs.size === 0) for (let seq = HOSTS + 1; seq <= 2 * HOSTS; seq++) firstSeqs.set(hostOf(seq), seq);
	return firstSeqs.get(host) as number;
}

/** See `targetOf`. */
function hostOfKey(kind: string, key: string): number {
	if (kind === 'mac') return parseInt(key.replace(/[^0-9a-f]/gi, '').slice(6), 16);
	if (kind === 'ip') return key.split('.').reduce((sum, part, i) => (i === 0 ? 0 : sum * 256 + Number(part)), 0);
	return Number(key.replace(/^\D+/, ''));
}
