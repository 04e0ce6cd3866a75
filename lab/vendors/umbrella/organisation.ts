import type { World } from '../../world/world';
import type { VendorEvent } from '../../machine/vendor';
import { insertSorted } from '../shared/collections';
import { type FeedFaults, noFeedFaults } from '../shared/faults';
import { buildActivity, type StoredActivity } from './activity';

export type DestinationType = 'domain' | 'url' | 'ipv4';

export interface Destination {
	id: number;
	destination: string;
	type: DestinationType;
	comment: string;
	/** Epoch ms. */
	createdAt: number;
}

export interface DestinationList {
	id: number;
	name: string;
	access: 'allow' | 'block';
	isGlobal: boolean;
	/** 1 DNS, 2 web, 4 SAML bypass. */
	bundleTypeId: number;
	/** Epoch ms. */
	createdAt: number;
	modifiedAt: number;
	/** In the order of adding, by the destination's text. */
	destinations: Map<string, Destination>;
}

/** A domain that the custom integration blocks. */
export interface EnforcedDomain {
	id: number;
	name: string;
	/** Epoch ms at which it was last reported. */
	lastSeenAt: number;
}

/** Misbehaviour of destination lists that a fault asks for. */
export interface ListFaults {
	/** A call that is refused for one destination adds the others. */
	partialAdd: boolean;
	/** Block lists take IPv4 addresses without a word and do not keep them. */
	dropIpv4: boolean;
	/** How many destinations a list can hold. */
	capacity: number;
}

/** What the vendor's cloud knows about the organisation. */
export class Organisation {
	/** By time, oldest first. */
	readonly activities: StoredActivity[] = [];
	readonly lists: DestinationList[];
	/** Security categories of the domains that were ever reported with one. */
	readonly malicious = new Map<string, Set<string>>();
	/** Files that were ever reported, with the domain that they came from. */
	readonly files = new Map<string, string | undefined>();
	/** By name, in the order of adding. */
	readonly enforced = new Map<string, EnforcedDomain>();
	faults: FeedFaults = noFeedFaults();
	readonly listFaults: ListFaults = { partialAdd: false, dropIpv4: false, capacity: Infinity };
	private enforcedIds = 49_000;
	private listIds = 15_755_700;
	private destinationIds = 183_100;

	/** @param createdAt epoch ms */
	constructor(
		readonly world: World,
		createdAt: number,
	) {
		this.lists = [];
		this.addList({ name: 'Global Allow List', access: 'allow', isGlobal: true }, createdAt);
		this.addList({ name: 'Global Block List', access: 'block', isGlobal: true }, createdAt);
		this.addList({ name: 'Rapid Threat Containment', access: 'block', isGlobal: false }, createdAt);
	}

	addList(
		wish: { name: string; access: 'allow' | 'block'; isGlobal: boolean; bundleTypeId?: number },
		now: number,
	): DestinationList {
		const { name, access, isGlobal, bundleTypeId = 1 } = wish;
		const id = (this.listIds += 1);
		const list = { id, name, access, isGlobal, bundleTypeId, createdAt: now, modifiedAt: now };
		const added = { ...list, destinations: new Map<string, Destination>() };
		this.lists.push(added);
		return added;
	}

	/** Adds a destination; one that is there already stays as it is. */
	addDestination(
		list: DestinationList,
		destination: string,
		type: DestinationType,
		comment: string,
		now: number,
	): void {
		if (list.destinations.has(destination)) return;
		const id = (this.destinationIds += 1);
		list.destinations.set(destination, { id, destination, type, comment, createdAt: now });
		list.modifiedAt = now;
	}

	/** Puts a domain on the integration's block list; one that is there already was seen again. */
	enforce(name: string, now: number): void {
		const id = this.enforced.get(name)?.id ?? (this.enforcedIds += 1);
		this.enforced.set(name, { id, name, lastSeenAt: now });
	}

	/** Adds what the vendor reports for an event, and learns from it for Investigate. */
	report(event: VendorEvent, at: number): void {
		const host = this.world.findByHostname(event.hostname);
		if (!host) throw new Error(`umbrella can't report on ${event.hostname}: there is no such host`);
		const activity = buildActivity(event, at, host, this.faults.lateEvents * 1000);
		insertSorted(this.activities, activity, (other) => other.at);
		this.learn(activity);
	}

	/** What a judge of the lab wants to know. */
	state(): Record<string, unknown> {
		const byKind: Record<string, number> = {};
		for (const { kind } of this.activities) byKind[kind] = (byKind[kind] ?? 0) + 1;
		return {
			destinationLists: this.lists.map((list) => ({
				id: list.id,
				name: list.name,
				access: list.access,
				isGlobal: list.isGlobal,
				destinations: [...list.destinations.values()].map(({ id, destination, type, comment }) => ({
					id,
					destination,
					type,
					comment,
				})),
			})),
			enforcedDomains: [...this.enforced.keys()],
			activities: { total: this.activities.length, byKind },
			maliciousDomains: [...this.malicious.keys()],
		};
	}

	private learn({ domain, sha256, categories }: StoredActivity): void {
		if (sha256) this.files.set(sha256, domain);
		const labels = categories.filter(({ type }) => type === 'security').map(({ label }) => label);
		if (!domain || labels.length === 0) return;
		const known = this.malicious.get(domain) ?? new Set<string>();
		for (const label of labels) known.add(label);
		this.malicious.set(domain, known);
	}
}
