import { openLedger, type Detection, type LedgerService } from '../../ledger';
import { appendAudit } from '../../ledger/audit';
import { DEFAULT_RULES } from '../../ledger/presets/rules';
import { SqliteStore } from '../../ledger/store/sqlite';
import type { AuditRow, ContributionRow, DetectionRow } from '../../ledger/store/store';
import { detections, targetOf } from '../ledger/workload';

export const HOSTS = 25_000;
export const DETECTIONS = 1_000_000;
export const AUDIT_RECORDS = 100_000;

/** Scored as in real use; the rest is history that the store gets directly, as scoring it would take minutes. */
const SCORED = 100_000;
const KINDS = ['mac', 'hostname', 'user', 'ip'] as const;
/** Hosts that cross the threshold, so that there is something to approve. */
const CROSSING = 300;
/** One of them is in far more detections than the others. */
export const NOISY_HOST = 1;
const NOISY_EVERY = 500;
/** Points that one of their detections has. */
const GRAVE = 20;
const BATCH = 5_000;
const HISTORY_BATCH = 50_000;
const POLICY_VERSIONS = 30;
const PROTECTED = 200;
const DAY_MS = 86_400_000;
const RECENT_MS = 3 * DAY_MS;
const HISTORY_MS = 90 * DAY_MS;
const ACTOR = { name: 'bench' };

/** Fills a new ledger: 100,000 entities of 25,000 hosts, a million detections, policies, approvals and audit. */
export async function fillLedger(file: string, nowMs: number): Promise<void> {
	const ledger = await openLedger({ file, now: () => nowMs });
	await addPolicies(ledger);
	for (let i = 0; i < PROTECTED; i++) await ledger.protect({ type: 'hostname', value: `server-${i}*`, reason: 'Data centre' }, ACTOR);
	await score(ledger, everyHostOnce(nowMs));
	const grave = graveDetections(nowMs);
	await score(ledger, [...detections(SCORED - HOSTS - grave.length, HOSTS, nowMs - RECENT_MS, RECENT_MS / SCORED)]);
	await score(ledger, grave);
	await ledger.close();
	const store = new SqliteStore(file);
	await addHistory(store, nowMs - HISTORY_MS, DETECTIONS - SCORED);
	await addAudit(store, nowMs);
	await store.close();
}

/** How a version differs costs no new scores, so that filling does not recompute them each time. */
async function addPolicies(ledger: LedgerService): Promise<void> {
	for (let i = 2; i <= POLICY_VERSIONS; i++) {
		const { policy } = await ledger.getPolicy();
		await ledger.updatePolicy({ ...policy, name: `Policy ${i}` }, ACTOR, `Change ${i}`);
	}
}

async function score(ledger: LedgerService, all: readonly Detection[]): Promise<void> {
	for (let i = 0; i < all.length; i += BATCH) await ledger.score(all.slice(i, i + BATCH), { actor: ACTOR });
}

/** The random ones might leave a host out, and then it would be fewer than 100,000 entities. */
function everyHostOnce(nowMs: number): Detection[] {
	const [model] = [...detections(1, 1, nowMs - RECENT_MS, 1, 2)];
	return Array.from({ length: HOSTS }, (_, host) => ({ ...model, id: `${model.source}:once-${host}`, targets: [targetOf(host)] }));
}

/** Every grave event type of the vendors, on each of a few hosts, a moment ago. */
function graveDetections(nowMs: number): Detection[] {
	const rules = DEFAULT_RULES.filter(({ source, penalty }) => ['secureEndpoint', 'secureNetworkAnalytics'].includes(source) && penalty >= GRAVE);
	return Array.from({ length: CROSSING }, (_, host) =>
		rules.map(({ source, eventType, reason }, i): Detection => ({
			id: `${source}:grave-${host}-${i}`,
			source,
			eventType: { id: [eventType ?? 'any'].flat()[0], name: reason },
			categories: [],
			severity: 'Critical',
			occurredAt: new Date(nowMs - 60_000 + i).toISOString(),
			observables: [{ type: 'sha256', value: `grave-${host}-${i}` }],
			targets: [targetOf(host)],
			link: `https://console.example/grave/${host}/${i}`,
		})),
	).flat();
}

/** Detections of the months before, with what they added to their entities at the time. */
async function addHistory(store: SqliteStore, fromMs: number, count: number): Promise<void> {
	const ids = await entityIds(store);
	let seq = (await store.read((tx) => tx.head())).detectionSeq;
	let rows: DetectionRow[] = [];
	let contributions: ContributionRow[] = [];
	const flush = async () => {
		await store.write(async (tx) => {
			await tx.insertDetections(rows);
			await tx.insertContributions(contributions.sort((a, b) => a.entityId - b.entityId || a.seq - b.seq));
			const head = await tx.head();
			for (const { source } of rows) head.counters[`detections.${source}`] = (head.counters[`detections.${source}`] ?? 0) + 1;
			await tx.saveHead({ ...head, detectionSeq: seq });
		});
		rows = [];
		contributions = [];
	};
	for (const detection of detections(count, HOSTS, fromMs, (HISTORY_MS - RECENT_MS) / count, 3)) {
		if (++seq % NOISY_EVERY === 0) detection.targets = [targetOf(NOISY_HOST)];
		rows.push(detectionRow(seq, detection));
		for (const kind of KINDS) contributions.push({ entityId: ids.get(`${kind}:${detection.targets[0][kind]}`)!, seq, penalty: 5, suppressed: 0 });
		if (rows.length === HISTORY_BATCH) await flush();
	}
	await flush();
}

function detectionRow(seq: number, detection: Detection): DetectionRow {
	const occurredMs = Date.parse(detection.occurredAt);
	const { id, source, eventType } = detection;
	return { seq, id, source, eventTypeId: eventType.id, eventTypeName: eventType.name, occurredMs, receivedMs: occurredMs, body: JSON.stringify(detection) };
}

async function entityIds(store: SqliteStore): Promise<Map<string, number>> {
	const rows = await store.read((tx) => tx.entitiesAfter(0, HOSTS * KINDS.length * 2));
	return new Map(rows.map(({ id, kind, key }) => [`${kind}:${key}`, id]));
}

/** As many records as years of polls leave, in the same chain. */
async function addAudit(store: SqliteStore, nowMs: number): Promise<void> {
	await store.write(async (tx) => {
		const head = await tx.head();
		const rows: AuditRow[] = [];
		while (head.auditSeq < AUDIT_RECORDS) {
			const host = head.auditSeq % HOSTS;
			rows.push(appendAudit(head, nowMs, ACTOR, 'scored', `hostname:pc-${host}`, { detections: 12, duplicates: 3, penalised: 9 }));
		}
		await tx.insertAudit(rows);
		await tx.saveHead(head);
	});
}
