import type { Actor, Decision, EntityKey, Episode, Intent, IntentState, ProtectedEntry } from './api';
import type { Change } from './change';
import { iso } from './time';
import { compileMatcher, type Matchable } from './compiledPolicy';
import { countContained } from './delays';
import { parseDuration } from './duration';
import { canonicalKey, canonicalTarget, entitiesOfTargets, entityName, type CanonicalTarget } from './entity';
import { LedgerError } from './errors';
import { hostName } from './hosts';
import { approvalOf, backoffMs, closeEpisode, containmentMs, moveHost, openContainment, openEpisode, openNotice, openRelease, OPEN_STATES, settle, WORKFLOW } from './intents';
import { newEntity } from './scoreBatch';
import { round, scoreAt } from './score';
import type { ClaimOptions, Completion, Confirmed, Failure, FoundIdentity, ManualOptions, Settled, TargetFindings } from './service';
import type { EntityRow, EpisodeRow, IntentRow } from './store/store';

const MAX_LEASE_SECONDS = 86_400;

/** Closes approvals that nobody gave in time: nothing is contained, and the entities may ask again. */
export async function closeExpiredApprovals(change: Change): Promise<void> {
	const expired = await change.tx.expiredApprovals(change.nowMs);
	if (expired.length === 0) return;
	await change.loadHosts(expired.map(({ hostId }) => hostId));
	await change.loadEpisodes(expired.map(({ intent }) => intent.episodeId));
	for (const { intent } of expired) {
		const row = change.intentsOf(intent.episodeId).find((other) => other.intent.id === intent.id) as IntentRow;
		await expire(change, row);
	}
}

async function expire(change: Change, row: IntentRow): Promise<void> {
	settle(change, row, 'expired', { reason: 'Nobody approved in time' });
	await closeEpisode(change, change.episodeNow(row.intent.episodeId), 'refused', false);
}

/** Leases due intents. One whose lease has ended counts the lost attempt, and is given up after the last. */
export async function claim(change: Change, options: ClaimOptions): Promise<Intent[]> {
	await closeExpiredApprovals(change);
	const { kinds, ids, limit } = options;
	const due = await change.tx.dueIntents({ kinds, ...(ids && { ids }), limit, nowMs: change.nowMs });
	await change.loadHosts(due.map(({ hostId }) => hostId));
	await change.loadEpisodes([...new Set(due.map(({ intent }) => intent.episodeId))]);
	const claimed: Intent[] = [];
	for (const { intent } of due) {
		const row = change.intentsOf(intent.episodeId).find((other) => other.intent.id === intent.id) as IntentRow;
		if (row.intent.attempts >= change.policy.policy.retry.attempts) giveUp(change, row, 'The lease of the last attempt ended without a result');
		else claimed.push(lease(change, row, options.leaseSeconds));
	}
	return claimed;
}

function lease(change: Change, row: IntentRow, leaseSeconds: number): Intent {
	const { intent } = row;
	const seconds = Math.min(MAX_LEASE_SECONDS, Math.max(1, leaseSeconds));
	if (intent.state === 'claimed') intent.lastError = `The lease ended at ${intent.leaseUntil} without a result`;
	intent.state = 'claimed';
	intent.attempts++;
	intent.leaseUntil = iso(change.nowMs + seconds * 1000);
	delete intent.nextAttemptAt;
	if (intent.kind !== 'notify') refreshHost(change, row);
	change.audit('intent.claimed', `intent:${intent.id}`, { attempt: intent.attempts, leaseUntil: intent.leaseUntil });
	return intent;
}

/** What is known of the host may have grown since the intent was opened. */
function refreshHost(change: Change, row: IntentRow): void {
	row.intent.host = change.graph.identity(row.hostId, change.nowMs - change.policy.ms.currentWindow);
}

export async function recordStep(change: Change, intentId: string, steps: Record<string, unknown>): Promise<Intent> {
	const row = await intentOrThrow(change, intentId);
	row.intent.steps = { ...row.intent.steps, ...steps };
	change.audit('intent.step', `intent:${intentId}`, { steps });
	return row.intent;
}

/** States of an intent that somebody may still be carrying out, although it shall not be carried out any more. */
const CALLED_OFF: readonly IntentState[] = ['cancelled', 'denied', 'expired'];

export async function complete(change: Change, intentId: string, options: Omit<Completion, 'intentId'>): Promise<Settled> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	if (intent.state === 'done') return { intent };
	if (intent.state === 'awaitingApproval') throw new LedgerError('notClaimed', `Intent ${intentId} still waits for approval`);
	await keepFindings(change, row, options);
	if (CALLED_OFF.includes(intent.state)) return { intent: undoIfApplied(change, row, { result: options.result }) };
	settle(change, row, 'done', { result: options.result });
	delete intent.lastError;
	const episode = change.episodeNow(intent.episodeId);
	if (intent.kind === 'contain') {
		const first = episode.episode.state === 'containing' && episode.episode.containedAt === undefined;
		contained(change, episode);
		if (first) countContained(change, intent, episode, row.automatic);
	}
	if (intent.kind === 'release') await released(change, episode, row);
	if (intent.kind === 'notify') {
		episode.episode.references = { ...episode.episode.references, ...texts(intent.steps) };
		return { intent };
	}
	refreshHost(change, row);
	const event = intent.kind === 'contain' ? 'contained' : 'released';
	const notice = openNotice(change, intent, { event, result: options.result });
	return { intent, notice: notice.intent };
}

/** What a notice noted on its way, e.g. the id of its message, is how the next notice finds it. */
function texts(steps: Record<string, unknown>): Record<string, string> {
	return Object.fromEntries(Object.entries(steps).filter((step): step is [string, string] => typeof step[1] === 'string'));
}

/** References and identities found on the way stay, whatever became of the intent. */
async function keepFindings(
	change: Change,
	row: IntentRow,
	{ references, identity }: Pick<Completion, 'references' | 'identity'>,
): Promise<void> {
	const { episode } = change.episodeNow(row.intent.episodeId);
	episode.references = { ...episode.references, ...references };
	if (!identity) return;
	await change.loadHostsOf(targetsIn(change, identity));
	row.hostId = change.graph.enrich(change.graph.resolve(row.hostId), canonicalIdentity(change, identity), change.nowMs);
	change.episodeNow(row.intent.episodeId).hostId = row.hostId;
}

/** One target for each identity that can tell a host. */
export function targetsIn(change: Change, identity: FoundIdentity = {}): CanonicalTarget[] {
	const { connectorGuids = [], macs = [], hostnames = [] } = canonicalIdentity(change, identity);
	return [...connectorGuids.map((connectorGuid) => ({ connectorGuid })), ...macs.map((mac) => ({ mac })), ...hostnames.map((hostname) => ({ hostname }))];
}

function canonicalIdentity(change: Change, identity: FoundIdentity): FoundIdentity {
	const rules = change.policy.identity;
	const all = (kind: EntityKey['kind'], values: string[] | undefined) =>
		(values ?? []).map((value) => canonicalKey(kind, value, rules)).filter((key): key is string => key !== undefined);
	return {
		macs: all('mac', identity.macs),
		ips: all('ip', identity.ips),
		hostnames: all('hostname', identity.hostnames),
		users: all('user', identity.users),
		connectorGuids: (identity.connectorGuids ?? []).map((guid) => guid.trim().toLowerCase()).filter((guid) => guid !== ''),
	};
}

/** A containment is in force. One that is applied again goes on with the time it had. */
export function contained(change: Change, row: EpisodeRow): void {
	const { episode } = row;
	if (episode.state !== 'containing') return;
	const host = change.graph.row(row.hostId);
	const again = episode.releaseDueAt !== undefined;
	const lastsMs = again ? undefined : (row.durationMs ?? containmentMs(change.policy, host.episodes, episode.id));
	episode.state = 'contained';
	episode.containedAt = change.now;
	if (lastsMs !== undefined) episode.releaseDueAt = iso(change.nowMs + lastsMs);
	if (!again) host.episodes++;
	moveHost(change, host, 'contained', episode.id);
	change.audit('episode.contained', `episode:${episode.id}`, { host: hostName(row.hostId), releaseDueAt: episode.releaseDueAt ?? null });
}

async function released(change: Change, row: EpisodeRow, intent: IntentRow): Promise<void> {
	if (row.episode.state !== 'releasing') return;
	row.episode.releasedBy = intent.intent.requestedBy;
	await closeEpisode(change, row, 'released', intent.byPerson === true);
}

/** A containment that was called off while somebody carried it out has to be undone. */
function undoIfApplied(change: Change, row: IntentRow, outcome: { result: unknown } | { error: string }): Intent {
	const { intent } = row;
	change.audit('intent.late', `intent:${intent.id}`, { state: intent.state, ...outcome });
	const episode = change.episodeNow(intent.episodeId);
	const host = change.graph.row(row.hostId);
	const over = episode.episode.state === 'released' || episode.episode.state === 'refused';
	if (intent.kind === 'contain' && over && host.episodeId === undefined) {
		openRelease(change, episode, 'The containment had been called off, but was carried out', false);
	}
	return intent;
}

export async function fail(
	change: Change,
	intentId: string,
	{ error, identity }: Pick<Failure, 'error' | 'identity'>,
): Promise<Settled> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	if (intent.state === 'done') return { intent };
	await keepFindings(change, row, { identity });
	if (CALLED_OFF.includes(intent.state)) return { intent: undoIfApplied(change, row, { error }) };
	if (!['claimed', 'pending'].includes(intent.state)) return { intent };
	refreshHost(change, row);
	if (intent.attempts >= change.policy.policy.retry.attempts) {
		const notice = giveUp(change, row, error);
		return { intent, ...(notice && { notice: notice.intent }) };
	}
	intent.lastError = error;
	intent.state = 'pending';
	intent.nextAttemptAt = iso(change.nowMs + backoffMs(change.policy, intent.attempts));
	delete intent.leaseUntil;
	change.audit('intent.retry', `intent:${intentId}`, { error, attempt: intent.attempts, nextAttemptAt: intent.nextAttemptAt });
	return { intent };
}

/** A message that cannot be sent is not announced with another message. */
function giveUp(change: Change, row: IntentRow, error: string): IntentRow | undefined {
	row.intent.lastError = error;
	settle(change, row, 'failed', { error, attempts: row.intent.attempts });
	if (row.intent.kind === 'notify') return undefined;
	return openNotice(change, row.intent, { event: 'failed', result: { kind: row.intent.kind, error } });
}

/**
 * Counts a person's approval; the last one of the quorum lets the containment go ahead.
 *
 * @returns The intent, or the fact that it expired: that has to be kept, so it is not thrown in here.
 */
export async function approve(change: Change, intentId: string, reason: string): Promise<Intent | LedgerError> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	const problem = await notApprovable(change, row);
	if (problem) return problem;
	const { name } = change.actor;
	const given = intent.approvals ?? [];
	const quorum = intent.quorum ?? 1;
	if (intent.requestedBy !== WORKFLOW && isSamePerson(intent.requestedBy, name)) {
		throw new LedgerError('ownApproval', 'Whoever asked for a containment cannot approve it');
	}
	if (given.some(({ by }) => isSamePerson(by, name))) {
		throw new LedgerError('alreadyApproved', `${name} has approved already; ${quorum} different people have to`);
	}
	intent.approvals = [...given, { by: name, reason, at: change.now }];
	change.audit('intent.approved', `intent:${intentId}`, { reason, approvals: intent.approvals.length, quorum });
	if (intent.approvals.length < quorum) return intent;
	const approvers = intent.approvals.map(({ by }) => by).join(', ');
	dispatchByPerson(change, row, { guard: 'approval', verdict: 'contain', reason: `Approved by ${approvers}: ${reason}` });
	return intent;
}

/** Names are mail addresses or accounts: both without regard to case. */
function isSamePerson(one: string, other: string): boolean {
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function dispatchByPerson(change: Change, row: IntentRow, decision: Decision): void {
	const { intent } = row;
	intent.state = 'pending';
	intent.decision = decision;
	intent.nextAttemptAt = change.now;
	delete intent.expiresAt;
	refreshHost(change, row);
	change.episodeNow(intent.episodeId).episode.state = 'containing';
	moveHost(change, change.graph.row(row.hostId), 'containing', intent.episodeId);
}

export async function deny(change: Change, intentId: string, reason: string): Promise<Intent | LedgerError> {
	const row = await intentOrThrow(change, intentId);
	const problem = await notApprovable(change, row);
	if (problem) return problem;
	settle(change, row, 'denied', { reason });
	row.intent.decision = { guard: 'approval', verdict: 'refuse', reason: `Denied by ${change.actor.name}: ${reason}` };
	await closeEpisode(change, change.episodeNow(row.intent.episodeId), 'refused', true);
	return row.intent;
}

async function notApprovable(change: Change, row: IntentRow): Promise<LedgerError | undefined> {
	const { intent } = row;
	if (intent.state === 'awaitingApproval' && Date.parse(intent.expiresAt as string) <= change.nowMs) {
		await expire(change, row);
	}
	if (intent.state === 'expired') return new LedgerError('expired', `The approval of intent ${intent.id} has expired; nothing was contained`);
	if (intent.state === 'awaitingApproval') return undefined;
	return new LedgerError('notAwaitingApproval', `Intent ${intent.id} does not wait for approval, it is ${intent.state}`);
}

/** A containment that must not go on, e.g. because ISE says that the endpoint's profile is protected. */
export async function refuse(change: Change, intentId: string, reason: string): Promise<Intent> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	if (intent.kind !== 'contain' || !OPEN_STATES.includes(intent.state)) return intent;
	intent.decision = { guard: 'protected', verdict: 'refuse', reason };
	settle(change, row, 'cancelled', { reason });
	await closeEpisode(change, change.episodeNow(intent.episodeId), 'refused', false);
	return intent;
}

/**
 * Holds what the products say of the host against the protected entries, before anything is done to it, and keeps what
 * will leave the network.
 *
 * @returns `confirmed: false` when the containment was refused; then a notice says so
 */
export async function confirmTarget(
	change: Change,
	intentId: string,
	{ identity = {}, endpointProfiles = [], identityGroups = [] }: TargetFindings,
): Promise<Confirmed> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	const found = canonicalIdentity(change, identity);
	const target = {
		macs: [...new Set([...intent.host.macs, ...(found.macs ?? [])])],
		connectorGuids: [...new Set([...intent.host.connectorGuids, ...(found.connectorGuids ?? [])])],
	};
	if (intent.state !== 'claimed') return { confirmed: false, intent, ...target };
	const protectedBy = row.protectionOverridden ? undefined : change.protectedBy([
		...change.subjectsOf(row.hostId),
		...matchables('mac', found.macs),
		...matchables('ip', found.ips),
		...matchables('hostname', found.hostnames),
		...matchables('user', found.users),
		...matchables('endpointProfile', endpointProfiles),
		...matchables('identityGroup', identityGroups),
	]);
	if (!protectedBy) {
		// Before anything is applied: whoever does it may die, and a release must undo all of it.
		await keepFindings(change, row, { identity: target });
		change.graph.reprofile(row.hostId, endpointProfiles, change.nowMs);
		return { confirmed: true, intent, ...target };
	}
	const error = `Protected by ${protectedBy.type} ${protectedBy.value}: ${protectedBy.reason}`;
	await refuse(change, intentId, error);
	const notice = openNotice(change, intent, { event: 'failed', result: { kind: intent.kind, error } });
	return { confirmed: false, intent, ...target, notice: notice.intent };
}

function matchables(kind: Matchable['kind'], keys: readonly string[] = []): Matchable[] {
	return keys.filter((key) => key !== '').map((key) => ({ kind, key }));
}

/** Intents that a workflow should take up now, whatever their kind. */
export async function dueIntents(change: Change, limit: number): Promise<Intent[]> {
	await closeExpiredApprovals(change);
	const rows = await change.tx.dueIntents({ kinds: ['contain', 'release', 'notify'], limit, nowMs: change.nowMs });
	return rows.map(({ intent }) => intent);
}

export async function containManually(change: Change, given: CanonicalTarget, options: ManualOptions): Promise<Intent> {
	const durationMs = manualDuration(options.duration);
	const target = canonicalTarget(given, change.policy.identity);
	const entities = entitiesOfTargets([target]);
	if (entities.length === 0 && target.connectorGuid === undefined) {
		throw new LedgerError('invalidTarget', 'The target names no endpoint: give a MAC, an internal IP, a hostname, a user or a connector');
	}
	const rows = (await change.tx.entities(entities)).filter((row) => row !== undefined);
	const hostId = await findHost(change, target, rows);
	const protectedBy = change.protectedBy([...entities, ...change.subjectsOf(hostId)]);
	if (protectedBy && options.overrideProtection !== true) {
		throw new LedgerError('protected', `Protected by ${protectedBy.type} ${protectedBy.value}: ${protectedBy.reason}`);
	}
	const trigger = await triggerOf(change, target, rows, hostId);
	const opening = {
		hostId,
		trigger,
		decision: manualDecision(options),
		reason: `${change.actor.name}: ${options.reason}`,
		requestedBy: change.actor.name,
		topContributions: [],
		automatic: false,
		...(durationMs !== undefined && { durationMs }),
	};
	const episodeId = change.graph.row(hostId).episodeId;
	const row = episodeId === undefined ? openEpisode(change, opening) : await joinEpisode(change, episodeId, opening);
	if (options.overrideProtection === true) row.protectionOverridden = true;
	if (options.needsApproval === true) askForApproval(change, row);
	change.audit('containedManually', `intent:${row.intent.id}`, {
		reason: options.reason,
		duration: options.duration ?? null,
		...(protectedBy && { overridden: protectedBy }),
	});
	return row.intent;
}

function manualDecision({ reason, needsApproval }: ManualOptions): Decision {
	return needsApproval === true ? { guard: 'approval', verdict: 'approve', reason } : { guard: 'manual', verdict: 'contain', reason };
}

function askForApproval(change: Change, { intent }: IntentRow): void {
	if (intent.state !== 'awaitingApproval' || intent.requestedBy !== change.actor.name || intent.createdAt !== change.now) return;
	openNotice(change, intent, { event: 'approvalRequested', approvals: [approvalOf(change, intent)], approvalCount: 1 });
}

function manualDuration(duration: string | undefined): number | undefined {
	if (duration === undefined) return undefined;
	const ms = parseDuration(duration);
	if (ms === undefined || ms <= 0) throw new LedgerError('invalidValue', 'Duration must be an ISO 8601 duration such as PT4H');
	return ms;
}

/** An address or a user stands for the host where it was last seen. */
async function findHost(change: Change, target: CanonicalTarget, rows: readonly EntityRow[]): Promise<number> {
	const { graph, nowMs } = change;
	const tellsHost = target.connectorGuid ?? target.mac ?? target.hostname;
	const weak = tellsHost === undefined ? rows.find(({ hostId }) => hostId !== undefined)?.hostId : undefined;
	if (weak !== undefined) await change.loadHosts([weak]);
	await change.loadHostsOf([target]);
	return weak ?? graph.linkAnyway(target, nowMs);
}

export async function triggerOf(
	change: Change,
	target: CanonicalTarget,
	known: readonly EntityRow[],
	hostId: number,
): Promise<EntityKey & { score: number }> {
	const rows = entitiesOfTargets([target]).map((entity) => {
		const row = known.find(({ kind, key }) => kind === entity.kind && key === entity.key) ?? newEntity(change, entity, change.nowMs);
		row.hostId = hostId;
		return row;
	});
	await change.tx.saveEntities(rows);
	if (rows.length === 0) return { kind: 'hostname', key: target.connectorGuid as string, score: 0 };
	const [{ kind, key, sources }] = rows;
	return { kind, key, score: round(scoreAt(sources, change.nowMs, change.policy.halfLifeMs)) };
}

/** With an open episode: an approval that waits is given, a release is turned round, anything else is done already. */
async function joinEpisode(change: Change, episodeId: string, opening: Parameters<typeof openEpisode>[1]): Promise<IntentRow> {
	const row = await change.episode(episodeId);
	if (opening.durationMs !== undefined) row.durationMs = opening.durationMs;
	const intents = change.intentsOf(episodeId);
	const contain = intents.findLast(({ intent }) => intent.kind === 'contain') as IntentRow;
	const needsApproval = opening.decision.verdict === 'approve';
	if (contain.intent.state === 'awaitingApproval' && needsApproval) return contain;
	if (contain.intent.state === 'awaitingApproval') {
		dispatchByPerson(change, contain, opening.decision);
		return contain;
	}
	const gaveUp = row.episode.state === 'containing' && contain.intent.state === 'failed';
	if (row.episode.state !== 'releasing' && !gaveUp) return contain;
	if (needsApproval) throw new LedgerError('releaseUnderWay', 'The host is being released; ask again when that is done');
	for (const other of intents) {
		if (other.intent.kind === 'release' && OPEN_STATES.includes(other.intent.state)) settle(change, other, 'cancelled');
	}
	row.episode.state = 'containing';
	moveHost(change, change.graph.row(row.hostId), 'containing', episodeId);
	return openContainment(change, episodeId, opening);
}

export async function release(change: Change, subject: EntityKey | { episodeId: string }, reason: string): Promise<Intent> {
	const row = await openEpisodeOf(change, subject);
	const intents = change.intentsOf(row.episode.id);
	if (row.episode.state === 'awaitingApproval') {
		const waiting = intents.find(({ intent }) => intent.state === 'awaitingApproval') as IntentRow;
		settle(change, waiting, 'cancelled', { reason });
		await closeEpisode(change, row, 'refused', true);
		return waiting.intent;
	}
	const underWay = intents.findLast(({ intent }) => intent.kind === 'release' && OPEN_STATES.includes(intent.state));
	return (underWay ?? openRelease(change, row, reason, true)).intent;
}

export async function openEpisodeOf(change: Change, subject: EntityKey | { episodeId: string }): Promise<EpisodeRow> {
	const episodeId = 'episodeId' in subject ? subject.episodeId : await episodeOfEntity(change, subject);
	const row = episodeId === undefined ? undefined : await change.episode(episodeId);
	if (!row || ['released', 'refused'].includes(row.episode.state)) {
		const name = 'episodeId' in subject ? `Episode ${subject.episodeId}` : `${subject.kind} ${subject.key}`;
		throw new LedgerError('notContained', `${name} has no open containment`);
	}
	await change.loadHosts([row.hostId]);
	return row;
}

async function episodeOfEntity(change: Change, { kind, key }: EntityKey): Promise<string | undefined> {
	const canonical = canonicalKey(kind, key, change.policy.identity) ?? key;
	const [row] = await change.tx.entities([{ kind, key: canonical }]);
	if (row?.hostId === undefined) return undefined;
	await change.loadHosts([row.hostId]);
	return change.graph.has(row.hostId) ? change.graph.row(row.hostId).episodeId : undefined;
}

export async function releaseDue(change: Change): Promise<Intent[]> {
	const due = await change.tx.releasesDue(change.nowMs);
	await change.loadHosts(due.map(({ hostId }) => hostId));
	await change.loadEpisodes(due.map(({ episode }) => episode.id));
	return due.map(({ episode }) => openRelease(change, change.episodeNow(episode.id), 'The time of the containment is over', false).intent);
}

export async function addReferences(change: Change, episodeId: string, references: Record<string, string>): Promise<Episode> {
	const row = await change.episode(episodeId);
	if (!row) throw new LedgerError('notFound', `There is no episode ${episodeId}`);
	row.episode.references = { ...row.episode.references, ...references };
	change.audit('episode.references', `episode:${episodeId}`, { references });
	return row.episode;
}

/** What became protected must not stay contained. */
export async function releaseProtected(change: Change, entry: Pick<ProtectedEntry, 'type' | 'value' | 'reason'>): Promise<void> {
	const matches = compileMatcher(entry, change.policy.identity);
	const open = (await change.tx.openEpisodes()).filter(({ episode }) => episode.state !== 'releasing');
	await change.loadHosts(open.map(({ hostId }) => hostId));
	const hit = open.filter(({ hostId }) => change.subjectsOf(hostId).some(matches));
	await change.loadEpisodes(hit.map(({ episode }) => episode.id));
	const reason = `Now protected by ${entry.type} ${entry.value}: ${entry.reason}`;
	for (const { episode } of hit) await release(change, { episodeId: episode.id }, reason);
}

/** Forgets an entity's points and repeats together, as if it had never been seen. */
export async function purge(change: Change, entity: EntityKey, reason: string): Promise<boolean> {
	const key = canonicalKey(entity.kind, entity.key, change.policy.identity) ?? entity.key;
	const [row] = await change.tx.entities([{ kind: entity.kind, key }]);
	if (!row) return false;
	const score = round(scoreAt(row.sources, change.nowMs, change.policy.halfLifeMs));
	await change.tx.deleteRepeats(row.id);
	await change.tx.saveEntities([{ ...row, sources: [], rank: undefined, rearmMs: 0, purgedSeq: change.head.detectionSeq }]);
	change.audit('purged', entityName(row), { reason, score, upToDetection: change.head.detectionSeq });
	return true;
}

async function intentOrThrow(change: Change, id: string): Promise<IntentRow> {
	const row = await change.findIntent(id);
	if (!row) throw new LedgerError('notFound', `There is no intent ${id}`);
	return row;
}

export type { Actor };
