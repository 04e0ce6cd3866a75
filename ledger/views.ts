import type { Band, EntityDetail, EntityState, EntitySummary, Episode } from './api';
import { iso } from './time';
import type { CompiledPolicy, Protection } from './compiledPolicy';
import type { Detection } from './detection';
import { canonicalTarget, entitiesOfTargets } from './entity';
import { hostName } from './hosts';
import { decayed, explain, factsOf, lowestReaching, rankOfScore, reaches, round } from './score';
import { hostnamesOf, profileOf } from './store/rows';
import type { EntityRow, HostStateRow, RankedEntity, ReadTransaction } from './store/store';

/** Detections listed with an entity, newest first. */
const LISTED_CONTRIBUTIONS = 500;

/** Turns rows into what callers see, at one moment. */
export class Views {
	constructor(
		private readonly tx: ReadTransaction,
		private readonly policy: CompiledPolicy,
		private readonly nowMs: number,
		readonly protectedBy: Protection,
	) {}

	async detail(row: EntityRow): Promise<EntityDetail> {
		const [host] = row.hostId === undefined ? [] : await this.tx.hosts([row.hostId]);
		const summary = this.summary({ entity: row, host: host && { ...host, profile: profileOf(host.members), ...(row.kind === 'mac' && { hostnames: hostnamesOf(host.members) }) } });
		const context = await this.tx.context(row.id);
		const sameHost = row.hostId === undefined ? [] : await this.tx.entitiesOfHosts([row.hostId]);
		const episodes = row.hostId === undefined ? [] : await this.tx.episodesOfHost(row.hostId);
		return {
			...summary,
			contributions: await this.contributions(row),
			related: sameHost.filter(({ id }) => id !== row.id).map(({ kind, key }) => ({ kind, key })),
			episodes: episodes.map(({ episode }): Episode => episode),
			...(context && { context }),
		};
	}

	bandOf(score: number): Band {
		const { threshold, bands } = this.policy.policy;
		if (reaches(score, threshold)) return 'contain';
		if (reaches(score, bands.red)) return 'red';
		if (reaches(score, bands.orange)) return 'orange';
		return reaches(score, bands.yellow) ? 'yellow' : 'white';
	}

	/** The band as a range of rank keys: from, and below. */
	rankRange(band: Band): { minRank?: number; maxRank?: number } {
		const { threshold, bands } = this.policy.policy;
		const floors = { white: 0, yellow: bands.yellow, orange: bands.orange, red: bands.red, contain: threshold };
		const above = { white: ['yellow', 'orange', 'red', 'contain'], yellow: ['orange', 'red', 'contain'], orange: ['red', 'contain'], red: ['contain'], contain: [] }[band] as Band[];
		const ceiling = Math.min(...above.map((other) => floors[other]));
		const rank = (score: number) => rankOfScore(lowestReaching(score), this.nowMs, this.policy.halfLifeMs);
		return {
			...(floors[band] > 0 && { minRank: rank(floors[band]) }),
			...(ceiling < Infinity && { maxRank: rank(ceiling) }),
		};
	}

	/** Lists are long and drawn often, so every source's points are worked out once. */
	summary({ entity, host }: RankedEntity): EntitySummary {
		const sources: EntitySummary['sources'] = {};
		let score = 0;
		for (const { source, points, atMs, detections } of entity.sources) {
			const left = decayed(points, this.nowMs - atMs, this.policy.halfLifeMs);
			score += left;
			sources[source] = { score: round(left), detections };
		}
		const summary: EntitySummary = {
			kind: entity.kind,
			key: entity.key,
			score: round(score),
			band: this.bandOf(score),
			state: this.stateOf(host),
			protected: this.protectedBy([entity]) !== undefined,
			sources,
			firstSeenAt: iso(entity.firstSeenMs),
			lastSeenAt: iso(entity.lastSeenMs),
		};
		if (host) summary.hostId = hostName(host.id);
		if (host?.profile !== undefined) summary.endpointProfile = host.profile;
		if (host?.hostnames) summary.hostnames = host.hostnames;
		if (host?.episodeId !== undefined) summary.episodeId = host.episodeId;
		return summary;
	}

	private stateOf(host: HostStateRow | undefined): EntityState {
		if (!host) return 'normal';
		return host.state === 'normal' && host.graceUntilMs > this.nowMs ? 'grace' : host.state;
	}

	private async contributions(row: EntityRow): Promise<EntityDetail['contributions']> {
		const rows = await this.tx.contributions(row.id, row.purgedSeq, LISTED_CONTRIBUTIONS);
		return rows.map(({ penalty, suppressed, detection: stored }) => {
			const detection = JSON.parse(stored.body) as Detection;
			const facts = factsOf(this.policy, detection, stored.occurredMs, stored.receivedMs);
			const targets = detection.targets.map((target) => canonicalTarget(target, this.policy.identity));
			const entity = entitiesOfTargets(targets).find(({ kind, key }) => kind === row.kind && key === row.key) ?? row;
			return {
				detection,
				penalty: round(penalty),
				remaining: round(decayed(penalty, this.nowMs - facts.atMs, this.policy.halfLifeMs)),
				reasons: explain(this.policy, facts, entity, penalty, suppressed),
			};
		});
	}
}
