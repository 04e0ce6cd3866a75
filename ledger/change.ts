import { iso } from './time';
import type { Actor, ProtectedEntry } from './api';
import { appendAudit } from './audit';
import { type CompiledPolicy, compileProtection, type Matchable, type Protection } from './compiledPolicy';
import type { CanonicalTarget } from './entity';
import { HostGraph, hostName, type LinkEvent } from './hosts';
import type { AuditRow, EpisodeRow, IntentRow, LedgerHead, WriteTransaction } from './store/store';

/** Counter of hosts that turned out to be another one. */
const MERGED = 'hostsMerged';

/** Hosts that the ledger tells apart. */
export function knownHosts({ hostId, counters }: LedgerHead): number {
	return hostId - (counters[MERGED] ?? 0);
}

/**
 * One change of the ledger while it is being made: collects rows and audit records, and writes them together at
 * the end of the transaction.
 */
export class Change {
	readonly graph: HostGraph;
	private readonly auditRows: AuditRow[] = [];
	private readonly episodes = new Map<string, EpisodeRow>();
	/** By episode. */
	private readonly intents = new Map<string, IntentRow[]>();
	private readonly episodeOfIntent = new Map<string, string>();
	/** Identities whose hosts were looked for in the store. */
	private readonly lookedUp = new Set<string>();
	/** Rows as they were when loaded, so that only what changed is written. */
	private readonly asStored = new Map<string, string>();
	readonly protectedBy: Protection;

	constructor(
		readonly tx: WriteTransaction,
		readonly head: LedgerHead,
		readonly policy: CompiledPolicy,
		readonly actor: Actor,
		readonly nowMs: number,
		private readonly protectedEntries: readonly ProtectedEntry[],
	) {
		this.protectedBy = compileProtection(policy, protectedEntries);
		this.graph = new HostGraph(() => ++head.hostId);
	}

	get now(): string {
		return iso(this.nowMs);
	}

	/** Whether any protected entry, of the policy or of the list, has this type. */
	hasProtected(type: ProtectedEntry['type']): boolean {
		return [this.policy.policy.protected, this.protectedEntries].some((entries) => entries.some((entry) => entry.type === type));
	}

	get knownHosts(): number {
		return knownHosts(this.head) - this.graph.merges.length;
	}

	audit(action: string, subject: string, details: Record<string, unknown> = {}): void {
		this.auditRows.push(appendAudit(this.head, this.nowMs, this.actor, action, subject, details));
	}

	auditLinks(events: readonly LinkEvent[]): void {
		for (const { action, subject, details } of events) this.audit(action, subject, details);
	}

	count(counter: string, by = 1): void {
		this.head.counters[counter] = (this.head.counters[counter] ?? 0) + by;
	}

	/** Loads hosts with all that is known of them, unless they are there already. */
	async loadHosts(ids: Iterable<number>): Promise<void> {
		const missing = this.notLoaded(ids);
		if (missing.length === 0) return;
		this.graph.add(await this.tx.hosts(missing));
		this.graph.freshen(await this.tx.entitiesOfHosts(missing));
	}

	/** Loads the hosts that these targets may be, and those given. */
	async loadHostsOf(targets: readonly CanonicalTarget[], ids: readonly number[] = []): Promise<void> {
		if (ids.length > 0) this.graph.add(await this.tx.hosts(ids));
		const wanted = this.graph.missing(targets).filter(({ kind, value }) => !this.lookedUp.has(`${kind} ${value}`));
		if (wanted.length === 0) return;
		for (const { kind, value } of wanted) this.lookedUp.add(`${kind} ${value}`);
		const links = await this.tx.links(wanted);
		this.graph.add(await this.tx.hosts(this.notLoaded(links.map(({ hostId }) => hostId))));
	}

	/** A host that was merged in this change is there as the one that stayed. */
	private notLoaded(ids: Iterable<number>): number[] {
		return [...new Set(ids)].filter((id) => !this.graph.has(this.graph.resolve(id)));
	}

	/** An episode; the same object for everyone in this change. */
	async episode(id: string): Promise<EpisodeRow> {
		await this.loadEpisodes([id]);
		return this.episodes.get(id) as EpisodeRow;
	}

	/** An episode that is loaded or new. */
	episodeNow(id: string): EpisodeRow {
		return this.episodes.get(id) as EpisodeRow;
	}

	/** Loads episodes with their intents, unless they are there already. */
	async loadEpisodes(ids: readonly string[]): Promise<void> {
		const missing = ids.filter((id) => !this.episodes.has(id));
		if (missing.length === 0) return;
		for (const row of await this.tx.episodes(missing)) {
			this.episodes.set(row.episode.id, row);
			this.asStored.set(row.episode.id, JSON.stringify(row));
		}
		for (const row of await this.tx.intentsOfEpisodes(missing)) {
			this.addIntent(row);
			this.asStored.set(row.intent.id, JSON.stringify(row));
		}
	}

	/** An intent with its episode and host, or `undefined` when there is none. */
	async findIntent(id: string): Promise<IntentRow | undefined> {
		if (!this.episodeOfIntent.has(id)) await this.loadIntents([id]);
		const episodeId = this.episodeOfIntent.get(id);
		if (episodeId === undefined) return undefined;
		const episode = this.episodeNow(episodeId);
		const row = this.loadedIntent(id) as IntentRow;
		// Another intent of this change may have found out that its host is this one.
		episode.hostId = this.graph.resolve(episode.hostId);
		row.hostId = this.graph.resolve(row.hostId);
		return row;
	}

	/** An intent that is loaded. */
	loadedIntent(id: string): IntentRow | undefined {
		return this.intentsOf(this.episodeOfIntent.get(id) ?? '').find(({ intent }) => intent.id === id);
	}

	/** Loads intents with their episodes and hosts; those that don't exist are left out. */
	async loadIntents(ids: readonly string[]): Promise<void> {
		const rows = await this.tx.intents(ids);
		await this.loadEpisodes([...new Set(rows.map(({ intent }) => intent.episodeId))]);
		await this.loadHosts(rows.map(({ hostId }) => hostId));
	}

	/** Intents of an episode that is loaded, oldest first. */
	intentsOf(episodeId: string): IntentRow[] {
		return this.intents.get(episodeId) ?? [];
	}

	addEpisode(row: EpisodeRow): void {
		this.episodes.set(row.episode.id, row);
	}

	addIntent(row: IntentRow): void {
		this.episodeOfIntent.set(row.intent.id, row.intent.episodeId);
		const known = this.intents.get(row.intent.episodeId);
		if (known) known.push(row);
		else this.intents.set(row.intent.episodeId, [row]);
	}

	/** Everything of a host that a protected entry can be about, as far as `loadSubjects` has loaded it. */
	subjectsOf(hostId: number): Matchable[] {
		return this.graph.subjects(hostId, this.nowMs - this.policy.ms.currentWindow);
	}

	/** Loads hosts as `loadHosts` does, when their entities were last seen, and who shares an identity with them. */
	async loadSubjects(ids: Iterable<number>): Promise<void> {
		const wanted = [...new Set([...ids].map((id) => this.graph.resolve(id)))];
		this.graph.add(await this.tx.hosts(this.notLoaded(wanted)));
		this.graph.freshen(await this.tx.entitiesOfHosts(wanted));
		await this.loadSharers(wanted);
	}

	/** Loads who else has the identity of hosts that are nothing but a shared one. */
	async loadSharers(ids: readonly number[]): Promise<void> {
		await this.loadHostsOf(ids.flatMap((id) => this.graph.sharedOnly(id)).map(({ kind, value }) => ({ [kind]: value })));
	}

	/** Writes what has changed. The audit comes last, so that it covers all of it. */
	async save(): Promise<void> {
		const { tx, graph } = this;
		this.auditLinks(graph.events);
		if (graph.changed.size > 0) await tx.saveHosts([...graph.changed]);
		if (graph.merges.length > 0) {
			await tx.mergeHosts(graph.merges);
			this.count(MERGED, graph.merges.length);
		}
		if (graph.newLinks.length > 0) await tx.insertLinks(graph.newLinks.map((link) => ({ ...link, hostId: graph.resolve(link.hostId) })));
		const episodes = this.changed([...this.episodes.values()], (row) => row.episode.id);
		for (const row of episodes) row.episode.hostId = hostName(row.hostId);
		if (episodes.length > 0) await tx.saveEpisodes(episodes);
		const intents = this.changed([...this.intents.values()].flat(), (row) => row.intent.id);
		if (intents.length > 0) await tx.saveIntents(intents);
		if (this.auditRows.length > 0) await tx.insertAudit(this.auditRows);
		await tx.saveHead(this.head);
	}

	private changed<T extends { hostId: number }>(rows: readonly T[], idOf: (row: T) => string): T[] {
		for (const row of rows) row.hostId = this.graph.resolve(row.hostId);
		return rows.filter((row) => JSON.stringify(row) !== this.asStored.get(idOf(row)));
	}
}
