import type { EntityKey, Intent, IntentState } from './api';
import type { Change } from './change';
import { countContained } from './delays';
import { canonicalKey, type CanonicalTarget } from './entity';
import { LedgerError } from './errors';
import { hostName } from './hosts';
import { backoffMs, closeEpisode, containmentMs, intentOrThrow, moveHost, openNotice, openRelease, refreshHost, settle } from './intents';
import { hasLostLease, refuseLostLease } from './leases';
import type { Completion, Failure, FoundIdentity, Settled } from './service';
import type { EpisodeRow, IntentRow } from './store/store';
import { iso } from './time';

const CALLED_OFF: readonly IntentState[] = ['cancelled', 'denied', 'expired'];

/** Whether somebody may still be carrying out an intent that shall not be carried out any more. */
function isCalledOff(change: Change, { kind, state, episodeId }: Intent): boolean {
	const over = ['released', 'refused'].includes(change.episodeNow(episodeId).episode.state);
	return CALLED_OFF.includes(state) || (kind === 'contain' && over);
}

/**
 * Whether there is nothing left to report. There is, when an execution that has lost its lease went on with a containment
 * that was released meanwhile.
 */
function isOver(change: Change, intent: Intent): boolean {
	return intent.state === 'done' && !(hasLostLease(change, intent) && isCalledOff(change, intent));
}

export async function complete(change: Change, intentId: string, options: Omit<Completion, 'intentId'>): Promise<Settled> {
	const row = await intentOrThrow(change, intentId);
	const { intent } = row;
	if (isOver(change, intent)) return { intent };
	if (intent.state === 'awaitingApproval') throw new LedgerError('notClaimed', `Intent ${intentId} still waits for approval`);
	if (!isCalledOff(change, intent)) refuseLostLease(change, intent);
	await keepFindings(change, row, options);
	if (isCalledOff(change, intent)) return { intent: undoIfApplied(change, row, { result: options.result }) };
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
export async function keepFindings(
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

export function canonicalIdentity(change: Change, identity: FoundIdentity = {}): FoundIdentity {
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
	if (isOver(change, intent)) return { intent };
	if (!isCalledOff(change, intent)) refuseLostLease(change, intent);
	await keepFindings(change, row, { identity });
	if (isCalledOff(change, intent)) return { intent: undoIfApplied(change, row, { error }) };
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
export function giveUp(change: Change, row: IntentRow, error: string): IntentRow | undefined {
	row.intent.lastError = error;
	settle(change, row, 'failed', { error, attempts: row.intent.attempts });
	if (row.intent.kind === 'notify') return undefined;
	return openNotice(change, row.intent, { event: 'failed', result: { kind: row.intent.kind, error } });
}
