import type { AlarmKind, Cursor, Decision, EntityFilter, EntityKey, EntityKind, Episode, Intent, IntentKind, IntentState, ProtectedEntry, Total } from '../api';
import type { EntityContext } from '../context';
import type { StoredDelays } from '../delays';
import type { Policy } from '../policy';
import type { ScoreState } from '../score';

/**
 * Where the ledger is kept. Every method takes and gives whole sets, so that a store across a network needs a
 * constant number of round trips per batch.
 */
export interface Store {
	/** Runs a change that is kept as a whole or not at all. Changes of all processes equal some serial order. */
	write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T>;
	/** Runs queries that all see the same moment. */
	read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>;
	/** As `read`, for work that takes long: nobody waits for it, and it sees the moment at which it began. */
	readApart<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>;
	/** Every row of these tables as of one moment; changes go on meanwhile. */
	snapshot(tables: readonly TableName[]): AsyncIterable<{ table: TableName; row: Record<string, unknown> }>;
	close(): Promise<void>;
}

/** One row per ledger: what every change starts from and moves on. */
export interface LedgerHead {
	policyVersion: number;
	/** Last numbers given out. */
	detectionSeq: number;
	entityId: number;
	hostId: number;
	auditSeq: number;
	/** Hash of the last audit record. */
	auditHash: string;
	/** Running totals, e.g. `detections.umbrella`, `entities.mac`, so that no count needs a scan. */
	counters: Record<string, number>;
	/** Histograms of how long things took, for the same reason; absent before the first. */
	delays?: StoredDelays;
	/** `IDENTITY_READING` of the version that made the scores; absent: 1. */
	identityReading?: number;
	/** Set by the first retention. */
	retention?: RetentionHead;
	/** Last audit record that was removed after it was signed off. */
	auditCheckpoint?: { seq: number; hash: string };
}

export interface RetentionHead {
	/** Scores up to this detection are kept as bases; a replay starts after it. */
	seq: number;
	/** Detections that occurred before are refused: they may have been counted and removed. */
	beforeMs: number;
	/** Detections removed so far. */
	removed: number;
}

export interface DetectionRow {
	seq: number;
	id: string;
	source: string;
	eventTypeId: string;
	eventTypeName: string;
	occurredMs: number;
	receivedMs: number;
	/** The Detection as JSON. */
	body: string;
	/** Values of its observables, when whoever inserts it has them at hand: a store then need not read them from the body. */
	observed?: readonly string[];
}

export interface ContributionRow {
	entityId: number;
	seq: number;
	penalty: number;
	/** See `Effect.suppressed`. */
	suppressed: number;
}

/** A contribution, and when its detection occurred. */
export type TimedContribution = ContributionRow & { occurredMs: number };

export interface EntityRow extends EntityKey {
	id: number;
	sources: ScoreState;
	/** See `rankOf`; `undefined` without points. */
	rank: number | undefined;
	/** A crossing may fire from this moment on (0: now); `undefined`: only once the score was low. */
	rearmMs: number | undefined;
	/** Host of the target that it was last seen in. */
	hostId: number | undefined;
	/** Fingerprint of that target, with entities that can tell a host: the same target again needs no linking. */
	targetKey: number | undefined;
	firstSeenMs: number;
	lastSeenMs: number;
	/** Detections up to here were forgotten. */
	purgedSeq: number;
}

export interface RepeatRow {
	entityId: number;
	key: number;
	atMs: number;
}

/** Score and repeat memory of an entity as of the retention horizon. */
export interface BaseRow {
	entityId: number;
	sources: ScoreState;
	/** Repeat keys, and when each last counted. */
	memory: [key: number, atMs: number][];
}

/** One thing that people are told of once, and once more when it is over. */
export interface AlarmRow {
	/** What it is about, e.g. `source:umbrella`. */
	key: string;
	kind: AlarmKind;
	subject: string;
	title: string;
	text: string;
	facts: Record<string, string>;
	openedMs: number;
	/** Over since; people are still to be told. */
	clearedMs?: number;
	/** Whether people know that it is open. */
	told: boolean;
	/** Until when whoever took the message has time to send it; 0: nobody took it. */
	leaseMs: number;
}

/** What the ledger remembers of a source besides its cursor. */
export interface SourceRow {
	source: string;
	/** Polls that failed one after the other. */
	failures: number;
	lastFailureMs?: number;
	lastError?: string;
	/** As of the last check; they outlive the detections. */
	lastEventMs?: number;
	usualSilenceMs?: number;
	/** The poll that is under way. */
	lease?: PollLease;
}

/** The right to poll a source. */
export interface PollLease {
	/** Where the poll will end: keeping it as the cursor ends the lease. */
	to: string;
	untilMs: number;
	/** The process that polls: its lease ends with it. */
	holder: { host: string; pid: number; since: number };
}

/** When a source reported, in steps: every pause longer than asked for is one step, busy times are a few. */
export interface SourceActivity {
	source: string;
	/** Times of events, oldest first; the first and the last are the first and last events. */
	stepsMs: number[];
}

export type HostState = 'normal' | 'awaitingApproval' | 'containing' | 'contained' | 'releasing';

export interface HostRow {
	id: number;
	state: HostState;
	/** The open episode. */
	episodeId: string | undefined;
	graceUntilMs: number;
	/** Containments so far. */
	episodes: number;
	/** Every identity seen on it. */
	members: Member[];
}

export type MemberKind = EntityKind | 'connectorGuid' | 'endpointProfile' | 'identityGroup';

/** An identity seen on a host. */
export interface Member {
	kind: MemberKind;
	value: string;
	/** For addresses and users that have left this host: when they were last seen on it. */
	lastSeenMs: number;
	/** `own`; or shared with other hosts (dock, dongle, name used twice), and last seen `here` or `elsewhere`. */
	held: 'own' | 'here' | 'elsewhere';
}

/** One host turned out to be another. */
export interface HostMerge {
	from: number;
	to: number;
	/** Of the host that goes. */
	members: readonly Member[];
}

/** Finds the hosts of an identity. */
export interface LinkRow {
	kind: MemberKind;
	value: string;
	hostId: number;
}

export interface EpisodeRow {
	episode: Episode;
	hostId: number;
	/** Asked for by a person, instead of the policy's. */
	durationMs?: number;
}

export interface IntentRow {
	intent: Intent;
	hostId: number;
	/** Decided without a person: counts for the circuit breaker. */
	automatic: boolean;
	/** When that was, if later than the intent was opened: an approval that waited was tipped. */
	dispatchedMs?: number;
	/** Of a release: a person asked for it, so grace follows. */
	byPerson?: boolean;
	/** Of a containment: a person asked for it although the host is protected. */
	protectionOverridden?: boolean;
	/** Of a containment: people were asked about it because it could not be read whether the host is protected. */
	askedWithoutFacts?: boolean;
	/** Of a containment: all that ISE knows of the host was held against the protected entries. */
	factsRead?: boolean;
}

export interface AuditRow {
	seq: number;
	atMs: number;
	actor: string;
	execution: string | undefined;
	action: string;
	subject: string;
	/** Canonical JSON. */
	details: string;
	hash: string;
}

export interface PolicyRow {
	version: number;
	policy: Policy;
	createdMs: number;
	createdBy: string;
	comment: string;
}

/** An event type, and how many of its detections no rule of the active policy matched. */
export interface UnratedRow {
	source: string;
	eventTypeId: string;
	eventTypeName: string;
	detections: number;
	firstSeenMs: number;
	lastSeenMs: number;
}

export interface CursorRow {
	source: string;
	position: string | undefined;
	lastPollMs: number;
}

export interface RankedFilter extends Pick<EntityFilter, 'kind' | 'state' | 'search' | 'order' | 'limit'> {
	offset: number;
	/** Rank at least, and below. `minRank` undefined includes entities without points. */
	minRank?: number;
	maxRank?: number;
	nowMs: number;
	/** How many rows fit, where that is known; else they are counted. */
	total?: number;
}

/** What tells the state of a host. */
export type HostStateRow = Pick<HostRow, 'id' | 'state' | 'episodeId' | 'graceUntilMs'> & {
	/** Newest endpoint profile that ISE has given it. */
	profile?: string;
	/** Of the host of a MAC address. */
	hostnames?: string[];
};

/** As much of an entity as a list shows. */
export type ListedEntity = Pick<EntityRow, 'kind' | 'key' | 'sources' | 'firstSeenMs' | 'lastSeenMs'>;

/** An entity with the state of its host. */
export interface RankedEntity {
	entity: ListedEntity;
	host: HostStateRow | undefined;
}

export interface DetectionQuery {
	source?: string;
	/** Value of an observable, case-insensitive (ASCII); the order is then that of recording. */
	observable?: string;
	entityId?: number;
	eventType?: string;
	sinceMs?: number;
	untilMs?: number;
	limit: number;
	offset: number;
	/** See `RankedFilter`. */
	total?: number;
}

export interface AuditQuery {
	action?: string;
	subject?: string;
	actor?: string;
	sinceMs?: number;
	/** Only records before this one. */
	beforeSeq?: number;
	limit: number;
	offset: number;
}

export interface Counted<T> extends Total {
	rows: T[];
}

export interface ReadTransaction {
	head(): Promise<LedgerHead>;
	policy(version: number): Promise<PolicyRow | undefined>;
	policies(): Promise<PolicyRow[]>;
	cursors(): Promise<CursorRow[]>;
	cursor(source: string): Promise<CursorRow | undefined>;
	protectedEntries(): Promise<ProtectedEntry[]>;

	knownDetections(ids: readonly string[]): Promise<Set<string>>;
	/** Most detections first. */
	unrated(filter: { source?: string; limit: number; offset: number }): Promise<Counted<UnratedRow>>;
	/** In scoring order, after `afterSeq`. */
	detectionsAfter(afterSeq: number, limit: number): Promise<DetectionRow[]>;
	detections(query: DetectionQuery): Promise<Counted<DetectionRow>>;
	/** By source, of those that occurred since; sources without any are left out. */
	detectionCounts(sinceMs: number): Promise<{ source: string; count: number }[]>;

	/** In the order asked for. */
	entities(keys: readonly EntityKey[]): Promise<(EntityRow | undefined)[]>;
	entitiesAfter(afterId: number, limit: number): Promise<EntityRow[]>;
	entitiesOfHosts(hostIds: readonly number[]): Promise<EntityRow[]>;
	/** By rank, highest first. */
	rankedEntities(filter: RankedFilter): Promise<Counted<RankedEntity>>;
	/** Newest first. */
	contributions(entityId: number, afterSeq: number, limit: number): Promise<(ContributionRow & { detection: DetectionRow })[]>;
	/** The newest of each of these entities after a detection, at most `limit` of each, newest first. */
	newestContributions(of: readonly { entityId: number; afterSeq: number }[], limit: number): Promise<TimedContribution[]>;
	/** Those of these that exist, in no order. */
	detectionsAt(seqs: readonly number[]): Promise<DetectionRow[]>;
	/** When each was remembered, in the order asked for. */
	repeats(keys: readonly { entityId: number; key: number }[]): Promise<(number | undefined)[]>;

	hosts(ids: readonly number[]): Promise<HostRow[]>;
	openHosts(): Promise<number>;
	/** Kept for connectors, MACs, hostnames and users. */
	links(values: readonly Pick<LinkRow, 'kind' | 'value'>[]): Promise<LinkRow[]>;

	episodes(ids: readonly string[]): Promise<EpisodeRow[]>;
	episodesOfHost(hostId: number): Promise<EpisodeRow[]>;
	openEpisodes(): Promise<EpisodeRow[]>;
	releasesDue(nowMs: number): Promise<EpisodeRow[]>;
	findEpisodes(filter: { state?: Episode['state']; hostId?: number; limit: number; offset: number }): Promise<Counted<EpisodeRow>>;

	intents(ids: readonly string[]): Promise<IntentRow[]>;
	intentsOfEpisodes(episodeIds: readonly string[]): Promise<IntentRow[]>;
	/** Pending ones that are due and claimed ones whose lease has ended, oldest first. */
	dueIntents(filter: { kinds: readonly IntentKind[]; ids?: readonly string[]; limit: number; nowMs: number }): Promise<IntentRow[]>;
	expiredApprovals(nowMs: number): Promise<IntentRow[]>;
	findIntents(filter: { kind?: IntentKind; state?: IntentState; limit: number; offset: number }): Promise<Counted<IntentRow>>;
	automaticContainmentsSince(ms: number): Promise<number>;
	intentCounts(): Promise<{ state: IntentState; count: number }[]>;
	/** Intents with something left to do that were created at or before each of these moments, and the oldest of them. */
	openIntents(beforeMs: readonly number[]): Promise<{ beforeMs: number; state: IntentState; count: number; oldestMs: number }[]>;

	audit(query: AuditQuery): Promise<Counted<AuditRow>>;
	auditAfter(afterSeq: number, limit: number): Promise<AuditRow[]>;
	bytes(): Promise<number>;

	alarms(): Promise<AlarmRow[]>;
	sources(): Promise<SourceRow[]>;
	/** Events of these sources from `fromMs` to `toMs`, in steps that leave out pauses of at most `pauseMs`. */
	sourceActivity(query: { sources: readonly string[]; fromMs: number; toMs: number; pauseMs: number }): Promise<SourceActivity[]>;
	/** When the oldest detection that is kept occurred. */
	oldestDetectionMs(): Promise<number | undefined>;
	bases(entityIds: readonly number[]): Promise<BaseRow[]>;
	basesAfter(afterEntityId: number, limit: number): Promise<BaseRow[]>;
	/** What was last looked up about an entity. */
	context(entityId: number): Promise<EntityContext | undefined>;
	/** Those of these that exist, in no order. */
	contributionsAt(places: readonly Pick<ContributionRow, 'entityId' | 'seq'>[]): Promise<ContributionRow[]>;
}

export interface WriteTransaction extends ReadTransaction {
	saveHead(head: LedgerHead): Promise<void>;
	insertPolicy(row: PolicyRow): Promise<void>;
	saveCursor(row: CursorRow): Promise<void>;
	saveProtected(entry: ProtectedEntry): Promise<void>;
	deleteProtected(type: ProtectedEntry['type'], value: string): Promise<boolean>;

	insertDetections(rows: readonly DetectionRow[]): Promise<void>;
	insertContributions(rows: readonly ContributionRow[]): Promise<void>;
	saveEntities(rows: readonly EntityRow[]): Promise<void>;
	/** Makes searches for a part of a key faster for the next entities, where the store can. @returns for how many */
	indexKeys(limit: number): Promise<number>;
	/** Adds to the counts, and widens the times, of types that are known. Each type once per call. */
	addUnrated(rows: readonly UnratedRow[]): Promise<void>;
	clearUnrated(): Promise<void>;
	/** For entities that exist and whose target is the same as before: no index on the host has to move. */
	updateScores(rows: readonly EntityRow[]): Promise<void>;
	saveRepeats(rows: readonly RepeatRow[]): Promise<void>;
	deleteRepeats(entityId: number): Promise<void>;
	/** Forgets all scores and repeats, and the contributions of detections after `afterSeq`; a rebuild follows. */
	clearScores(afterSeq: number): Promise<void>;
	/** All entities without an open episode may fire again. */
	rearmAll(): Promise<void>;

	saveHosts(rows: readonly HostRow[]): Promise<void>;
	insertLinks(rows: readonly LinkRow[]): Promise<void>;
	/** Moves entities and episodes of one host to another; the host and its links go. */
	mergeHosts(merges: readonly HostMerge[]): Promise<void>;
	/** These entities, and those last seen on these hosts, may fire again from a moment on. */
	rearm(hostIds: readonly number[], keys: readonly EntityKey[], rearmMs: number): Promise<void>;

	saveEpisodes(rows: readonly EpisodeRow[]): Promise<void>;
	saveIntents(rows: readonly IntentRow[]): Promise<void>;
	insertAudit(rows: readonly AuditRow[]): Promise<void>;
	/** Empties every table, for an import. */
	clearAll(): Promise<void>;
	saveAlarms(rows: readonly AlarmRow[]): Promise<void>;
	deleteAlarms(keys: readonly string[]): Promise<void>;
	saveSources(rows: readonly SourceRow[]): Promise<void>;
	saveBases(rows: readonly BaseRow[]): Promise<void>;
	/** In place of what was kept of the entity before. */
	saveContext(entityId: number, context: EntityContext): Promise<void>;
	deleteDetections(seqs: readonly number[]): Promise<void>;
	deleteContributions(places: readonly Pick<ContributionRow, 'entityId' | 'seq'>[]): Promise<void>;
	/** Repeats of these entities that counted before a moment. */
	deleteRepeatsBefore(entityIds: readonly number[], beforeMs: number): Promise<void>;
	/** The oldest records, up to `throughSeq`, at most `limit` of them. @returns how many */
	deleteAudit(throughSeq: number, limit: number): Promise<number>;
	/** Puts rows of an export back as they were. */
	restore(table: TableName, rows: readonly Record<string, unknown>[]): Promise<void>;
}

export const TABLES = [
	'head', 'policies', 'protected', 'cursors', 'detections', 'entities', 'contributions', 'repeats', 'hosts', 'links',
	'episodes', 'intents', 'audit', 'alarms', 'sources', 'bases', 'contexts',
] as const;
export type TableName = (typeof TABLES)[number];

export type { Cursor, Decision };
