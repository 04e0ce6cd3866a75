import type { EntityKey, Episode, Intent, ProtectedEntry } from './api';
import { closeExpiredApprovals } from './approvals';
import type { Change } from './change';
import { compileMatcher } from './compiledPolicy';
import { canonicalKey, entityName } from './entity';
import { LedgerError } from './errors';
import { closeEpisode, intentOrThrow, OPEN_STATES, openRelease, refreshHost, settle } from './intents';
import { episodesBeingTold, lease, refuseLostLease, renewLease } from './leases';
import { giveUp } from './outcomes';
import { round, scoreAt } from './score';
import type { ClaimOptions } from './service';
import type { EpisodeRow, IntentRow } from './store/store';

/** How many notices a claim looks past because something else about their episodes is being told. */
const MAX_PASSED_OVER = 50;

/** Leases due intents. One whose lease has ended counts the lost attempt, and is given up after the last. */
export async function claim(change: Change, options: ClaimOptions): Promise<Intent[]> {
	await closeExpiredApprovals(change);
	const due = await claimable(change, options);
	await change.loadHosts(due.map(({ hostId }) => hostId));
	await change.loadEpisodes([...new Set(due.map(({ intent }) => intent.episodeId))]);
	await loadBound(change, due);
	const claimed: Intent[] = [];
	for (const { intent } of due) {
		const row = change.intentsOf(intent.episodeId).find((other) => other.intent.id === intent.id) as IntentRow;
		if (row.intent.attempts >= change.policy.policy.retry.attempts) giveUp(change, row, 'The lease of the last attempt ended without a result');
		else claimed.push(take(change, row, options.leaseSeconds));
	}
	return claimed;
}

/** Of an episode one notice at a time: two at once would each find no incident, and open one. */
async function claimable(change: Change, { kinds, ids, limit }: ClaimOptions): Promise<IntentRow[]> {
	const find = async (rows: number) => await change.tx.dueIntents({ kinds, ...(ids && { ids }), limit: rows, nowMs: change.nowMs });
	if (!kinds.includes('notify')) return await find(limit);
	const told = await episodesBeingTold(change);
	const free: IntentRow[] = [];
	for (const row of await find(limit + MAX_PASSED_OVER)) {
		if (row.intent.kind === 'notify' && told.has(row.intent.episodeId)) continue;
		if (row.intent.kind === 'notify') told.add(row.intent.episodeId);
		free.push(row);
	}
	return free.slice(0, limit);
}

/** Loads the hosts that may have taken over what a release has to undo. */
async function loadBound(change: Change, due: readonly IntentRow[]): Promise<void> {
	const releases = due.filter(({ intent }) => intent.kind === 'release');
	const hosts = releases.flatMap(({ intent }) => change.intentsOf(intent.episodeId)).map(({ intent }) => intent.host);
	await change.loadHostsOf(hosts.flatMap(({ macs, connectorGuids }) => [...macs.map((mac) => ({ mac })), ...connectorGuids.map((connectorGuid) => ({ connectorGuid }))]));
}

function take(change: Change, row: IntentRow, leaseSeconds: number): Intent {
	const { intent } = row;
	if (intent.state === 'claimed') intent.lastError = `The lease ended at ${intent.leaseUntil} without a result`;
	intent.state = 'claimed';
	intent.attempts++;
	lease(change, intent, leaseSeconds);
	delete intent.nextAttemptAt;
	if (intent.notice) intent.notice.references = { ...change.episodeNow(intent.episodeId).episode.references };
	else refreshHost(change, row);
	change.audit('intent.claimed', `intent:${intent.id}`, { attempt: intent.attempts, leaseUntil: intent.leaseUntil });
	return intent;
}

export async function recordStep(change: Change, intentId: string, steps: Record<string, unknown>): Promise<Intent> {
	const row = await intentOrThrow(change, intentId);
	refuseLostLease(change, row.intent);
	renewLease(change, row.intent);
	row.intent.steps = { ...row.intent.steps, ...steps };
	change.audit('intent.step', `intent:${intentId}`, { steps });
	return row.intent;
}

/** Intents that a workflow should take up now, whatever their kind. */
export async function dueIntents(change: Change, limit: number): Promise<Intent[]> {
	await closeExpiredApprovals(change);
	const rows = await change.tx.dueIntents({ kinds: ['contain', 'release', 'notify'], limit, nowMs: change.nowMs });
	return rows.map(({ intent }) => intent);
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

/** What became protected must not stay contained. */
export async function releaseProtected(change: Change, entries: readonly Pick<ProtectedEntry, 'type' | 'value' | 'reason'>[]): Promise<void> {
	const protectors = entries.map((entry) => ({ entry, matches: compileMatcher(entry, change.policy.identity) }));
	const open = (await change.tx.openEpisodes()).filter(({ episode }) => episode.state !== 'releasing');
	await change.loadSubjects(open.map(({ hostId }) => hostId));
	await change.loadEpisodes(open.map(({ episode }) => episode.id));
	for (const { episode, hostId } of open) {
		const subjects = change.subjectsOf(hostId);
		const hit = protectors.find(({ matches }) => subjects.some(matches));
		if (hit) await release(change, { episodeId: episode.id }, `Now protected by ${hit.entry.type} ${hit.entry.value}: ${hit.entry.reason}`);
	}
}

export async function addReferences(change: Change, episodeId: string, references: Record<string, string>): Promise<Episode> {
	const row = await change.episode(episodeId);
	if (!row) throw new LedgerError('notFound', `There is no episode ${episodeId}`);
	row.episode.references = { ...row.episode.references, ...references };
	change.audit('episode.references', `episode:${episodeId}`, { references });
	return row.episode;
}

/** Forgets an entity's points and repeats together, as if it had never been seen. */
export async function purge(change: Change, entity: EntityKey, reason: string): Promise<boolean> {
	const key = canonicalKey(entity.kind, entity.key, change.policy.identity) ?? entity.key;
	const [row] = await change.tx.entities([{ kind: entity.kind, key }]);
	if (!row) return false;
	const score = round(scoreAt(row.sources, change.nowMs, change.policy.halfLifeMs));
	await change.tx.deleteRepeats(row.id);
	const [base] = await change.tx.bases([row.id]);
	if (base) await change.tx.saveBases([{ ...base, sources: [], memory: [] }]);
	await change.tx.saveEntities([{ ...row, sources: [], rank: undefined, rearmMs: 0, purgedSeq: change.head.detectionSeq }]);
	change.audit('purged', entityName(row), { reason, score, upToDetection: change.head.detectionSeq });
	return true;
}
