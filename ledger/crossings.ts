import type { Decision, EntityKey, Intent, Notice, ScoreResult } from './api';
import type { Change } from './change';
import type { CompiledPolicy } from './compiledPolicy';
import { iso } from './time';
import type { Detection } from './detection';
import { distinct } from './distinct';
import { entityName } from './entity';
import { decide, type GuardInput } from './guards';
import { approvalOf, MAX_LISTED_APPROVALS, OPEN_STATES, openEpisode, openNotice, WORKFLOW } from './intents';
import { decayed, round } from './score';
import type { DetectionRow, EntityRow, IntentRow, Member, TimedContribution } from './store/store';

/** An entity that reached the threshold, with the hosts that it happened on. */
export interface Crossing extends EntityKey {
	row: EntityRow;
	score: number;
	hostIds: number[];
	at: string;
	/** Sources that counted at that moment on each of these hosts, by those of its entities that the batch had touched. */
	sources: ReadonlyMap<number, readonly LiveSources[]>;
	/** How many identities had been new in this batch by then. */
	newLinks: number;
}

/** Sources that count by one entity. */
export interface LiveSources {
	entity: EntityKey;
	sources: ReadonlySet<string>;
}

/** A source counts for diversity while at least this much of its points is left. */
const LIVE_POINTS = 1;

/** Adds the sources that still count for an entity. A user may have earned points elsewhere, so they count for no host. */
export function addLiveSources(
	to: Set<string>,
	{ kind, sources }: Pick<EntityRow, 'kind' | 'sources'>,
	{ nowMs, policy }: { nowMs: number; policy: Pick<CompiledPolicy, 'halfLifeMs'> },
): void {
	if (kind === 'user') return;
	for (const { source, points, atMs } of sources) {
		if (decayed(points, nowMs - atMs, policy.halfLifeMs) >= LIVE_POINTS) to.add(source);
	}
}

/** Notices looked through for one that nobody has claimed. */
const MAX_UNTOLD = 100;
const TOP_CONTRIBUTIONS = 5;
/** Of the entity that crossed; older ones than these hardly weigh. */
const CONTRIBUTIONS_LOOKED_AT = 200;

/** Turns crossings into episodes, approvals and refusals, in the order in which they happened. */
export class Crossings {
	private readonly result: Omit<ScoreResult, 'outcomes'> = { contain: [], needsApproval: [], notices: [], refused: [] };
	private readonly escalated = new Map<string, { about: Intent; crossed: (EntityKey & { score: number })[] }>();
	private readonly opened = new Set<string>();
	private readonly liveSources = new Map<number, Set<string>>();
	/** Intents opened or tipped, with the entity that did it. */
	private readonly toExplain = new Map<Intent, Crossing>();
	private recentContainments = 0;
	private openHosts = 0;

	constructor(
		private readonly change: Change,
		private readonly crossings: readonly Crossing[],
		/** Every entity of the batch, as scored. */
		private readonly rows: readonly EntityRow[],
	) {}

	async decideAll(): Promise<Omit<ScoreResult, 'outcomes'>> {
		if (this.crossings.length === 0) return this.result;
		await this.load();
		for (const crossing of this.crossings) this.decideOne(crossing);
		await this.explainOpened();
		await this.tell();
		return this.result;
	}

	private async load(): Promise<void> {
		const { change } = this;
		const { tx, graph, nowMs, policy } = change;
		for (const crossing of this.crossings) crossing.hostIds = distinct(crossing.hostIds.map((id) => graph.resolve(id)));
		await this.addHostsOfUsers();
		const hostIds = distinct(this.crossings.flatMap((crossing) => crossing.hostIds));
		await change.loadHosts(hostIds);
		await change.loadEpisodes(distinct(hostIds.map((id) => graph.row(id).episodeId)));
		await this.loadSources(hostIds);
		await change.loadSharers(hostIds);
		this.recentContainments = await tx.automaticContainmentsSince(nowMs - policy.ms.breakerWindow);
		this.openHosts = await tx.openHosts();
	}

	/** A user's current endpoints: where the user was seen lately. */
	private async addHostsOfUsers(): Promise<void> {
		const { change } = this;
		const users = this.crossings.filter(({ kind }) => kind === 'user' && change.policy.policy.crossing.user !== 'none');
		if (users.length === 0) return;
		const sinceMs = change.nowMs - change.policy.ms.currentWindow;
		const links = await change.tx.links(users.map(({ key }) => ({ kind: 'user', value: key })));
		await change.loadHosts(links.map(({ hostId }) => change.graph.resolve(hostId)));
		for (const user of users) {
			const known = [...links, ...change.graph.newLinks.slice(0, user.newLinks)]
				.filter(({ kind, value }) => kind === 'user' && value === user.key)
				.map(({ hostId }) => change.graph.resolve(hostId));
			const current = known.filter((id) => change.graph.lastSeenMs(id, 'user', user.key) >= sinceMs);
			user.hostIds = distinct([...user.hostIds, ...current]);
		}
	}

	/** Which sources count on a host by those of its entities that the batch has not touched; and when those were last seen. */
	private async loadSources(hostIds: readonly number[]): Promise<void> {
		const { graph, tx } = this.change;
		const touched = new Set(this.rows.map(({ id }) => id));
		const onHosts = new Set(hostIds);
		graph.freshen(this.rows.filter(({ hostId }) => hostId !== undefined && onHosts.has(graph.resolve(hostId))));
		const others = (await tx.entitiesOfHosts(hostIds)).filter(({ id }) => !touched.has(id));
		graph.freshen(others);
		for (const row of others) {
			const hostId = graph.resolve(row.hostId as number);
			if (graph.isShared(hostId, row.kind, row.key)) continue;
			const live = this.liveSources.get(hostId) ?? new Set<string>();
			addLiveSources(live, row, this.change);
			this.liveSources.set(hostId, live);
		}
	}

	/** What other hosts have, too, may have its points from them. */
	private sourcesOf(crossing: Crossing, hostId: number): string[] {
		const sources = new Set(this.liveSources.get(hostId));
		const { graph } = this.change;
		const touched = [...crossing.sources].filter(([id]) => graph.resolve(id) === hostId).flatMap(([, live]) => live);
		for (const { entity, sources: live } of touched) {
			if (!graph.isShared(hostId, entity.kind, entity.key)) for (const source of live) sources.add(source);
		}
		return [...sources].sort();
	}

	private decideOne(crossing: Crossing): void {
		const { graph, policy } = this.change;
		const action = policy.policy.crossing[crossing.kind];
		if (crossing.hostIds.length === 0) {
			if (action === 'none' || policy.policy.mode === 'observe') return this.refuse(crossing, this.guard(crossing, undefined));
			return this.refuse(crossing, {
				guard: 'kind',
				verdict: 'refuse',
				reason: `No endpoint of ${crossing.kind} ${crossing.key} is known`,
			});
		}
		for (const hostId of crossing.hostIds) {
			if (graph.row(hostId).episodeId !== undefined) this.addToEpisode(crossing, hostId);
			else this.decideHost(crossing, hostId);
		}
	}

	private decideHost(crossing: Crossing, hostId: number): void {
		const decision = this.guard(crossing, hostId);
		if (decision.verdict === 'refuse') return this.refuse(crossing, decision, hostId);
		const row = openEpisode(this.change, {
			hostId,
			trigger: { kind: crossing.kind, key: crossing.key, score: crossing.score },
			decision,
			reason: decision.reason,
			requestedBy: WORKFLOW,
			topContributions: [],
			automatic: decision.verdict === 'contain',
		});
		this.opened.add(row.intent.episodeId);
		this.toExplain.set(row.intent, crossing);
		this.note(crossing, row.intent.episodeId);
		if (decision.verdict === 'contain') this.dispatched(row);
		else this.result.needsApproval.push(row.intent);
	}

	private dispatched(row: IntentRow): void {
		this.recentContainments++;
		this.openHosts++;
		this.result.contain.push(row.intent);
	}

	/** A host has one episode: later crossings join it, and may tip an approval that waits into a containment. */
	private addToEpisode(crossing: Crossing, hostId: number): void {
		const { change } = this;
		const { episode } = change.episodeNow(change.graph.row(hostId).episodeId as string);
		if (episode.crossings.some(({ kind, key }) => kind === crossing.kind && key === crossing.key)) return;
		this.note(crossing, episode.id);
		const waiting = change.intentsOf(episode.id).find(({ intent }) => intent.kind === 'contain' && intent.state === 'awaitingApproval');
		if (waiting) this.tip(crossing, hostId, waiting);
		if (this.opened.has(episode.id) || change.policy.policy.crossing[crossing.kind] === 'none') return;
		const about = change.intentsOf(episode.id).findLast(({ intent }) => intent.kind === 'contain' || OPEN_STATES.includes(intent.state));
		if (!about) return;
		const entry = this.escalated.get(episode.id) ?? { about: about.intent, crossed: [] };
		entry.crossed.push({ kind: crossing.kind, key: crossing.key, score: round(crossing.score) });
		this.escalated.set(episode.id, entry);
	}

	private tip(crossing: Crossing, hostId: number, waiting: IntentRow): void {
		const { change } = this;
		const decision = this.guard(crossing, hostId);
		if (decision.verdict !== 'contain') return;
		const { intent } = waiting;
		intent.state = 'pending';
		intent.decision = decision;
		intent.nextAttemptAt = change.now;
		this.toExplain.set(intent, crossing);
		delete intent.expiresAt;
		waiting.automatic = true;
		waiting.dispatchedMs = change.nowMs;
		const host = change.graph.row(hostId);
		host.state = 'containing';
		change.graph.touch(host);
		change.episodeNow(intent.episodeId).episode.state = 'containing';
		change.audit('containmentOpened', `intent:${intent.id}`, { episode: intent.episodeId, decision, was: 'awaitingApproval' });
		this.result.needsApproval = this.result.needsApproval.filter(({ id }) => id !== intent.id);
		this.dispatched(waiting);
	}

	private guard(crossing: Crossing, hostId: number | undefined): Decision {
		const { change } = this;
		const host = hostId === undefined ? undefined : change.graph.row(hostId);
		const subjects = [{ kind: crossing.kind, key: crossing.key }, ...(hostId === undefined ? [] : change.subjectsOf(hostId))];
		const protectedBy = change.protectedBy(subjects);
		return decide({
			policy: change.policy.policy,
			kind: crossing.kind,
			score: crossing.score,
			sources: hostId === undefined ? [] : this.sourcesOf(crossing, hostId),
			...(protectedBy && { protectedBy }),
			...this.sharing(crossing, hostId),
			...(host && host.graceUntilMs > change.nowMs && { graceUntil: iso(host.graceUntilMs) }),
			recentContainments: this.recentContainments,
			openHosts: this.openHosts,
			knownHosts: change.knownHosts,
		});
	}

	private sharing({ kind, key }: EntityKey, hostId: number | undefined): Pick<GuardInput, 'shared'> {
		const { graph, policy } = this.change;
		if (hostId === undefined || !graph.isShared(hostId, kind, key)) return {};
		const hasOwn = graph.row(hostId).members.some((member) => isScored(member) && member.held === 'own' && policy.policy.crossing[member.kind] !== 'none');
		return { shared: { hasOwn } };
	}

	/** After a refusal for grace the entity may fire again when grace is over, if something new happens. */
	private refuse(crossing: Crossing, decision: Decision, hostId?: number): void {
		const { change } = this;
		if (decision.guard === 'grace' && hostId !== undefined) crossing.row.rearmMs = change.graph.row(hostId).graceUntilMs;
		const refusal = { kind: crossing.kind, key: crossing.key, score: round(crossing.score), decision };
		this.result.refused.push(refusal);
		change.audit('containmentRefused', entityName(crossing), { score: refusal.score, decision });
	}

	private note(crossing: Crossing, episodeId: string): void {
		const { kind, key, score, at } = crossing;
		this.change.episodeNow(episodeId).episode.crossings.push({ kind, key, score: round(score), at });
		if (!this.opened.has(episodeId)) {
			this.change.audit('crossing', entityName(crossing), { score: round(score), episode: episodeId });
		}
	}

	/** Only those who open something need their history read, all of them together. */
	private async explainOpened(): Promise<void> {
		const topOf = await this.topContributions([...this.toExplain.values()].map(({ row }) => row));
		for (const [intent, crossing] of this.toExplain) {
			intent.topContributions = topOf(crossing.row);
			intent.reason = this.sentence(crossing, intent);
		}
	}

	private sentence({ kind, key, score }: Crossing, { decision, topContributions }: Intent): string {
		const who = `${kind} ${key} has ${Math.round(score * 10) / 10} points, threshold ${this.change.policy.policy.threshold}`;
		const why = distinct(topContributions.slice(0, 3).map(({ eventType }) => eventType)).join(', ');
		const because = why === '' ? who : `${who}: ${why}`;
		return decision.guard === 'dispatch' ? because : `${because}. ${decision.reason}`;
	}

	private async topContributions(rows: readonly EntityRow[]): Promise<(row: EntityRow) => Intent['topContributions']> {
		const { tx } = this.change;
		const asked = [...new Map(rows.map(({ id, purgedSeq }) => [id, { entityId: id, afterSeq: purgedSeq }])).values()];
		const found = new Map<number, TimedContribution[]>(asked.map(({ entityId }) => [entityId, []]));
		for (const contribution of await tx.newestContributions(asked, CONTRIBUTIONS_LOOKED_AT)) found.get(contribution.entityId)?.push(contribution);
		const top = new Map([...found].map(([id, contributions]) => [id, this.heaviest(contributions)]));
		const seqs = distinct([...top.values()].flat().map(({ seq }) => seq));
		const detections = new Map((await tx.detectionsAt(seqs)).map((row) => [row.seq, row]));
		return ({ id }) => (top.get(id) ?? []).map(({ seq, penalty }) => toTopContribution(detections.get(seq) as DetectionRow, penalty));
	}

	/** By what is left of them now. */
	private heaviest(contributions: readonly TimedContribution[]): TimedContribution[] {
		const { nowMs, policy } = this.change;
		const left = ({ penalty, occurredMs }: TimedContribution) => decayed(penalty, nowMs - occurredMs, policy.halfLifeMs);
		return contributions
			.filter(({ penalty }) => penalty > 0)
			.sort((a, b) => left(b) - left(a) || b.seq - a.seq)
			.slice(0, TOP_CONTRIBUTIONS);
	}

	/** One notice for all approvals that nobody was told of yet: two thousand cards would help nobody. */
	private async askForApproval(waiting: readonly Intent[]): Promise<Intent> {
		const request = await this.requestFor(waiting);
		for (const intent of waiting) intent.askedIn = request.id;
		return request;
	}

	private async requestFor(waiting: readonly Intent[]): Promise<Intent> {
		const { change } = this;
		const approvals = waiting.slice(0, MAX_LISTED_APPROVALS).map((intent) => approvalOf(change, intent));
		const untold = await this.untoldRequest();
		if (!untold) return openNotice(change, waiting[0], { event: 'approvalRequested', approvals, approvalCount: waiting.length }).intent;
		const notice = untold.notice as Notice;
		notice.approvals = [...(notice.approvals ?? []), ...approvals].slice(0, MAX_LISTED_APPROVALS);
		notice.approvalCount = (notice.approvalCount ?? 0) + waiting.length;
		change.audit('noticeExtended', `intent:${untold.id}`, { approvals: waiting.length });
		return untold;
	}

	private async untoldRequest(): Promise<Intent | undefined> {
		const { change } = this;
		const pending = await change.tx.dueIntents({ kinds: ['notify'], limit: MAX_UNTOLD, nowMs: change.nowMs });
		const found = pending.find(({ intent }) => intent.state === 'pending' && intent.attempts === 0 && intent.notice?.event === 'approvalRequested');
		return found && (await change.findIntent(found.intent.id))?.intent;
	}

	private async tell(): Promise<void> {
		const { change } = this;
		if (this.result.needsApproval.length > 0) this.result.notices.push(await this.askForApproval(this.result.needsApproval));
		for (const { about, crossed } of this.escalated.values()) {
			this.result.notices.push(openNotice(change, about, { event: 'escalated', crossed }).intent);
		}
	}
}

/** Whether a member is an entity that can contain its host by itself. */
function isScored(member: Member): member is Member & { kind: 'mac' | 'hostname' } {
	return member.kind === 'mac' || member.kind === 'hostname';
}

function toTopContribution({ source, eventTypeName, occurredMs, body }: DetectionRow, penalty: number): Intent['topContributions'][number] {
	const { link } = JSON.parse(body) as Detection;
	return { source, eventType: eventTypeName, penalty: round(penalty), occurredAt: iso(occurredMs), ...(link !== undefined && { link }) };
}
