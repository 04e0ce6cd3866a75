import type { EntityKey, ProtectedEntry, WhatIfResult } from './api';
import { iso } from './time';
import { knownHosts } from './change';
import { type CompiledPolicy, compileProtection, type Protection } from './compiledPolicy';
import { addLiveSources } from './crossings';
import { entityName } from './entity';
import { decide } from './guards';
import { hostName } from './hosts';
import { containmentMs } from './intents';
import { allEntities, startFold } from './rebuild';
import { allDetections, type FoldedEntity } from './replay';
import { reaches, round, scoreAt } from './score';
import type { EntityRow, ReadTransaction } from './store/store';

interface SimulatedHost {
	/** Until when it stays contained; `Infinity` without auto-release. */
	containedUntilMs: number;
	episodes: number;
}

const TOP_ENTITIES = 100;

/**
 * Runs a draft policy over the kept detections and tells who would have been contained, or waited for approval,
 * and when. Hosts are as they are known now; people's releases and approvals are not replayed.
 */
export async function whatIf(
	tx: ReadTransaction,
	draft: CompiledPolicy,
	active: CompiledPolicy,
	sinceMs: number,
	nowMs: number,
): Promise<WhatIfResult> {
	const stored = await allEntities(tx);
	const { fold, afterSeq } = await startFold(tx, draft, stored);
	const simulation = new Simulation(draft, stored, await tx.protectedEntries(), knownHosts(await tx.head()));
	let detections = 0;
	for await (const page of allDetections(tx, afterSeq)) {
		for (const row of page) {
			const { effects } = fold.add(row);
			const counts = row.receivedMs >= sinceMs;
			if (counts) detections++;
			for (const { entity, effect } of effects) simulation.look(entity, effect.penalty, row.receivedMs, counts);
		}
	}
	const entities = [...fold.entities.values()]
		.map((entity) => {
			const { kind, key, state } = entity;
			const current = stored.get(entityName(entity))?.sources ?? [];
			return {
				kind,
				key,
				score: round(scoreAt(state, nowMs, draft.halfLifeMs)),
				current: round(scoreAt(current, nowMs, active.halfLifeMs)),
			};
		})
		.sort((a, b) => b.score - a.score)
		.slice(0, TOP_ENTITIES);
	return { detections, contained: simulation.contained, entities };
}

class Simulation {
	readonly contained: WhatIfResult['contained'] = [];
	private readonly hosts = new Map<string, SimulatedHost>();
	private readonly disarmed = new Set<FoldedEntity>();
	private readonly dispatched: number[] = [];
	private readonly labels: ReadonlyMap<number, string>;
	/** What is known of each host now. */
	private readonly known = new Map<string, EntityRow[]>();
	/** What has scored so far on each host. */
	private readonly scored = new Map<string, Set<FoldedEntity>>();
	private readonly protectedBy: Protection;

	constructor(
		private readonly policy: CompiledPolicy,
		private readonly stored: ReadonlyMap<string, EntityRow>,
		protectedEntries: readonly ProtectedEntry[],
		private readonly knownHosts: number,
	) {
		this.labels = labelsOf(stored);
		for (const row of stored.values()) if (row.hostId !== undefined) group(this.known, this.hostOf(row)).push(row);
		this.protectedBy = compileProtection(policy, protectedEntries);
	}

	look(entity: FoldedEntity, penalty: number, atMs: number, counts: boolean): void {
		const { policy, halfLifeMs } = this.policy;
		const score = scoreAt(entity.state, atMs, halfLifeMs);
		if (score - penalty < policy.rearmBelow) this.disarmed.delete(entity);
		const host = this.hostOf(entity);
		this.scored.set(host, (this.scored.get(host) ?? new Set()).add(entity));
		const state = this.hosts.get(host) ?? { containedUntilMs: 0, episodes: 0 };
		if (state.containedUntilMs > atMs) return;
		if (state.containedUntilMs > 0) this.disarmed.delete(entity);
		if (!reaches(score, policy.threshold) || penalty <= 0 || this.disarmed.has(entity)) return;
		this.disarmed.add(entity);
		this.cross(entity, host, state, score, atMs, counts);
	}

	private cross(entity: FoldedEntity, host: string, state: SimulatedHost, score: number, atMs: number, counts: boolean): void {
		const { policy, ms } = this.policy;
		const protectedBy = this.protectedBy([entity, ...(this.known.get(host) ?? [])]);
		const decision = decide({
			policy,
			kind: entity.kind,
			score,
			sources: this.liveSources(host, atMs),
			...(protectedBy && { protectedBy }),
			recentContainments: this.dispatched.filter((at) => at > atMs - ms.breakerWindow).length,
			openHosts: [...this.hosts.values()].filter(({ containedUntilMs }) => containedUntilMs > atMs).length,
			knownHosts: this.knownHosts,
		});
		if (decision.verdict === 'refuse') return;
		if (decision.verdict === 'contain') {
			this.dispatched.push(atMs);
			const lasts = containmentMs(this.policy, state.episodes, `${host} ${atMs}`) ?? Infinity;
			this.hosts.set(host, { containedUntilMs: atMs + lasts, episodes: state.episodes + 1 });
		}
		if (counts) this.contained.push({ host, trigger: { kind: entity.kind, key: entity.key }, at: iso(atMs), score: round(score), decision });
	}

	private liveSources(host: string, atMs: number): string[] {
		const live = new Set<string>();
		for (const { kind, state } of this.scored.get(host) ?? []) addLiveSources(live, { kind, sources: state }, { nowMs: atMs, policy: this.policy });
		return [...live].sort();
	}

	private hostOf(entity: EntityKey): string {
		const id = this.stored.get(entityName(entity))?.hostId;
		return id === undefined ? entity.key : (this.labels.get(id) ?? hostName(id));
	}
}

function group<T>(groups: Map<string, T[]>, key: string): T[] {
	const known = groups.get(key) ?? [];
	groups.set(key, known);
	return known;
}

/** What people call each host: its hostname, else a MAC. */
function labelsOf(stored: ReadonlyMap<string, EntityRow>): Map<number, string> {
	const labels = new Map<number, string>();
	for (const wanted of ['mac', 'hostname']) {
		for (const { kind, key, hostId } of stored.values()) if (kind === wanted && hostId !== undefined) labels.set(hostId, key);
	}
	return labels;
}
