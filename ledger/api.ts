/**
 * What the ledger answers: shapes shared by the ledger service and those who call it.
 * Times are ISO 8601 strings in UTC with milliseconds unless a name ends in `Ms`.
 */
import type { EntityContext } from './context';
import type { Detection, Observable, Target } from './detection';

export type EntityKind = 'mac' | 'user' | 'ip' | 'hostname';
export type Band = 'white' | 'yellow' | 'orange' | 'red' | 'contain';

/** `kind` and canonical key: MAC upper-case colon form, IP canonical text, hostname and user lower-case. */
export interface EntityKey {
	kind: EntityKind;
	key: string;
}

/** Who asks, for the audit trail. */
export interface Actor {
	/** A person's name, or `workflow` when nobody pressed anything. */
	name: string;
	/** n8n workflow name and execution id, where there is one. */
	execution?: string;
}

export type EntityState =
	| 'normal'
	| 'awaitingApproval'
	| 'containing'
	| 'contained'
	| 'releasing'
	| 'grace';

export interface EntitySummary extends EntityKey {
	/** Points now, after decay and caps, rounded to 3 decimals. */
	score: number;
	band: Band;
	state: EntityState;
	protected: boolean;
	hostId?: string;
	/** What Cisco ISE takes its host for, e.g. `Windows10-Workstation`. */
	endpointProfile?: string;
	/** Of the host of a MAC address, in the order in which they were learnt; absent for other kinds. */
	hostnames?: string[];
	episodeId?: string;
	/** Per source: points now, and number of detections ever. */
	sources: Record<string, { score: number; detections: number }>;
	firstSeenAt: string;
	lastSeenAt: string;
}

/** What the ledger knows of the host of a connector. */
export interface ConnectorHost {
	/** By the detections listed with the entity, the connector runs on the entity's own host. */
	seen: boolean;
	/** The entry that protects the host. */
	protectedBy?: Pick<ProtectedEntry, 'type' | 'value' | 'reason'>;
}

/** One detection's effect on one entity: the answer to "why is it at 87?". */
export interface Contribution {
	detection: Detection;
	/** Points added when it was scored: after rules, repeat policy, weight and cap. */
	penalty: number;
	/** What is left of it now. */
	remaining: number;
	/** Why the penalty is what it is: rules that matched, repeats that added nothing, the cap. */
	reasons: string[];
}

export interface EntityDetail extends EntitySummary {
	contributions: Contribution[];
	/** Entities seen in the same targets, i.e. of the same host. */
	related: EntityKey[];
	episodes: Episode[];
	/** What the products said when somebody looked it up last. */
	context?: EntityContext;
}

export type IntentKind = 'contain' | 'release' | 'notify';
export type IntentState =
	| 'awaitingApproval'
	| 'pending'
	| 'claimed'
	| 'done'
	/** Given up after the last attempt; a person must act. */
	| 'failed'
	| 'denied'
	| 'expired'
	/** Overtaken, e.g. a containment whose episode was released before it ran. */
	| 'cancelled';

/** A guard's verdict. `approve` turns a containment into an approval request, `refuse` records a refusal. */
export interface Decision {
	guard: 'observe' | 'protected' | 'grace' | 'shared' | 'diversity' | 'breaker' | 'approval' | 'kind' | 'dispatch' | 'manual';
	verdict: 'contain' | 'approve' | 'refuse';
	reason: string;
}

/** What is known of the host that an intent is about: everything that must leave the network. */
export interface HostIdentity {
	hostId: string;
	macs: string[];
	ips: string[];
	hostnames: string[];
	users: string[];
	connectorGuids: string[];
}

/** A decided, not yet confirmed containment, release or notification (outbox). */
export interface Intent {
	id: string;
	kind: IntentKind;
	state: IntentState;
	episodeId: string;
	host: HostIdentity;
	/** What somebody who had to ask first called the host; part of `host`, but nobody has confirmed that it is one. */
	named?: Target;
	/** The entity that crossed first, with the score at that time. */
	trigger: EntityKey & { score: number };
	decision: Decision;
	/** ANC policy to apply, from the ledger policy. */
	ancPolicy: string;
	/** Whether the connector is isolated too. */
	isolateConnector: boolean;
	/** Why, in one sentence a person understands. */
	reason: string;
	requestedBy: string;
	/** Top contributions of the trigger when the intent was opened, highest first, at most five. */
	topContributions: { source: string; eventType: string; penalty: number; occurredAt: string; link?: string }[];
	createdAt: string;
	expiresAt?: string;
	/** How many people have to approve; only of containments that wait or waited for approval. */
	quorum?: number;
	/** The notice that asked for approval. */
	askedIn?: string;
	/** Approvals given so far, oldest first; one per person. */
	approvals?: { by: string; reason: string; at: string }[];
	attempts: number;
	nextAttemptAt?: string;
	leaseUntil?: string;
	/** How long a lease lasts; every step that is recorded starts it anew. */
	leaseSeconds?: number;
	/** Executions that have claimed it, the holder of the lease last; the others may not report on it any more. */
	claimedBy?: string[];
	lastError?: string;
	/** Free-form result of the steps already taken; survives a crash between steps. */
	steps: Record<string, unknown>;
	/** For kind `notify`: what is to be told. */
	notice?: Notice;
}

export interface Notice {
	event: 'contained' | 'released' | 'approvalRequested' | 'approvalExpired' | 'escalated' | 'failed';
	/** Containment result as given to Complete Intent, for `contained` and `released`. */
	result?: Record<string, unknown>;
	/** For `approvalRequested` and `approvalExpired`: the intents of the batch (one notice per batch), at most twenty, and how many there are. */
	approvals?: { intentId: string; host: string; score: number; reason: string; expiresAt?: string; quorum?: number }[];
	approvalCount?: number;
	/** For `escalated`: entities that crossed while the episode was open. */
	crossed?: (EntityKey & { score: number })[];
	/** Known references of the episode, so that a message or ticket is updated and not repeated. */
	references: Record<string, string>;
}

/** From an entity's crossing to its release; belongs to a host. */
export interface Episode {
	id: string;
	hostId: string;
	state: 'awaitingApproval' | 'containing' | 'contained' | 'releasing' | 'released' | 'refused';
	openedAt: string;
	containedAt?: string;
	/** When auto-release is due. */
	releaseDueAt?: string;
	releasedAt?: string;
	releasedBy?: string;
	crossings: (EntityKey & { score: number; at: string })[];
	/** Tickets and messages, e.g. `{ serviceNowSysId, serviceNowNumber, webexMessageId }`. */
	references: Record<string, string>;
}

/**
 * What Score did with one detection. Exactly one outcome per detection given, in the order given. `unrated`: no rule
 * of the policy matches it.
 */
export type ScoreOutcome =
	| { outcome: 'recorded'; id: string; entities: (EntityKey & { penalty: number; score: number })[]; reasons: string[]; unrated?: true }
	/** With a reason when it is older than what the ledger still remembers, so that it may have been counted before. */
	| { outcome: 'duplicate'; id: string; reason?: string }
	| { outcome: 'invalid'; id?: string; error: string; field: string };

export interface ScoreResult {
	outcomes: ScoreOutcome[];
	/** Containments to carry out now, one per host. */
	contain: Intent[];
	/** Containments that wait for a person. */
	needsApproval: Intent[];
	/** Notices opened by this batch (approval requests, escalations). */
	notices: Intent[];
	/** Crossings that a guard refused, with the reason. */
	refused: (EntityKey & { score: number; decision: Decision })[];
}

/** How far a source has been read. */
export interface Cursor {
	source: string;
	/** `occurredAt` up to which everything was read; absent before the first poll. */
	position?: string;
	/** Start for the next poll: position less the overlap, or now less the first look-back. */
	from: string;
	/** End for the next poll: now, or as far as one poll may read. Commit it with Score. */
	to: string;
	/** Further polls are needed to read up to now. */
	behind?: true;
	lastPollAt?: string;
}

/** Another poll of the source has not ended yet. */
export interface PollUnderWay {
	source: string;
	/** When its lease ends, should nothing be heard of it. */
	underWayUntil: string;
}

/** How long a list is. */
export interface Total {
	total: number;
	/** There may be more than `total`: counting stopped there. */
	atLeast?: true;
}

export interface Page<T> extends Total {
	items: T[];
}

export interface EntityFilter {
	kind?: EntityKind;
	band?: Band;
	state?: EntityState;
	/** Part of a key, case-insensitive. */
	search?: string;
	/** Default: highest score first. `lastSeen`: latest first. `key`: in order of the key. */
	order?: 'score' | 'lastSeen' | 'key';
	limit: number;
	offset?: number;
}

export interface DetectionFilter {
	source?: string;
	entity?: EntityKey;
	eventType?: string;
	/** A whole value that was seen, of any type, e.g. a domain or SHA-256; case-insensitive. Latest recorded first. */
	observable?: string;
	since?: string;
	until?: string;
	limit: number;
	offset?: number;
}

export interface AuditRecord {
	seq: number;
	at: string;
	actor: string;
	execution?: string;
	action: string;
	/** Object of the action, e.g. `mac:00:11:22:33:44:55` or `intent:…`. */
	subject: string;
	details: Record<string, unknown>;
	/** SHA-256 over the previous hash and this record, hex. */
	hash: string;
}

export interface AuditVerdict {
	ok: boolean;
	records: number;
	/** First record that does not fit, and how. */
	brokenAt?: number;
	problem?: string;
	headHash: string;
	/** The last record that was removed after it was signed off; the walk starts after it. */
	checkpoint?: { seq: number; hash: string };
}

export interface ReplayResult {
	detections: number;
	/** Whether the recomputed state equals the stored state bit for bit (only for the active policy). */
	equal: boolean;
	differences: (EntityKey & { stored: number; replayed: number })[];
	entities: (EntityKey & { score: number })[];
}

export interface WhatIfResult {
	detections: number;
	contained: { host: string; trigger: EntityKey; at: string; score: number; decision: Decision }[];
	/** Top scores under the draft, highest first. */
	entities: (EntityKey & { score: number; current: number })[];
}

export interface ProtectedEntry {
	/** `mac`, `ip`, `user` or `hostname` (exact key or `*` pattern), `cidr`, `oui`, `endpointProfile`, `identityGroup`. */
	type: 'mac' | 'ip' | 'user' | 'hostname' | 'cidr' | 'oui' | 'endpointProfile' | 'identityGroup';
	value: string;
	reason: string;
	addedBy: string;
	addedAt: string;
}

/** An event type that the active policy says nothing about: recorded, without a penalty. */
export interface UnratedEventType {
	source: string;
	eventType: { id: string; name: string };
	/** How many kept detections of this type no rule matched. */
	detections: number;
	/** When the first and the last of them occurred. */
	firstSeenAt: string;
	lastSeenAt: string;
}

/** How long something took, as a histogram since the ledger began. */
export interface Delay {
	/**
	 * Of detections: from the event to the poll that read it, from there into the score, and both together. Of
	 * containments: from the decision, and from the event that tipped it, until the vendors confirmed.
	 */
	stage: 'occurredToPolled' | 'polledToScored' | 'occurredToScored' | 'scoredToContained' | 'occurredToContained';
	/** The source of the detections; of containments, who decided: `automatic` or `person`. */
	of: string;
	count: number;
	sumSeconds: number;
	/** How many took at most so long; each includes those before it. */
	buckets: { seconds: number; count: number }[];
}

/** Intents in one state that have something left to do. */
export interface OpenIntents {
	state: IntentState;
	/** Age of the oldest; 0 without any. */
	oldestSeconds: number;
	/** How many are at least so old; each includes those after it. */
	olderThan: { seconds: number; count: number }[];
}

export interface Metrics {
	/** By source: detections recorded, and those given again that were known already. */
	detections: Record<string, number>;
	duplicates: Record<string, number>;
	/** Duplicates among all that was given, from 0 to 1. */
	duplicateShare: Record<string, number>;
	/** By source of the detection: how often a detection was added to the score of an entity. */
	scoreUpdates: Record<string, number>;
	/** By source: seconds since the moment up to which everything was read. */
	lagSeconds: Record<string, number>;
	delays: Delay[];
	entities: Record<EntityKind, number>;
	intents: Record<IntentState, number>;
	openIntents: OpenIntents[];
	oldestPendingIntentSeconds: number;
	breaker: { open: boolean; containments: number; limit: number; windowSeconds: number };
	cursors: Cursor[];
	/** Audit records that are kept, and those that were ever written. */
	auditRecords: number;
	auditLength: number;
	databaseBytes: number;
	/** Event types with detections that no rule of the active policy matches. */
	unratedEventTypes: number;
	policyVersion: number;
}

export type AlarmKind = 'source' | 'notice' | 'ancUnknown' | 'ancLost' | 'ancOtherPolicy';

/** Something wrong that lasts: people are told of it once, and once more when it is over. */
export interface Alarm {
	/** What it is about, e.g. `source:umbrella`; one alarm per key at a time. */
	key: string;
	kind: AlarmKind;
	subject: string;
	title: string;
	text: string;
	facts: Record<string, string>;
	openedAt: string;
	/** Over since then, and nobody was told yet. */
	clearedAt?: string;
	/** Whether people know of it. */
	told: boolean;
}

/** What to tell people about alarms; confirm it with `confirmAlarms` when it was sent. */
export interface AlarmMessage {
	event: 'raised' | 'cleared';
	/** Of the alarms that it is about: one, or many when too many change at once. */
	alarmKeys: string[];
	title: string;
	text: string;
	facts: Record<string, string>;
	since: string;
}

/** How a source is doing. */
export interface SourceState {
	source: string;
	/** `learning`: too little history to say what silence is usual. */
	health: 'ok' | 'learning' | 'failing' | 'silent';
	/** Why it is failing or silent, as a sentence. */
	reason?: string;
	/** Last poll, whether it went well or not. */
	lastPollAt?: string;
	lastSuccessAt?: string;
	lastFailureAt?: string;
	/** Failed polls since the last one that went well. */
	failures: number;
	lastError?: string;
	/** Time of the newest event. */
	lastEventAt?: string;
	/** The silence that is usual for this source, learned from its history. */
	usualSilenceSeconds?: number;
}

/** An ANC binding as Cisco ISE lists it. */
export interface AncBinding {
	macAddress: string;
	policyName?: string;
}

/** Where ISE and the ledger do not agree. */
export interface AncDifference {
	/** ISE has a binding that no episode explains; lacks one; or has another policy on it. */
	kind: 'unknown' | 'lost' | 'otherPolicy';
	mac: string;
	/** What people call the host, where the ledger knows it. */
	host?: string;
	episodeId?: string;
	/** In ISE. */
	policyName?: string;
	/** By the ledger. */
	expectedPolicy?: string;
	/** Whether the policy is one that this ledger applies. */
	ours: boolean;
	action: 'reported' | 'adopted' | 'reapplied';
}

export interface ReconcileResult {
	/** Bindings in ISE, and those of them that an episode explains. */
	bindings: number;
	explained: number;
	differences: AncDifference[];
	/** Containments to carry out again. */
	contain: Intent[];
	/** Notices about adopted episodes. */
	notices: Intent[];
	messages: AlarmMessage[];
}

export interface RetentionResult {
	/** Detections removed by this run. */
	removed: number;
	/** Older ones that stay: they still count for a score, or their host has an open episode. */
	kept: number;
	/** Detections that occurred before are refused from now on. */
	before: string;
	/** Whether there is more to do; run it again. */
	more: boolean;
}

/** Records at the start of the audit trail, to be exported and then closed. */
export interface AuditSegment {
	fromSeq: number;
	toSeq: number;
	records: number;
	/** Hash before the first, and of the last record. */
	previousHash: string;
	lastHash: string;
}

export type { Detection, Observable, Target };
