import { createHash, randomUUID } from 'node:crypto';
import type { Decision, EntityKey, Episode, HostIdentity, Intent, IntentState, Notice } from './api';
import type { Change } from './change';
import { iso } from './time';
import type { CompiledPolicy } from './compiledPolicy';
import { distinct } from './distinct';
import { LedgerError } from './errors';
import { hostName } from './hosts';
import { round } from './score';
import type { EpisodeRow, HostRow, IntentRow } from './store/store';

/** Name of the actor when nobody pressed anything. */
export const WORKFLOW = 'workflow';

/** States in which an intent still has something to do. */
export const OPEN_STATES: readonly IntentState[] = ['awaitingApproval', 'pending', 'claimed'];

/** A notice stays readable with so many hosts. */
export const MAX_LISTED_APPROVALS = 20;

export interface Opening {
	hostId: number;
	trigger: EntityKey & { score: number };
	decision: Decision;
	reason: string;
	requestedBy: string;
	topContributions: Intent['topContributions'];
	automatic: boolean;
	durationMs?: number;
	/** See `Intent`. */
	named?: Intent['named'];
}

/** Opens an episode for a host that has none, with its one containment intent. */
export function openEpisode(change: Change, opening: Opening): IntentRow {
	const id = randomUUID();
	const waits = opening.decision.verdict === 'approve';
	const episode: Episode = {
		id,
		hostId: hostName(opening.hostId),
		state: waits ? 'awaitingApproval' : 'containing',
		openedAt: change.now,
		crossings: [],
		references: {},
	};
	change.addEpisode({
		episode,
		hostId: opening.hostId,
		...(opening.durationMs !== undefined && { durationMs: opening.durationMs }),
	});
	moveHost(change, change.graph.row(opening.hostId), episode.state, id);
	return openContainment(change, id, opening);
}

/** Adds a containment intent to an episode. */
export function openContainment(change: Change, episodeId: string, opening: Opening): IntentRow {
	const waits = opening.decision.verdict === 'approve';
	const { containment } = change.policy.policy;
	const intent: Intent = {
		...blankIntent(change, 'contain', episodeId, opening.hostId, opening.named, opening.decision.guard === 'manual'),
		...(opening.named && { named: opening.named }),
		state: waits ? 'awaitingApproval' : 'pending',
		trigger: { ...opening.trigger, score: round(opening.trigger.score) },
		decision: opening.decision,
		ancPolicy: containment.ancPolicy,
		isolateConnector: containment.isolateConnector,
		reason: opening.reason,
		requestedBy: opening.requestedBy,
		topContributions: opening.topContributions,
		...(waits
			? {
					expiresAt: iso(change.nowMs + change.policy.ms.approvalExpiry),
					quorum: change.policy.policy.approval.quorum ?? 1,
					approvals: [],
				}
			: { nextAttemptAt: change.now }),
	};
	const row: IntentRow = { intent, hostId: opening.hostId, automatic: opening.automatic };
	change.addIntent(row);
	change.audit(waits ? 'approvalRequested' : 'containmentOpened', `intent:${intent.id}`, {
		episode: episodeId,
		host: intent.host.hostId,
		trigger: `${intent.trigger.kind}:${intent.trigger.key}`,
		score: intent.trigger.score,
		decision: opening.decision,
		requestedBy: opening.requestedBy,
	});
	return row;
}

/** Opens the release of an episode; what was still to be contained is called off. */
export function openRelease(change: Change, row: EpisodeRow, reason: string, byPerson: boolean): IntentRow {
	const intents = change.intentsOf(row.episode.id);
	for (const other of intents) {
		if (other.intent.kind === 'contain' && OPEN_STATES.includes(other.intent.state)) settle(change, other, 'cancelled');
	}
	const contain = intents.findLast(({ intent }) => intent.kind === 'contain') as IntentRow;
	const intent: Intent = {
		...blankIntent(change, 'release', row.episode.id, row.hostId),
		state: 'pending',
		trigger: contain.intent.trigger,
		decision: byPerson
			? { guard: 'manual', verdict: 'contain', reason }
			: { guard: 'dispatch', verdict: 'contain', reason },
		ancPolicy: contain.intent.ancPolicy,
		isolateConnector: contain.intent.isolateConnector,
		reason,
		requestedBy: change.actor.name,
		topContributions: contain.intent.topContributions,
		nextAttemptAt: change.now,
	};
	const opened: IntentRow = { intent, hostId: row.hostId, automatic: false, byPerson };
	change.addIntent(opened);
	row.episode.state = 'releasing';
	delete row.episode.releaseDueAt;
	moveHost(change, change.graph.row(row.hostId), 'releasing', row.episode.id);
	change.audit('releaseOpened', `intent:${intent.id}`, { episode: row.episode.id, host: intent.host.hostId, reason });
	return opened;
}

/** Opens a notice about an episode. */
export function openNotice(change: Change, about: Intent, notice: Omit<Notice, 'references'>): IntentRow {
	const { episode, hostId } = change.episodeNow(about.episodeId);
	const intent: Intent = {
		...about,
		...blankIntent(change, 'notify', about.episodeId, hostId, about.named),
		requestedBy: about.requestedBy,
		state: 'pending',
		attempts: 0,
		notice: { ...notice, references: { ...episode.references } },
		nextAttemptAt: change.now,
	};
	delete intent.expiresAt;
	delete intent.quorum;
	delete intent.approvals;
	delete intent.askedIn;
	delete intent.lastError;
	delete intent.leaseUntil;
	delete intent.leaseSeconds;
	delete intent.claimedBy;
	const row: IntentRow = { intent, hostId, automatic: false };
	change.addIntent(row);
	change.audit('noticeOpened', `intent:${intent.id}`, { episode: about.episodeId, event: notice.event });
	return row;
}

/** A containment that waits for approval, as a notice lists it. */
export function approvalOf(change: Change, intent: Intent): NonNullable<Notice['approvals']>[number] {
	return {
		intentId: intent.id,
		host: intent.host.hostnames[0] ?? change.graph.label(change.episodeNow(intent.episodeId).hostId),
		score: intent.trigger.score,
		reason: intent.decision.reason,
		...(intent.expiresAt !== undefined && { expiresAt: intent.expiresAt }),
		...(intent.quorum !== undefined && { quorum: intent.quorum }),
	};
}

/** Moves an intent to a state in which nothing more is due. */
export function settle(change: Change, row: IntentRow, state: IntentState, details: Record<string, unknown> = {}): void {
	row.intent.state = state;
	delete row.intent.leaseUntil;
	delete row.intent.nextAttemptAt;
	delete row.intent.expiresAt;
	change.audit(`intent.${state}`, `intent:${row.intent.id}`, { kind: row.intent.kind, episode: row.intent.episodeId, ...details });
}

/**
 * An episode that ends: its entities may fire again, after grace when a person ended it.
 *
 * @param rearmMs Not before then
 */
export async function closeEpisode(
	change: Change,
	row: EpisodeRow,
	state: 'released' | 'refused',
	byPerson: boolean,
	rearmMs = change.nowMs,
): Promise<void> {
	row.episode.state = state;
	delete row.episode.releaseDueAt;
	if (state === 'released') {
		row.episode.releasedAt = change.now;
	}
	const host = change.graph.row(row.hostId);
	if (byPerson) host.graceUntilMs = change.nowMs + change.policy.ms.grace;
	moveHost(change, host, 'normal', undefined);
	await change.tx.rearm([row.hostId], row.episode.crossings, rearmMs);
	change.audit(`episode.${state}`, `episode:${row.episode.id}`, { host: hostName(row.hostId), byPerson });
}

/** Sets the state of a host together with its open episode. */
export function moveHost(change: Change, host: HostRow, state: Episode['state'] | 'normal', episodeId: string | undefined): void {
	host.state = state === 'released' || state === 'refused' ? 'normal' : state;
	host.episodeId = episodeId;
	change.graph.touch(host);
}

/**
 * How long a containment lasts: the policy's time, longer for every earlier one, varied a little by the episode's
 * id so that a replay gives the same. `undefined`: until a person releases.
 */
export function containmentMs(policy: CompiledPolicy, earlierEpisodes: number, episodeId: string): number | undefined {
	const { releaseAfter, releaseMax } = policy.ms;
	if (releaseAfter === undefined) return undefined;
	const { releaseFactor, releaseJitter } = policy.policy.containment;
	const base = Math.min(releaseMax, releaseAfter * Math.pow(releaseFactor, earlierEpisodes));
	const draw = createHash('sha256').update(episodeId).digest().readUInt32BE(0) / 0xffffffff;
	return Math.min(releaseMax, Math.round(base * (1 + releaseJitter * (2 * draw - 1))));
}

/** Wait before the next try: doubles with every attempt. */
export function backoffMs({ ms }: CompiledPolicy, attempts: number): number {
	return Math.min(ms.maxBackoff, ms.backoff * Math.pow(2, Math.min(30, Math.max(0, attempts - 1))));
}

type Blank = Pick<Intent, 'id' | 'kind' | 'episodeId' | 'host' | 'createdAt' | 'attempts' | 'steps'>;

function blankIntent(
	change: Change,
	kind: Intent['kind'],
	episodeId: string,
	hostId: number,
	named?: Intent['named'],
	withShared = false,
): Blank {
	return {
		id: randomUUID(),
		kind,
		episodeId,
		host: hostOf(change, { kind, episodeId, named }, hostId, withShared),
		createdAt: change.now,
		attempts: 0,
		steps: {},
	};
}

export async function intentOrThrow(change: Change, id: string): Promise<IntentRow> {
	const row = await change.findIntent(id);
	if (!row) throw new LedgerError('notFound', `There is no intent ${id}`);
	return row;
}

/** What is known of the host may have grown since the intent was opened. */
export function refreshHost(change: Change, { intent, hostId }: IntentRow): void {
	intent.host = hostOf(change, intent, hostId);
}

/** Leases last longer than sessions: an address seen earlier than this tells nothing of who has it now. */
const ADDRESS_MS = 3_600_000;

/**
 * What an intent is about. Addresses that several hosts share are left alone unless a person or the products said that this
 * host has them. A release undoes all that the episode did, also to what has gone to another host since, unless that one is
 * contained.
 */
function hostOf(
	change: Change,
	{ kind, episodeId, named = {} }: Pick<Intent, 'kind' | 'episodeId' | 'named'>,
	hostId: number,
	withShared = false,
): HostIdentity {
	const { graph, nowMs, policy } = change;
	const sinceMs = nowMs - policy.ms.currentWindow;
	const addressesSinceMs = Math.max(sinceMs, nowMs - ADDRESS_MS);
	const known = graph.identity(hostId, sinceMs, { addressesSinceMs, withShared: withShared || kind === 'release' });
	const now = withNamed(known, named);
	const before = change.intentsOf(episodeId).filter(({ intent }) => intent.kind === 'contain').map(({ intent }) => intent.host);
	const macsBefore = before.flatMap(({ macs }) => macs);
	if (kind !== 'release') return { ...now, macs: distinct([...now.macs, ...macsBefore.filter((mac) => graph.isHere(hostId, 'mac', mac))]) };
	const gone = (one: 'mac' | 'connectorGuid', values: readonly string[]) => values.filter((value) => !graph.isContainedElsewhere(hostId, one, value));
	return {
		...now,
		macs: distinct([...now.macs, ...gone('mac', macsBefore)]),
		connectorGuids: distinct([...now.connectorGuids, ...gone('connectorGuid', before.flatMap(({ connectorGuids }) => connectorGuids))]),
	};
}

function withNamed(identity: HostIdentity, { mac, ip, hostname, user, connectorGuid }: NonNullable<Intent['named']>): HostIdentity {
	const add = (known: string[], value: string | undefined) => (value === undefined ? known : distinct([...known, value]));
	return {
		...identity,
		macs: add(identity.macs, mac),
		ips: add(identity.ips, ip),
		hostnames: add(identity.hostnames, hostname),
		users: add(identity.users, user),
		connectorGuids: add(identity.connectorGuids, connectorGuid),
	};
}
