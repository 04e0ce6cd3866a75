import type { EntityKind, IntentState, Metrics, OpenIntents } from './api';
import type { CompiledPolicy } from './compiledPolicy';
import { toDelays } from './delays';
import { ENTITY_KINDS } from './entity';
import { OPEN_STATES } from './intents';
import type { LedgerHead, ReadTransaction } from './store/store';
import { iso } from './time';

const INTENT_STATES: readonly IntentState[] = [
	'awaitingApproval', 'pending', 'claimed', 'done', 'failed', 'denied', 'expired', 'cancelled',
];

/** Ages by which open intents are counted, in seconds. */
const AGES = [0, 60, 300, 900, 3600, 21_600, 86_400];

/** What the ledger says of itself, in a constant number of statements, none of which reads detections. */
export async function loadMetrics(tx: ReadTransaction, head: LedgerHead, { policy, ms }: CompiledPolicy, nowMs: number): Promise<Metrics> {
	const cursors = await tx.cursors();
	const limits = policy.guards.breaker;
	const containments = limits ? await tx.automaticContainmentsSince(nowMs - ms.breakerWindow) : 0;
	const counts = new Map((await tx.intentCounts()).map(({ state, count }) => [state, count]));
	const openIntents = byAge(await tx.openIntents(AGES.map((age) => nowMs - age * 1000)), nowMs);
	const [detections, duplicates] = [countersOf(head, 'detections.'), countersOf(head, 'duplicates.')];
	return {
		detections,
		duplicates,
		duplicateShare: sharesOf(detections, duplicates),
		scoreUpdates: countersOf(head, 'scoreUpdates.'),
		lagSeconds: Object.fromEntries(cursors.flatMap(({ source, position }) => position === undefined ? [] : [[source, seconds(nowMs - Date.parse(position))]])),
		delays: toDelays(head.delays),
		entities: Object.fromEntries(ENTITY_KINDS.map((kind) => [kind, head.counters[`entities.${kind}`] ?? 0])) as Record<EntityKind, number>,
		intents: Object.fromEntries(INTENT_STATES.map((state) => [state, counts.get(state) ?? 0])) as Record<IntentState, number>,
		openIntents,
		oldestPendingIntentSeconds: Math.max(0, ...openIntents.map(({ state, oldestSeconds }) => (state === 'awaitingApproval' ? 0 : oldestSeconds))),
		breaker: {
			open: limits !== null && containments >= limits.limit,
			containments,
			limit: limits?.limit ?? 0,
			windowSeconds: ms.breakerWindow / 1000,
		},
		cursors: cursors.map(({ source, position, lastPollMs }) => ({
			source,
			...(position !== undefined && { position }),
			from: position ?? iso(nowMs),
			to: iso(nowMs),
			lastPollAt: iso(lastPollMs),
		})),
		auditRecords: head.auditSeq - (head.auditCheckpoint?.seq ?? 0),
		auditLength: head.auditSeq,
		databaseBytes: await tx.bytes(),
		unratedEventTypes: (await tx.unrated({ limit: 1, offset: 0 })).total,
		policyVersion: head.policyVersion,
	};
}

/** Every open state, those without intents too. */
function byAge(rows: Awaited<ReturnType<ReadTransaction['openIntents']>>, nowMs: number): OpenIntents[] {
	return OPEN_STATES.map((state) => {
		const of = rows.filter((row) => row.state === state);
		const oldestMs = Math.min(nowMs, ...of.map((row) => row.oldestMs));
		const olderThan = AGES.map((age) => ({
			seconds: age,
			count: of.find(({ beforeMs }) => beforeMs === nowMs - age * 1000)?.count ?? 0,
		}));
		return { state, oldestSeconds: seconds(nowMs - oldestMs), olderThan };
	});
}

/** Of all that was given to Score, by source: how much was known already, from 0 to 1. */
function sharesOf(detections: Record<string, number>, duplicates: Record<string, number>): Record<string, number> {
	const sources = new Set([...Object.keys(detections), ...Object.keys(duplicates)]);
	return Object.fromEntries([...sources].map((source) => {
		const known = duplicates[source] ?? 0;
		return [source, known / (known + (detections[source] ?? 0))];
	}));
}

function seconds(ms: number): number {
	return Math.max(0, Math.round(ms / 1000));
}

function countersOf({ counters }: LedgerHead, prefix: string): Record<string, number> {
	return Object.fromEntries(
		Object.entries(counters)
			.filter(([name]) => name.startsWith(prefix))
			.map(([name, count]) => [name.slice(prefix.length), count]),
	);
}
