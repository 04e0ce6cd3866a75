import type { Decision, EntityKey, Intent } from './api';
import { dispatchByPerson } from './approvals';
import type { Change } from './change';
import { parseDuration } from './duration';
import { canonicalTarget, entitiesOfTargets, type CanonicalTarget } from './entity';
import { LedgerError } from './errors';
import { approvalOf, moveHost, OPEN_STATES, openContainment, openEpisode, openNotice, settle } from './intents';
import { round, scoreAt } from './score';
import { newEntity } from './scoreBatch';
import type { ManualOptions } from './service';
import type { EntityRow, IntentRow } from './store/store';

export async function containManually(change: Change, given: CanonicalTarget, options: ManualOptions): Promise<Intent> {
	const durationMs = manualDuration(options.duration);
	const named = canonicalTarget(given, change.policy.identity);
	const entities = entitiesOfTargets([named]);
	if (entities.length === 0 && named.connectorGuid === undefined) {
		throw new LedgerError('invalidTarget', 'The target names no endpoint: give a MAC, an internal IP, a hostname, a user or a connector');
	}
	const rows = (await change.tx.entities(entities)).filter((row) => row !== undefined);
	await change.loadHostsOf([named]);
	refuseContradiction(change, named);
	const target = options.needsApproval === true ? strongestOf(named) : named;
	const hosts = [...change.graph.ownersOf(named), await findHost(change, target, rows)].map((id) => change.graph.resolve(id));
	const hostId = hosts[hosts.length - 1];
	await change.loadSubjects(hosts);
	const protectedBy = change.protectedBy([...entities, ...hosts.flatMap((id) => change.subjectsOf(id))]);
	if (protectedBy && options.overrideProtection !== true) {
		throw new LedgerError('protected', `Protected by ${protectedBy.type} ${protectedBy.value}: ${protectedBy.reason}`);
	}
	await keepOnHost(change, target, rows, hostId);
	const opening = {
		hostId,
		trigger: triggerOf(change, named, rows),
		decision: manualDecision(options),
		reason: `${change.actor.name}: ${options.reason}`,
		requestedBy: change.actor.name,
		topContributions: [],
		automatic: false,
		...(durationMs !== undefined && { durationMs }),
		...(options.needsApproval === true && { named }),
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
	intent.askedIn = openNotice(change, intent, { event: 'approvalRequested', approvals: [approvalOf(change, intent)], approvalCount: 1 }).intent.id;
}

function manualDuration(duration: string | undefined): number | undefined {
	if (duration === undefined) return undefined;
	const ms = parseDuration(duration);
	if (ms === undefined || ms <= 0) throw new LedgerError('invalidValue', 'Duration must be an ISO 8601 duration such as PT4H');
	return ms;
}

const STRONGEST_FIRST = ['connectorGuid', 'mac', 'hostname', 'ip', 'user'] as const;

/**
 * What is taken from a target before somebody has approved it: nobody has confirmed that the other identities are of the
 * same host, and what is linked stays so, also when the request is denied.
 */
function strongestOf(target: CanonicalTarget): CanonicalTarget {
	const kind = STRONGEST_FIRST.find((one) => target[one] !== undefined);
	return kind === undefined ? target : { [kind]: target[kind] };
}

function refuseContradiction({ graph }: Change, target: CanonicalTarget): void {
	const wrong = graph.contradiction(target);
	if (!wrong) return;
	throw new LedgerError('invalidTarget', `${wrong.kind} ${wrong.value} belongs to ${wrong.of}, not to ${wrong.not}: name the host by one of them`);
}

/** An address or a user stands for the host where it was last seen. */
async function findHost(change: Change, target: CanonicalTarget, rows: readonly EntityRow[]): Promise<number> {
	const { graph, nowMs } = change;
	const tellsHost = target.connectorGuid ?? target.mac ?? target.hostname;
	const weak = tellsHost === undefined ? rows.find(({ hostId }) => hostId !== undefined)?.hostId : undefined;
	if (weak !== undefined) await change.loadHosts([weak]);
	return weak ?? graph.linkAnyway(target, nowMs);
}

/** The entities of a target are on this host now. */
export async function keepOnHost(change: Change, target: CanonicalTarget, known: readonly EntityRow[], hostId: number): Promise<void> {
	const rows = entitiesOfTargets([target]).map((entity) => {
		const row = known.find(({ kind, key }) => kind === entity.kind && key === entity.key) ?? newEntity(change, entity, change.nowMs);
		row.hostId = hostId;
		return row;
	});
	await change.tx.saveEntities(rows);
}

/** What a target is about in the first place, with its score. */
export function triggerOf(change: Change, target: CanonicalTarget, known: readonly EntityRow[]): EntityKey & { score: number } {
	const [first] = entitiesOfTargets([target]);
	if (!first) return { kind: 'hostname', key: target.connectorGuid as string, score: 0 };
	const { kind, key } = first;
	const sources = known.find((row) => row.kind === kind && row.key === key)?.sources ?? [];
	return { kind, key, score: round(scoreAt(sources, change.nowMs, change.policy.halfLifeMs)) };
}

/** With an open episode: an approval that waits is given, a release is turned round, anything else is done already. */
async function joinEpisode(change: Change, episodeId: string, opening: Parameters<typeof openEpisode>[1]): Promise<IntentRow> {
	const row = await change.episode(episodeId);
	if (opening.durationMs !== undefined && opening.decision.verdict === 'contain') row.durationMs = opening.durationMs;
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
