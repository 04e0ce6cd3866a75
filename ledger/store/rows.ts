import type { IntentState, ProtectedEntry } from '../api';
import type { SourceScore } from '../score';
import type {
	AuditRow, BaseRow, CursorRow, DetectionRow, EntityRow, HostRow, HostState, IntentRow, LedgerHead, Member, PolicyRow, RankedEntity, UnratedRow,
} from './store';

/** How rows look in a database, the same for every driver, so that an export of one can be read by another. */
type Row = Record<string, unknown>;

export const FIRST_HEAD: LedgerHead = {
	policyVersion: 0, detectionSeq: 0, entityId: 0, hostId: 0, auditSeq: 0, auditHash: '', counters: {},
};

/** When an intent is due: an approval expires, a pending one can be claimed, a lease ends. `null`: never. */
export function dueMs({ intent }: IntentRow): number | null {
	const due = {
		awaitingApproval: intent.expiresAt,
		pending: intent.nextAttemptAt ?? intent.createdAt,
		claimed: intent.leaseUntil,
	}[intent.state as string];
	return due === undefined ? null : Date.parse(due);
}

/** When a containment was decided without a person; `null`: it was not. */
export function dispatchedMs({ intent, automatic, dispatchedMs: laterMs }: IntentRow): number | null {
	return automatic ? (laterMs ?? Date.parse(intent.createdAt)) : null;
}

export function toOpenIntents(row: Row): { beforeMs: number; state: IntentState; count: number; oldestMs: number } {
	return {
		beforeMs: row.before_ms as number,
		state: row.state as IntentState,
		count: row.count as number,
		oldestMs: row.oldest_ms as number,
	};
}

/** Sources as a list of lists: small, in order, and exact. Names of sources need no escaping in JSON (see the parser). */
export function packSources(sources: EntityRow['sources']): string {
	let text = '';
	for (const { source, points, atMs, detections } of sources) {
		text += `${text === '' ? '[' : ','}["${source}",${points},${atMs},${detections}]`;
	}
	return text === '' ? '[]' : `${text}]`;
}

function unpackSources(text: string): SourceScore[] {
	return (JSON.parse(text) as PackedSource[]).map(toSource);
}

type PackedSource = [source: string, points: number, atMs: number, detections: number];

function toSource(packed: PackedSource): SourceScore {
	return { source: packed[0], points: packed[1], atMs: packed[2], detections: packed[3] };
}

/** Kinds as one letter and minutes instead of milliseconds: host rows are written often, so they are kept small. */
const KIND_LETTERS: Record<Member['kind'], string> = {
	connectorGuid: 'c', mac: 'm', hostname: 'h', ip: 'i', user: 'u', endpointProfile: 'p', identityGroup: 'g',
};
const KINDS_BY_LETTER = Object.fromEntries(Object.entries(KIND_LETTERS).map(([kind, letter]) => [letter, kind])) as Record<string, Member['kind']>;

type PackedMember = [kindAndValue: string, lastSeenMinutes: number, held?: Member['held']];

export function packMembers(members: readonly Member[]): string {
	return JSON.stringify(
		members.map(({ kind, value, lastSeenMs, held }): PackedMember => {
			const kindAndValue = KIND_LETTERS[kind] + value;
			const minutes = Math.floor(lastSeenMs / 60_000);
			return held === 'own' ? [kindAndValue, minutes] : [kindAndValue, minutes, held];
		}),
	);
}

function unpackMembers(text: string): Member[] {
	return (JSON.parse(text) as PackedMember[]).map(([kindAndValue, minutes, held = 'own']) => ({
		kind: KINDS_BY_LETTER[kindAndValue[0]],
		value: kindAndValue.slice(1),
		lastSeenMs: minutes * 60_000,
		held,
	}));
}

export function toPolicy(row: Row): PolicyRow {
	return {
		version: row.version as number,
		policy: JSON.parse(row.policy as string) as PolicyRow['policy'],
		createdMs: row.created_ms as number,
		createdBy: row.created_by as string,
		comment: row.comment as string,
	};
}

export function toCursor(row: Row): CursorRow {
	return {
		source: row.source as string,
		position: (row.position as string | null) ?? undefined,
		lastPollMs: row.last_poll_ms as number,
	};
}

export function toProtected(row: Row): ProtectedEntry {
	return {
		type: row.type as ProtectedEntry['type'],
		value: row.value as string,
		reason: row.reason as string,
		addedBy: row.added_by as string,
		addedAt: row.added_at as string,
	};
}

export function toDetection(row: Row): DetectionRow {
	return {
		seq: row.seq as number,
		id: row.id as string,
		source: row.source as string,
		eventTypeId: row.event_type_id as string,
		eventTypeName: row.event_type_name as string,
		occurredMs: row.occurred_ms as number,
		receivedMs: row.received_ms as number,
		body: row.body as string,
	};
}

export function toUnrated(row: Row): UnratedRow {
	return {
		source: row.source as string,
		eventTypeId: row.event_type_id as string,
		eventTypeName: row.event_type_name as string,
		detections: row.detections as number,
		firstSeenMs: row.first_seen_ms as number,
		lastSeenMs: row.last_seen_ms as number,
	};
}

/** Place of the key asked for, and columns: arrays are read faster than objects, and this is where it counts. */
export type EntityTuple = [number, number, string, number | null, number | null, number | null, number | null, number, number, number];

export function fromTuple(kind: EntityRow['kind'], key: string, row: EntityTuple): EntityRow {
	return {
		id: row[1],
		kind,
		key,
		sources: unpackSources(row[2]),
		rank: row[3] ?? undefined,
		rearmMs: row[4] ?? undefined,
		hostId: row[5] ?? undefined,
		targetKey: row[6] ?? undefined,
		firstSeenMs: row[7],
		lastSeenMs: row[8],
		purgedSeq: row[9],
	};
}

export const RANKED_COLUMNS = 'e.kind, e.key, e.sources, e.first_seen_ms, e.last_seen_ms, h.id, h.state, h.episode_id, h.grace_until_ms, h.members';
export type RankedTuple = [EntityRow['kind'], string, string, number, number, number | null, HostState, string | null, number, string];

export function toRanked(row: RankedTuple): RankedEntity {
	const hostId = row[5];
	const profile = hostId === null ? undefined : profileIn(row[9]);
	const hostnames = hostId === null || row[0] !== 'mac' ? undefined : hostnamesOf(unpackMembers(row[9]));
	return {
		entity: { kind: row[0], key: row[1], sources: unpackSources(row[2]), firstSeenMs: row[3], lastSeenMs: row[4] },
		host: hostId === null ? undefined : { id: hostId, state: row[6], episodeId: row[7] ?? undefined, graceUntilMs: row[8], ...(profile !== undefined && { profile }), ...(hostnames && { hostnames }) },
	};
}

/** The newest endpoint profile among packed members; most hosts have none, and are not unpacked. */
function profileIn(members: string): string | undefined {
	return members.includes('["p') ? profileOf(unpackMembers(members)) : undefined;
}

/** The newest endpoint profile among the members of a host. */
export function profileOf(members: readonly Member[]): string | undefined {
	return members.findLast(({ kind }) => kind === 'endpointProfile')?.value;
}

/** What a host is called; a name that was seen on another host since is not its own any more. */
export function hostnamesOf(members: readonly Member[]): string[] {
	return members.filter(({ kind, held }) => kind === 'hostname' && held !== 'elsewhere').map(({ value }) => value);
}

export function toEntity(row: Row): EntityRow {
	return {
		id: row.id as number,
		kind: row.kind as EntityRow['kind'],
		key: row.key as string,
		sources: unpackSources(row.sources as string),
		rank: (row.rank as number | null) ?? undefined,
		rearmMs: (row.rearm_ms as number | null) ?? undefined,
		hostId: (row.host_id as number | null) ?? undefined,
		targetKey: (row.target_key as number | null) ?? undefined,
		firstSeenMs: row.first_seen_ms as number,
		lastSeenMs: row.last_seen_ms as number,
		purgedSeq: row.purged_seq as number,
	};
}

export function toHost(row: Row): HostRow {
	return {
		id: row.id as number,
		state: row.state as HostState,
		episodeId: (row.episode_id as string | null) ?? undefined,
		graceUntilMs: row.grace_until_ms as number,
		episodes: row.episodes as number,
		members: unpackMembers(row.members as string),
	};
}

export function toBase(row: Row): BaseRow {
	return {
		entityId: row.entity_id as number,
		sources: unpackSources(row.sources as string),
		memory: JSON.parse(row.memory as string) as BaseRow['memory'],
	};
}

export function toAudit(row: Row): AuditRow {
	return {
		seq: row.seq as number,
		atMs: row.at_ms as number,
		actor: row.actor as string,
		execution: (row.execution as string | null) ?? undefined,
		action: row.action as string,
		subject: row.subject as string,
		details: row.details as string,
		hash: row.hash as string,
	};
}

export function toBody<T>(row: Row): T {
	return JSON.parse(row.body as string) as T;
}
