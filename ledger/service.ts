import type {
	Actor,
	Alarm,
	AlarmMessage,
	AncBinding,
	AuditRecord,
	AuditSegment,
	AuditVerdict,
	ConnectorHost,
	Cursor,
	Detection,
	DetectionFilter,
	EntityDetail,
	EntityFilter,
	EntityKey,
	EntitySummary,
	Episode,
	Intent,
	IntentKind,
	IntentState,
	Metrics,
	Page,
	PollUnderWay,
	ProtectedEntry,
	ReconcileResult,
	ReplayResult,
	RetentionResult,
	ScoreResult,
	SourceState,
	UnratedEventType,
	WhatIfResult,
} from './api';
import type { EntityContext } from './context';
import type { LedgerError } from './errors';
import type { NoteKey } from './notes';
import type { Policy } from './policy';

/** The ledger as its callers see it. Every change is one transaction and leaves an audit record. */
export interface LedgerService {
	/**
	 * Records detections, scores their entities, decides, and opens intents, all in one transaction, and commits
	 * how far the source was read. Elements that are not a valid Detection get the outcome `invalid`; the rest is
	 * scored. Order of scoring: `occurredAt`, then `id`; outcomes come back in the order given.
	 */
	score(detections: readonly unknown[], options: ScoreOptions): Promise<ScoreResult>;

	getCursor(source: string, options: CursorOptions): Promise<Cursor>;
	/**
	 * The cursor, and the right to poll the source with it. It ends when `score` keeps the cursor's `to`, when
	 * `recordSourceFailure` says that the poll failed, with the process that took it, or with the lease.
	 */
	beginPoll(source: string, options: PollOptions): Promise<Cursor | PollUnderWay>;

	getEntity(entity: EntityKey): Promise<EntityDetail | undefined>;
	/** Whether a Secure Endpoint connector is one of an entity's host, and what protects it; nothing for an entity that the ledger does not know. */
	getConnectorHost(entity: EntityKey, guid: string): Promise<ConnectorHost | undefined>;
	/** What was looked up last about those of these entities that were looked up, without all else that `getEntity` reads. */
	getContexts(entities: readonly EntityKey[]): Promise<{ entity: EntityKey; context: EntityContext }[]>;
	/**
	 * Keeps what the products say of an entity around now, in place of what was kept before (see `toContext` for what
	 * is taken and how much); the endpoint profiles of its sessions become those of its host.
	 * @throws LedgerError `notFound` for an entity that the ledger does not know.
	 */
	noteContext(entity: EntityKey, found: unknown, actor: Actor): Promise<EntityContext>;
	/** Ranked by score, highest first. */
	getEntities(filter: EntityFilter): Promise<Page<EntitySummary>>;
	getDetections(filter: DetectionFilter): Promise<Page<Detection>>;
	/** How many detections of each source occurred since a moment (ISO 8601). */
	getDetectionCounts(since: string): Promise<Record<string, number>>;
	/** By host: open first, newest first. */
	getEpisodes(filter: { state?: Episode['state']; hostId?: string; limit: number; offset?: number }): Promise<Page<Episode>>;
	getIntents(filter: { kind?: IntentKind; state?: IntentState; limit: number; offset?: number }): Promise<Page<Intent>>;

	/**
	 * Leases due intents to the caller: those pending, and those whose lease has ended. Expired approvals are
	 * closed on the way (fail-closed), and a `notify` intent says so. Of an episode one notice at a time.
	 */
	claimIntents(options: ClaimOptions): Promise<Intent[]>;
	/**
	 * Keeps the result of one step of a claimed intent, so that a retry can skip it. Merges into `steps`; the lease
	 * starts anew.
	 * @throws LedgerError `leaseLost` when another execution has claimed the intent since this one did.
	 */
	recordStep(intentId: string, steps: Record<string, unknown>, actor: Actor): Promise<Intent>;
	/**
	 * The work is done and read back. For `contain` and `release` the episode moves on and, in the same
	 * transaction, a `notify` intent is opened and returned with it.
	 * `references` are kept with the episode. Completing a completed intent changes nothing.
	 * What is refused of one intent (`notFound`, `notClaimed`, `leaseLost`) leaves the others.
	 */
	completeIntents(given: readonly Completion[], actor: Actor): Promise<(Settled | LedgerError)[]>;
	/**
	 * The work did not succeed. An intent comes back after a backoff, until the policy's last attempt;
	 * then it is `failed` and a `notify` intent says so. A containment that was called off meanwhile may have taken
	 * effect in part, so it is undone like one that succeeded. Refusals are those of `completeIntents`.
	 */
	failIntents(given: readonly Failure[], actor: Actor): Promise<(Settled | LedgerError)[]>;

	/**
	 * Sends a failed intent on its way again, at once and with all its attempts.
	 * @throws LedgerError `notRetryable` when it has not failed, or its episode has moved on without it.
	 */
	retryIntent(intentId: string, actor: Actor, reason: string): Promise<Intent>;

	/**
	 * Holds what the products report of the hosts of claimed containments against the protected entries once more. A
	 * protected host is refused, and a `notify` intent says so. When facts that an entry is about could not be read, the
	 * containment is tried again later, and waits for approval after its last try. Refusals are those of `completeIntents`.
	 */
	confirmTargets(given: readonly Confirmation[], actor: Actor): Promise<(Confirmed | LedgerError)[]>;
	/** Intents that can be claimed now, without claiming them. Expired approvals are closed on the way. */
	getDueIntents(actor: Actor, limit: number): Promise<Intent[]>;

	/**
	 * A containment that must not go on after all, e.g. because the endpoint's ISE profile is protected: the intent
	 * is cancelled, the episode refused. An intent that is settled already stays as it is.
	 */
	refuseIntent(intentId: string, actor: Actor, reason: string): Promise<Intent>;

	/**
	 * One person's approval. Until the quorum is reached the intent goes on waiting.
	 * @throws LedgerError when the intent does not wait for approval, has expired, or the approver asked for it or has
	 *   approved it before.
	 */
	approve(intentId: string, actor: Actor, reason: string): Promise<Intent>;
	deny(intentId: string, actor: Actor, reason: string): Promise<Intent>;
	/** A person contains a host by one of its entities; guards except `protected` are skipped. Idempotent while an episode is open. */
	containManually(target: { mac?: string; ip?: string; hostname?: string; user?: string; connectorGuid?: string }, options: ManualOptions): Promise<Intent>;
	/** Opens a release intent for the open episode of this entity or id. Idempotent. */
	release(subject: EntityKey | { episodeId: string }, actor: Actor, reason: string, request?: RequestKey): Promise<Intent>;
	/**
	 * The intent that an earlier request with this key led to, as it is now.
	 * @throws LedgerError `keyReused` when that request asked for something else.
	 */
	findRequest(request: RequestKey): Promise<Intent | undefined>;
	/** Opens release intents for episodes whose auto-release is due. */
	releaseDue(actor: Actor): Promise<Intent[]>;

	protect(entry: Omit<ProtectedEntry, 'addedBy' | 'addedAt'>, actor: Actor): Promise<ProtectedEntry>;
	unprotect(type: ProtectedEntry['type'], value: string, actor: Actor): Promise<boolean>;
	getProtected(): Promise<ProtectedEntry[]>;
	/**
	 * Protects the host of an open episode (its hostnames; without any, its MACs), and releases it.
	 * @throws LedgerError `notContained` when the episode is over.
	 */
	protectEpisode(episodeId: string, actor: Actor, reason: string): Promise<ProtectedEntry[]>;
	/** Keeps references with an episode, e.g. the id of the message that replaced another one. */
	addReferences(episodeId: string, references: Record<string, string>, actor: Actor): Promise<Episode>;

	/** Forgets score and repeat memory of an entity together. Detections stay as evidence. Audited. */
	purgeEntity(entity: EntityKey, actor: Actor, reason: string): Promise<boolean>;

	getPolicy(version?: number): Promise<{ version: number; policy: Policy; createdAt: string; createdBy: string }>;
	getPolicyVersions(): Promise<{ version: number; createdAt: string; createdBy: string; comment: string }[]>;
	/** Event types with detections that no rule of the active policy matches, most detections first. */
	getUnratedEventTypes(filter: { source?: string; limit: number; offset?: number }): Promise<Page<UnratedEventType>>;
	/**
	 * @param options `expectedVersion`: version on which the new one is based; without it, whatever is active is replaced
	 * @throws PolicyError listing every problem with its JSON path.
	 * @throws LedgerError `policyChanged` when another version than the expected one is active.
	 */
	updatePolicy(policy: unknown, actor: Actor, comment: string, options?: { expectedVersion?: number }): Promise<{ version: number; policy: Policy }>;

	/** Recomputes every score from the kept detections under a policy version (default: the active one). */
	replay(version?: number): Promise<ReplayResult>;
	/** @throws PolicyError for a draft that is not valid. */
	whatIf(draft: unknown, since: string): Promise<WhatIfResult>;

	/**
	 * Puts in the audit trail what somebody asked for or was refused, without changing anything else.
	 * @returns whether it was; with a key, a note that is there already is not made again
	 */
	note(actor: Actor, action: string, subject: string, details: Record<string, unknown>, key?: NoteKey): Promise<boolean>;
	/** Newest first. `beforeSeq` goes on where a list ended, however many records have come since. */
	getAudit(filter: AuditFilter): Promise<Page<AuditRecord>>;
	verifyAudit(): Promise<AuditVerdict>;
	getMetrics(): Promise<Metrics>;

	/** The whole ledger as JSON Lines, consistent at one moment. */
	exportAll(): AsyncIterable<string>;
	/** Fills an empty ledger from an export; verifies the audit chain and replays before it is accepted. */
	importAll(lines: AsyncIterable<string> | Iterable<string>, actor: Actor): Promise<{ detections: number; auditRecords: number }>;

	/** A poll failed; `checkSources` counts the failures since the last one that went well. */
	recordSourceFailure(source: string, error: string, actor: Actor): Promise<SourceState>;
	getSources(settings?: Partial<SourceSettings>): Promise<SourceState[]>;
	/**
	 * Raises one alarm for each source that fails or is silent beyond its rhythm, and clears it when it is back; and one
	 * for each notice that was given up, until it is retried.
	 */
	checkSources(actor: Actor, settings?: Partial<SourceSettings>): Promise<{ sources: SourceState[]; messages: AlarmMessage[] }>;
	getAlarms(): Promise<Alarm[]>;
	/** The message about these alarms was sent. @returns how many of them exist */
	confirmAlarms(keys: readonly string[], event: AlarmMessage['event'], actor: Actor): Promise<number>;
	/** Compares Cisco ISE's ANC bindings with the open episodes, and keeps an alarm for each difference. Clears nothing in ISE. */
	reconcileAnc(bindings: readonly AncBinding[], options: ReconcileOptions): Promise<ReconcileResult>;
	/**
	 * Makes a binding that somebody set in ISE an episode of the ledger, with a ticket and a time to be released.
	 * @throws LedgerError `protected`, or `alreadyContained` when its host has an open episode.
	 */
	adoptBinding(binding: Required<AncBinding>, actor: Actor, reason: string): Promise<{ intent: Intent; notice: Intent }>;
	/**
	 * Removes old detections that count for nothing any more, in chunks of one transaction each, so that scoring goes on.
	 * Scores stay what they are, to the last bit. What is older is refused from now on. Also lets searches for a part of a
	 * key find what is new since the last time through an index, where the store has one.
	 */
	applyRetention(options: RetentionOptions): Promise<RetentionResult>;
	/**
	 * The audit records older than a moment (ISO 8601), their hashes checked; `undefined`: none.
	 * @throws LedgerError `auditBroken` when the trail does not hold: it must not be signed off.
	 */
	getAuditSegment(before: string): Promise<AuditSegment | undefined>;
	/** The records of a segment as JSON Lines, as they are stored, so that their hashes can be checked anywhere. */
	exportAuditSegment(segment: AuditSegment): AsyncIterable<string>;
	/**
	 * Removes an exported segment. The chain goes on from a checkpoint record that keeps its last hash, who signed it
	 * off and the fingerprint of the export.
	 * @returns that record
	 * @throws LedgerError `invalidValue` when the segment is not the oldest that the ledger holds.
	 */
	closeAuditSegment(segment: AuditSegment, signOff: AuditSignOff, actor: Actor): Promise<AuditRecord>;

	close(): Promise<void>;
}

/** When a source is in trouble. */
export interface SourceSettings {
	/** Failed polls in a row. Default 3. */
	failures: number;
	/** Minutes without any successful poll, for sources that are polled. Default 15. */
	pollGapMinutes: number;
	/** Silence of fewer minutes is never an alarm. Default 60. */
	silenceFloorMinutes: number;
	/** Sources without alarms. */
	ignore: readonly string[];
}

export interface ReconcileOptions {
	actor: Actor;
	/** When reading ISE's bindings began (ISO 8601). What changed since is left for the next time. */
	readAt: string;
	/** A binding that ISE lost is reported, or applied once more (once per episode). Default `report`. */
	onLost?: 'report' | 'reapply';
	/** An unknown binding with one of our policies is reported, or becomes an episode. Default `report`. */
	onOurs?: 'report' | 'adopt';
	/** ANC policies of others, which are none of the ledger's business. */
	ignorePolicies?: readonly string[];
}

export interface RetentionOptions {
	actor: Actor;
	/** Keep detections of this many days. */
	detectionDays: number;
	/** Detections per transaction. Default 500. */
	chunkSize?: number;
	/** Chunks at most; `more` tells whether some are left. Default: all. */
	maxChunks?: number;
}

export interface AuditSignOff {
	/** The person who answers for it. */
	by: string;
	reason: string;
	/** Where the export is kept, e.g. a file name. */
	exportedTo: string;
	/** SHA-256 over the exported bytes, hex. */
	sha256: string;
}

export interface AuditFilter {
	action?: string;
	subject?: string;
	actor?: string;
	/** ISO 8601. */
	since?: string;
	beforeSeq?: number;
	limit: number;
	offset?: number;
}

export interface ScoreOptions {
	actor: Actor;
	/** Commit that this source has been read up to here (ISO 8601). Never moves back. */
	cursor?: { source: string; position: string };
	/** Keep `detection.raw`. */
	keepRaw?: boolean;
}

export interface CursorOptions {
	/** Read again so many seconds before the last position, for events that arrive late. */
	overlapSeconds: number;
	/** How far the first poll looks back. */
	firstLookbackSeconds: number;
	/** How much one poll reads at most, besides what it reads again; without it, all that there is. */
	longestSpanSeconds?: number;
	/** How far the first poll after a full hour reads again, for events that reach the product long after they occurred. */
	lateSeconds?: number;
}

export interface PollOptions extends CursorOptions {
	/** How long no other poll of the source may begin, unless this one ends sooner. */
	leaseSeconds: number;
	actor: Actor;
}

export interface ClaimOptions {
	actor: Actor;
	kinds: IntentKind[];
	/** Only these; default: all that are due. */
	ids?: string[];
	limit: number;
	leaseSeconds: number;
}

export interface Completion {
	intentId: string;
	/** What was done, as read back from the products, e.g. `{ macs: [{mac, policy}], connectors: [{guid, status}] }`. */
	result: Record<string, unknown>;
	references?: Record<string, string>;
	/** Merged into the host. */
	identity?: FoundIdentity;
}

/** What was found of a host on the way: all of its network cards, names and connectors. */
export type FoundIdentity = Partial<{ macs: string[]; ips: string[]; hostnames: string[]; users: string[]; connectorGuids: string[] }>;

export interface Failure {
	intentId: string;
	error: string;
	/** Merged into the host, so that a release reaches what was contained in part. */
	identity?: FoundIdentity;
}

export type Confirmation = TargetFindings & { intentId: string };

/** An intent after work on it, and the notice that tells people of the outcome, if there is one. */
export interface Settled {
	intent: Intent;
	notice?: Intent;
}

export type Confirmed = Settled & {
	confirmed: boolean;
	/** What to contain: all that was known of the host, and found of it. */
	macs: string[];
	connectorGuids: string[];
};

/** What tells a request that is sent again from a new one. */
export interface RequestKey {
	/** Chosen by whoever asks; unique per asker, so let it say who asks. */
	key: string;
	/** Fingerprint of everything that was asked for. */
	fingerprint: string;
}

/** What the products say of the host that is about to be contained. */
export interface TargetFindings {
	identity?: FoundIdentity;
	/** ISE endpoint profiles of the host, e.g. `Cisco-Switch`; none when they could not be read. */
	endpointProfiles?: string[];
	/** ISE identity groups of the host and its user; none when they could not be read. */
	identityGroups?: string[];
}

export interface ManualOptions {
	actor: Actor;
	reason: string;
	/** ISO 8601 duration; default: the policy's. */
	duration?: string;
	/** Contain even though it is protected; the actor answers for it in the audit. */
	overrideProtection?: boolean;
	/** Ask the approvers first, as for somebody who may not contain alone. The actor can't be one of them. */
	needsApproval?: boolean;
	/** The same request again has the same answer and does nothing. */
	request?: RequestKey;
}
