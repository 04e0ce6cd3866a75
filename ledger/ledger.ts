import { setTimeout as pause } from 'node:timers/promises';
import type {
	Actor, Alarm, AlarmMessage, AncBinding, AuditRecord, AuditSegment, AuditVerdict, ConnectorHost, Cursor, Detection, DetectionFilter,
	EntityDetail, EntityFilter, EntityKey, EntitySummary, Episode, Intent, IntentState, Metrics, Page, PollUnderWay, ProtectedEntry, ReconcileResult,
	ReplayResult, RetentionResult, ScoreOutcome, ScoreResult, SourceState, UnratedEventType, WhatIfResult,
} from './api';
import { confirm, toAlarm } from './alarms';
import { SEGMENT_CLOSED, toAuditRecord, verifyChain } from './audit';
import { closeSegment, oldestSegment, removeClosed, segmentLines } from './auditSegments';
import { canonicalJson } from './canonicalJson';
import { Change } from './change';
import { iso } from './time';
import { compilePolicy, compileProtection, type CompiledPolicy } from './compiledPolicy';
import { approve, closeExpiredApprovals, deny } from './approvals';
import { refuse } from './confirming';
import { connectorHost } from './connectors';
import * as containment from './containment';
import { noteContext, type EntityContext } from './context';
import { countScored } from './delays';
import { canonicalKey, ENTITY_KINDS, IDENTITY_READING } from './entity';
import { LedgerError, PolicyError } from './errors';
import { hostNumber } from './hosts';
import { loadMetrics } from './metrics';
import { parseDetection } from './parseDetection';
import { beginPoll, endPoll, spanOf } from './polls';
import { note, type NoteKey } from './notes';
import { matcherProblem, SCORING_FIELDS, validatePolicy, type Policy } from './policy';
import { BALANCED } from './presets/balanced';
import { protectAll, protectEpisode } from './protection';
import { rebuild, replay } from './rebuild';
import { adopt, reconcile } from './reconcile';
import { retainChunk, startRetention, toResult } from './retention';
import { findRequest, once } from './requests';
import { containManually } from './manualContainment';
import { scoreBatch, type ValidDetection } from './scoreBatch';
import { retry } from './retry';
import { completeAll, confirmAll, failAll } from './settling';
import type {
	AuditFilter, AuditSignOff, ClaimOptions, Completion, Confirmation, Confirmed, CursorOptions, Failure,
	LedgerService, ManualOptions, PollOptions, ReconcileOptions, RequestKey, RetentionOptions, ScoreOptions, Settled, SourceSettings,
} from './service';
import { checkSources, judge, loadFacts, recordFailure } from './sources';
import type { LedgerHead, ReadTransaction, Store, WriteTransaction } from './store/store';
import { exportLines, importLines } from './transfer';
import { reportUndelivered } from './undelivered';
import { recountUnrated, toUnratedEventType } from './unrated';
import { Views } from './views';
import { whatIf } from './whatIf';

/** The ledger on a store. Every change is one transaction that leaves an audit record. */
export class Ledger implements LedgerService {
	private readonly policies = new Map<number, CompiledPolicy>();

	/** @param clock Milliseconds since 1970; given by tests. */
	constructor(
		private readonly store: Store,
		private readonly clock: () => number = Date.now,
		private readonly onClose: () => Promise<void> = () => store.close(),
	) {}

	/** Gives a new ledger its first policy, and one of an older version the scores that this one gives. */
	async initialise(): Promise<void> {
		if (isUpToDate(await this.store.read((tx) => tx.head()))) return;
		await this.store.write(async (tx) => {
			const head = await tx.head();
			if (isUpToDate(head)) return;
			await (head.policyVersion > 0 ? this.rereadIdentities(tx, head) : this.begin(tx, head));
		});
	}

	private async begin(tx: WriteTransaction, head: LedgerHead): Promise<void> {
		const nowMs = this.clock();
		head.policyVersion = 1;
		head.identityReading = IDENTITY_READING;
		await tx.insertPolicy({ version: 1, policy: BALANCED, createdMs: nowMs, createdBy: ITSELF.name, comment: 'Preset balanced' });
		const change = new Change(tx, head, compilePolicy(BALANCED, 1), ITSELF, nowMs, []);
		change.audit('policyUpdated', 'policy:1', { comment: 'Preset balanced', policy: BALANCED });
		await change.save();
	}

	/** Scores have to be what a replay gives, also when texts stand for other identities than they did. */
	private async rereadIdentities(tx: WriteTransaction, head: LedgerHead): Promise<void> {
		const policy = await this.freshlyCompiled(tx);
		const change = new Change(tx, head, policy, ITSELF, this.clock(), []);
		head.identityReading = IDENTITY_READING;
		await rebuild(change, policy);
		await change.save();
	}

	async score(detections: readonly unknown[], options: ScoreOptions): Promise<ScoreResult> {
		const cursor = options.cursor && { source: options.cursor.source, position: isoTime(options.cursor.position, 'cursor.position') };
		const nowMs = this.clock();
		const parsed = detections.map((given) => parseDetection(given, nowMs, options.keepRaw === true));
		const valid = parsed.filter((item): item is ValidDetection & { ok: true } => item.ok);
		return await this.change(options.actor, async (change) => {
			const ids = valid.map(({ detection }) => detection.id);
			const [known] = await Promise.all([change.tx.knownDetections(ids), closeExpiredApprovals(change)]);
			const { outcomes, ...decided } = await scoreBatch(change, valid, known);
			countScored(change, valid, outcomes, cursor);
			if (cursor) await commitCursor(change, cursor);
			return { outcomes: parsed.map((item) => toOutcome(item, outcomes)), ...decided };
		});
	}

	async getCursor(source: string, options: CursorOptions): Promise<Cursor> {
		const nowMs = this.clock();
		return spanOf(source, await this.store.read((tx) => tx.cursor(source)), options, nowMs);
	}

	async beginPoll(source: string, options: PollOptions): Promise<Cursor | PollUnderWay> {
		return await this.change(options.actor, (change) => beginPoll(change, source, options));
	}

	async getEntity(entity: EntityKey): Promise<EntityDetail | undefined> {
		return await this.view(async (tx, views, policy) => {
			const [row] = await tx.entities([canonical(entity, policy)]);
			return row && (await views.detail(row));
		});
	}

	async getConnectorHost(entity: EntityKey, guid: string): Promise<ConnectorHost | undefined> {
		return await this.view(async (tx, { protectedBy }, policy) => {
			const [row] = await tx.entities([canonical(entity, policy)]);
			return row && (await connectorHost(tx, policy, protectedBy, row, guid));
		});
	}

	async getContexts(entities: readonly EntityKey[]): Promise<{ entity: EntityKey; context: EntityContext }[]> {
		return await this.view(async (tx, _views, policy) => {
			const rows = await tx.entities(entities.map((entity) => canonical(entity, policy)));
			const contexts = [];
			for (const row of rows) {
				const context = row && (await tx.context(row.id));
				if (context) contexts.push({ entity: { kind: row.kind, key: row.key }, context });
			}
			return contexts;
		});
	}

	async noteContext(entity: EntityKey, found: unknown, actor: Actor): Promise<EntityContext> {
		return await this.change(actor, (change) => noteContext(change, canonical(entity, change.policy), found));
	}

	async getEntities(filter: EntityFilter): Promise<Page<EntitySummary>> {
		return await this.view(async (tx, views, _policy, head) => {
			const { rows, ...length } = await tx.rankedEntities({
				...filter,
				limit: limitOf(filter.limit),
				offset: offsetOf(filter.offset),
				...(filter.band !== undefined && views.rankRange(filter.band)),
				nowMs: this.clock(),
				...knownTotal(filter, head),
			});
			return { items: rows.map((row) => views.summary(row)), ...length };
		});
	}

	async getDetections(filter: DetectionFilter): Promise<Page<Detection>> {
		return await this.view(async (tx, _views, policy, head) => {
			const [row] = filter.entity ? await tx.entities([canonical(filter.entity, policy)]) : [];
			if (filter.entity && !row) return { items: [], total: 0 };
			const { rows, ...length } = await tx.detections({
				...(filter.source !== undefined && { source: filter.source }),
				...(filter.eventType !== undefined && { eventType: filter.eventType }),
				...(filter.observable !== undefined && { observable: filter.observable.trim() }),
				...(row && { entityId: row.id }),
				...(filter.since !== undefined && { sinceMs: Date.parse(isoTime(filter.since, 'since')) }),
				...(filter.until !== undefined && { untilMs: Date.parse(isoTime(filter.until, 'until')) }),
				limit: limitOf(filter.limit),
				offset: offsetOf(filter.offset),
				...(isUnfiltered(filter) && { total: head.detectionSeq - (head.retention?.removed ?? 0) }),
			});
			return { items: rows.map(({ body }) => JSON.parse(body) as Detection), ...length };
		});
	}

	async getDetectionCounts(since: string): Promise<Record<string, number>> {
		const sinceMs = Date.parse(isoTime(since, 'since'));
		const rows = await this.store.read((tx) => tx.detectionCounts(sinceMs));
		return Object.fromEntries(rows.map(({ source, count }) => [source, count]));
	}

	async getEpisodes(filter: { state?: Episode['state']; hostId?: string; limit: number; offset?: number }): Promise<Page<Episode>> {
		const hostId = filter.hostId === undefined ? undefined : (hostNumber(filter.hostId) ?? -1);
		const { rows, ...length } = await this.store.read((tx) =>
			tx.findEpisodes({
				...(filter.state !== undefined && { state: filter.state }),
				...(hostId !== undefined && { hostId }),
				limit: limitOf(filter.limit),
				offset: offsetOf(filter.offset),
			}),
		);
		return { items: rows.map(({ episode }) => episode), ...length };
	}

	async getIntents(filter: { kind?: Intent['kind']; state?: IntentState; limit: number; offset?: number }): Promise<Page<Intent>> {
		const { rows, ...length } = await this.store.read((tx) =>
			tx.findIntents({ ...filter, limit: limitOf(filter.limit), offset: offsetOf(filter.offset) }),
		);
		return { items: rows.map(({ intent }) => intent), ...length };
	}

	async claimIntents(options: ClaimOptions): Promise<Intent[]> {
		return await this.change(options.actor, (change) => containment.claim(change, { ...options, limit: limitOf(options.limit) }));
	}

	async recordStep(intentId: string, steps: Record<string, unknown>, actor: Actor): Promise<Intent> {
		return await this.change(actor, (change) => containment.recordStep(change, intentId, steps));
	}

	async completeIntents(given: readonly Completion[], actor: Actor): Promise<(Settled | LedgerError)[]> {
		return await this.change(actor, (change) => completeAll(change, given));
	}

	async failIntents(given: readonly Failure[], actor: Actor): Promise<(Settled | LedgerError)[]> {
		return await this.change(actor, (change) => failAll(change, given));
	}

	async retryIntent(intentId: string, actor: Actor, reason: string): Promise<Intent> {
		return await this.change(actor, (change) => retry(change, intentId, reason));
	}

	async confirmTargets(given: readonly Confirmation[], actor: Actor): Promise<(Confirmed | LedgerError)[]> {
		return await this.change(actor, (change) => confirmAll(change, given));
	}

	async getDueIntents(actor: Actor, limit: number): Promise<Intent[]> {
		return await this.change(actor, (change) => containment.dueIntents(change, limitOf(limit)));
	}

	async refuseIntent(intentId: string, actor: Actor, reason: string): Promise<Intent> {
		return await this.change(actor, (change) => refuse(change, intentId, reason));
	}

	async approve(intentId: string, actor: Actor, reason: string): Promise<Intent> {
		return orThrow(await this.change(actor, (change) => approve(change, intentId, reason)));
	}

	async deny(intentId: string, actor: Actor, reason: string): Promise<Intent> {
		return orThrow(await this.change(actor, (change) => deny(change, intentId, reason)));
	}

	async containManually(target: Parameters<LedgerService['containManually']>[0], options: ManualOptions): Promise<Intent> {
		return await this.change(options.actor, (change) => once(change, options.request, () => containManually(change, target, options)));
	}

	async release(subject: EntityKey | { episodeId: string }, actor: Actor, reason: string, request?: RequestKey): Promise<Intent> {
		return await this.change(actor, (change) => once(change, request, () => containment.release(change, subject, reason)));
	}

	async findRequest(request: RequestKey): Promise<Intent | undefined> {
		return await this.store.read((tx) => findRequest(tx, request));
	}

	async releaseDue(actor: Actor): Promise<Intent[]> {
		return await this.change(actor, containment.releaseDue);
	}

	async protect(given: Omit<ProtectedEntry, 'addedBy' | 'addedAt'>, actor: Actor): Promise<ProtectedEntry> {
		const value = given.value.trim();
		return await this.change(actor, async (change) => {
			const problem = value === '' ? 'must not be empty' : matcherProblem({ type: given.type, value }, change.policy.identity);
			if (problem) throw new LedgerError('invalidValue', `The value of a protected ${given.type} ${problem}`);
			const [entry] = await protectAll(change, [{ ...given, value }]);
			return entry;
		});
	}

	async protectEpisode(episodeId: string, actor: Actor, reason: string): Promise<ProtectedEntry[]> {
		return await this.change(actor, (change) => protectEpisode(change, episodeId, reason));
	}

	async addReferences(episodeId: string, references: Record<string, string>, actor: Actor): Promise<Episode> {
		return await this.change(actor, (change) => containment.addReferences(change, episodeId, references));
	}

	async unprotect(type: ProtectedEntry['type'], value: string, actor: Actor): Promise<boolean> {
		return await this.change(actor, async (change) => {
			const removed = await change.tx.deleteProtected(type, value.trim());
			if (!removed) return false;
			await change.tx.rearmAll();
			change.audit('unprotected', `${type}:${value.trim()}`);
			return true;
		});
	}

	async getProtected(): Promise<ProtectedEntry[]> {
		return await this.store.read(async (tx) => {
			const { version, policy, createdMs } = await activePolicyRow(tx);
			const fromPolicy = policy.protected.map((entry) => ({ ...entry, addedBy: `policy ${version}`, addedAt: iso(createdMs) }));
			return [...(await tx.protectedEntries()), ...fromPolicy];
		});
	}

	async purgeEntity(entity: EntityKey, actor: Actor, reason: string): Promise<boolean> {
		return await this.change(actor, (change) => containment.purge(change, entity, reason));
	}

	async getPolicy(version?: number): Promise<{ version: number; policy: Policy; createdAt: string; createdBy: string }> {
		return await this.store.read(async (tx) => {
			const row = version === undefined ? await activePolicyRow(tx) : await policyRow(tx, version);
			return { version: row.version, policy: row.policy, createdAt: iso(row.createdMs), createdBy: row.createdBy };
		});
	}

	async getPolicyVersions(): Promise<{ version: number; createdAt: string; createdBy: string; comment: string }[]> {
		const rows = await this.store.read((tx) => tx.policies());
		return rows.map(({ version, createdMs, createdBy, comment }) => ({ version, createdAt: iso(createdMs), createdBy, comment }));
	}

	async getUnratedEventTypes(filter: { source?: string; limit: number; offset?: number }): Promise<Page<UnratedEventType>> {
		const { rows, ...length } = await this.store.read((tx) =>
			tx.unrated({ ...filter, limit: limitOf(filter.limit), offset: offsetOf(filter.offset) }),
		);
		return { items: rows.map(toUnratedEventType), ...length };
	}

	async updatePolicy(given: unknown, actor: Actor, comment: string, { expectedVersion }: { expectedVersion?: number } = {}): Promise<{ version: number; policy: Policy }> {
		const policy = validatePolicy(given);
		return await this.change(actor, async (change) => {
			const active = change.head.policyVersion;
			if (expectedVersion !== undefined && expectedVersion !== active) {
				throw new LedgerError('policyChanged', `The change is based on policy version ${expectedVersion}, but version ${active} is active now. Compare them, and make the change anew`);
			}
			const version = ++change.head.policyVersion;
			await change.tx.insertPolicy({ version, policy, createdMs: change.nowMs, createdBy: actor.name, comment });
			change.audit('policyUpdated', `policy:${version}`, { comment, policy });
			if (scoringDiffers(change.policy.policy, policy)) await rebuild(change, compilePolicy(policy, version));
			if (canonicalJson(change.policy.policy.rules) !== canonicalJson(policy.rules)) {
				await recountUnrated(change.tx, compilePolicy(policy, version));
			}
			await change.tx.rearmAll();
			return { version, policy };
		});
	}

	async replay(version?: number): Promise<ReplayResult> {
		const nowMs = this.clock();
		return await this.store.readApart(async (tx) => {
			const { policyVersion } = await tx.head();
			return await replay(tx, await this.compiled(tx, version ?? policyVersion), await this.compiled(tx, policyVersion), nowMs);
		});
	}

	async whatIf(draft: unknown, since: string): Promise<WhatIfResult> {
		const policy = compilePolicy(validatePolicy(draft), 0);
		const sinceMs = Date.parse(isoTime(since, 'since'));
		const nowMs = this.clock();
		return await this.store.readApart(async (tx) => whatIf(tx, policy, await this.active(tx), sinceMs, nowMs));
	}

	async note(actor: Actor, action: string, subject: string, details: Record<string, unknown>, key?: NoteKey): Promise<boolean> {
		return await this.change(actor, (change) => note(change, action, subject, details, key));
	}

	async getAudit(filter: AuditFilter): Promise<Page<AuditRecord>> {
		const { since, ...rest } = filter;
		const { rows, ...length } = await this.store.read((tx) =>
			tx.audit({
				...rest,
				...(since !== undefined && { sinceMs: Date.parse(isoTime(since, 'since')) }),
				limit: limitOf(filter.limit),
				offset: offsetOf(filter.offset),
			}),
		);
		return { items: rows.map(toAuditRecord), ...length };
	}

	async verifyAudit(): Promise<AuditVerdict> {
		return await this.store.readApart(verifyChain);
	}

	async getMetrics(): Promise<Metrics> {
		const nowMs = this.clock();
		return await this.store.read(async (tx) => {
			const head = await tx.head();
			return await loadMetrics(tx, head, await this.compiled(tx, head.policyVersion), nowMs);
		});
	}

	async *exportAll(): AsyncIterable<string> {
		yield* exportLines(this.store);
	}

	async importAll(lines: AsyncIterable<string> | Iterable<string>, actor: Actor): Promise<{ detections: number; auditRecords: number }> {
		const result = await importLines(this.store, lines, async (tx) => {
			const policy = await this.freshlyCompiled(tx);
			await recountUnrated(tx, policy);
			const head = await tx.head();
			if (!isUpToDate(head)) await this.rereadIdentities(tx, head);
			return await replay(tx, policy, policy, this.clock());
		});
		this.policies.clear();
		await this.change(actor, async (change) => change.audit('imported', 'ledger', result));
		return result;
	}

	async recordSourceFailure(source: string, error: string, actor: Actor): Promise<SourceState> {
		return await this.change(actor, async (change) => {
			const row = await recordFailure(change, source, error);
			const cursor = await change.tx.cursor(row.source);
			return judge({ source: row.source, row, ...(cursor && { cursor }) }, SOURCE_SETTINGS, change.nowMs);
		});
	}

	async getSources(settings: Partial<SourceSettings> = {}): Promise<SourceState[]> {
		const nowMs = this.clock();
		const facts = await this.store.read(async (tx) => await loadFacts(tx, await tx.head(), nowMs));
		return facts.map((one) => judge(one, { ...SOURCE_SETTINGS, ...settings }, nowMs));
	}

	async checkSources(actor: Actor, settings: Partial<SourceSettings> = {}): Promise<{ sources: SourceState[]; messages: AlarmMessage[] }> {
		return await this.change(actor, async (change) => {
			const { sources, messages } = await checkSources(change, { ...SOURCE_SETTINGS, ...settings });
			return { sources, messages: [...messages, ...(await reportUndelivered(change))] };
		});
	}

	async getAlarms(): Promise<Alarm[]> {
		return (await this.store.read((tx) => tx.alarms())).map(toAlarm);
	}

	async confirmAlarms(keys: readonly string[], event: AlarmMessage['event'], actor: Actor): Promise<number> {
		return await this.change(actor, (change) => confirm(change, keys, event));
	}

	async reconcileAnc(bindings: readonly AncBinding[], options: ReconcileOptions): Promise<ReconcileResult> {
		return await this.change(options.actor, (change) => reconcile(change, bindings, options));
	}

	async adoptBinding(binding: Required<AncBinding>, actor: Actor, reason: string): Promise<{ intent: Intent; notice: Intent }> {
		return await this.change(actor, (change) => adopt(change, binding, reason));
	}

	async applyRetention({ actor, detectionDays, chunkSize = 500, maxChunks = Infinity }: RetentionOptions): Promise<RetentionResult> {
		let progress = startRetention(await this.store.read((tx) => tx.head()), detectionDays, this.clock());
		for (let chunk = 0; chunk < maxChunks && !progress.done; chunk++) {
			progress = await this.change(actor, (change) => retainChunk(change, progress, limitOf(chunkSize)));
			await pause(BETWEEN_CHUNKS_MS);
		}
		while ((await this.store.write((tx) => tx.indexKeys(KEYS_AT_ONCE))) > 0) await pause(BETWEEN_CHUNKS_MS);
		return toResult(progress);
	}

	async getAuditSegment(before: string): Promise<AuditSegment | undefined> {
		const beforeMs = Date.parse(isoTime(before, 'before'));
		return await this.store.readApart((tx) => oldestSegment(tx, beforeMs));
	}

	async *exportAuditSegment(segment: AuditSegment): AsyncIterable<string> {
		yield* segmentLines(this.store, segment);
	}

	async closeAuditSegment(segment: AuditSegment, signOff: AuditSignOff, actor: Actor): Promise<AuditRecord> {
		await this.change(actor, (change) => closeSegment(change, segment, signOff));
		await removeClosed(this.store);
		const { rows } = await this.store.read((tx) => tx.audit({ action: SEGMENT_CLOSED, limit: 1, offset: 0 }));
		return toAuditRecord(rows[0]);
	}

	async close(): Promise<void> {
		await this.onClose();
	}

	private async change<T>(actor: Actor, work: (change: Change) => Promise<T>): Promise<T> {
		return await this.store.write(async (tx) => {
			const [head, entries] = await Promise.all([tx.head(), tx.protectedEntries()]);
			const change = new Change(tx, head, await this.compiled(tx, head.policyVersion), actor, this.clock(), entries);
			const result = await work(change);
			await change.save();
			return result;
		});
	}

	private async view<T>(work: (tx: ReadTransaction, views: Views, policy: CompiledPolicy, head: LedgerHead) => Promise<T>): Promise<T> {
		return await this.store.read(async (tx) => {
			const head = await tx.head();
			const policy = await this.compiled(tx, head.policyVersion);
			const protectedBy = compileProtection(policy, await tx.protectedEntries());
			return await work(tx, new Views(tx, policy, this.clock(), protectedBy), policy, head);
		});
	}

	private async active(tx: ReadTransaction): Promise<CompiledPolicy> {
		return await this.compiled(tx, (await tx.head()).policyVersion);
	}

	/** Policy versions never change, so they are compiled once. */
	private async compiled(tx: ReadTransaction, version: number): Promise<CompiledPolicy> {
		const known = this.policies.get(version);
		if (known) return known;
		const compiled = compilePolicy((await policyRow(tx, version)).policy, version);
		this.policies.set(version, compiled);
		return compiled;
	}

	private async freshlyCompiled(tx: ReadTransaction): Promise<CompiledPolicy> {
		const { version, policy } = await activePolicyRow(tx);
		return compilePolicy(policy, version);
	}
}

const ITSELF: Actor = { name: 'ledger' };
const MAX_LIMIT = 10_000;
const SOURCE_SETTINGS: SourceSettings = { failures: 3, pollGapMinutes: 15, silenceFloorMinutes: 60, ignore: [] };
/** Lets other processes in, too: they wait for the file's lock, not in our queue. */
const BETWEEN_CHUNKS_MS = 5;
const KEYS_AT_ONCE = 2_000;

function isUpToDate({ policyVersion, identityReading = 1 }: LedgerHead): boolean {
	return policyVersion > 0 && identityReading >= IDENTITY_READING;
}

async function commitCursor(change: Change, { source, position }: { source: string; position: string }): Promise<void> {
	const known = await change.tx.cursor(source);
	const ahead = known?.position === undefined || Date.parse(position) > Date.parse(known.position);
	await change.tx.saveCursor({ source, position: ahead ? position : known.position, lastPollMs: change.nowMs });
	await endPoll(change, source, position);
}

function toOutcome(item: ReturnType<typeof parseDetection>, outcomes: Map<string, ScoreOutcome>): ScoreOutcome {
	if (!item.ok) return { outcome: 'invalid', ...(item.id !== undefined && { id: item.id }), error: item.error, field: item.field };
	const { id } = item.detection;
	const outcome = outcomes.get(id);
	outcomes.delete(id);
	return outcome ?? { outcome: 'duplicate', id };
}

function canonical({ kind, key }: EntityKey, policy: CompiledPolicy): EntityKey {
	return { kind, key: canonicalKey(kind, key, policy.identity) ?? key };
}

async function activePolicyRow(tx: ReadTransaction): ReturnType<typeof policyRow> {
	return await policyRow(tx, (await tx.head()).policyVersion);
}

async function policyRow(tx: ReadTransaction, version: number) {
	const row = await tx.policy(version);
	if (!row) throw new LedgerError('notFound', `There is no policy version ${version}`);
	return row;
}

function scoringDiffers(before: Policy, after: Policy): boolean {
	return SCORING_FIELDS.some((field) => canonicalJson(before[field]) !== canonicalJson(after[field]));
}

function knownTotal(filter: EntityFilter, { counters }: LedgerHead): { total?: number } {
	if (filter.band !== undefined || filter.state !== undefined || (filter.search !== undefined && filter.search !== '')) return {};
	const kinds = filter.kind === undefined ? ENTITY_KINDS : [filter.kind];
	return { total: kinds.reduce((sum, kind) => sum + (counters[`entities.${kind}`] ?? 0), 0) };
}

function isUnfiltered(filter: DetectionFilter): boolean {
	return Object.keys(filter).every((name) => ['limit', 'offset'].includes(name));
}

function isoTime(text: string, field: string): string {
	const ms = Date.parse(text);
	if (Number.isNaN(ms)) throw new LedgerError('invalidValue', `${field} must be an ISO 8601 time`);
	return iso(ms);
}

function limitOf(limit: number): number {
	return Math.min(MAX_LIMIT, Math.max(1, Math.trunc(limit) || 1));
}

function offsetOf(offset: number | undefined): number {
	return Math.max(0, Math.trunc(offset ?? 0) || 0);
}

function orThrow<T>(value: T | LedgerError): T {
	if (value instanceof LedgerError) throw value;
	return value;
}

export { PolicyError };
