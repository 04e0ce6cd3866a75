import type { Matchable } from './compiledPolicy';
import { isMeaninglessMac, type CanonicalTarget } from './entity';
import type { EntityKey, HostIdentity } from './api';
import type { EntityRow, HostMerge, HostRow, LinkRow, Member, MemberKind } from './store/store';

/** Identities that can tell which host it is, the strongest first. IPs and users change hands and never link. */
const LINKING = ['connectorGuid', 'mac', 'hostname'] as const;
type LinkingKind = (typeof LINKING)[number];
const NOTED = ['ip', 'user', 'endpointProfile', 'identityGroup'] as const;
/** Identities by which hosts are looked up: those that link, and users, for their current endpoints. */
const LOOKED_UP: ReadonlySet<MemberKind> = new Set([...LINKING, 'user'] as const);

/** What linking noticed and a person may want to know. */
export interface LinkEvent {
	action: 'hostsMerged' | 'identityShared';
	subject: string;
	details: Record<string, unknown>;
}

/** The public name of a host. */
export function hostName(id: number): string {
	return `host-${id}`;
}

/** The id in a public host name, or `undefined`. */
export function hostNumber(name: string): number | undefined {
	const match = /^host-(\d{1,15})$/.exec(name);
	return match ? Number(match[1]) : undefined;
}

/**
 * Which identities are of one host. Holds the hosts that a change is about, links targets to them, and remembers
 * what has to be written.
 *
 * Two hosts become one only when nothing speaks against it: never when both have a connector, and never when both
 * have a name of their own. An identity claimed by two such hosts (a dock's MAC, a name used twice) is marked
 * shared; from then on it links nothing and belongs to whichever host it was last seen with. Seen alone it tells none of
 * them: then it has a host of its own.
 */
export class HostGraph {
	readonly changed = new Set<HostRow>();
	readonly newLinks: LinkRow[] = [];
	readonly merges: HostMerge[] = [];
	readonly events: LinkEvent[] = [];
	private readonly hosts = new Map<number, HostRow>();
	/** Hosts that are loaded, by the identities seen on them. */
	private readonly holders = new Map<string, HostRow[]>();
	/** Members that were seen nowhere else since, as far as their entities are known. */
	private readonly lastSeenHere = new Set<Member>();

	/** @param newId Gives out host ids. */
	constructor(private readonly newId: () => number) {}

	/** Takes rows of the store. What is known already stays as it is. */
	add(rows: readonly HostRow[]): void {
		for (const row of rows) {
			if (this.hosts.has(row.id)) continue;
			this.hosts.set(row.id, row);
			for (const member of row.members) this.hold(row, member);
		}
	}

	/** Identities of targets whose hosts the store may know and that are not loaded. */
	missing(targets: readonly CanonicalTarget[]): Pick<LinkRow, 'kind' | 'value'>[] {
		const missing = new Map<string, Pick<LinkRow, 'kind' | 'value'>>();
		for (const target of targets) {
			const home = this.home(target);
			for (const kind of LINKING) {
				const value = target[kind];
				if (value === undefined || (home && owns(home, kind, value)) || this.ownerOf(kind, value)) continue;
				missing.set(memberKey(kind, value), { kind, value });
			}
		}
		return [...missing.values()];
	}

	has(id: number): boolean {
		return this.hosts.has(id);
	}

	row(id: number): HostRow {
		const row = this.hosts.get(id);
		if (!row) throw new Error(`Host ${id} was not loaded`);
		return row;
	}

	/** Notes that a host's row has changed. */
	touch(row: HostRow): void {
		this.changed.add(row);
	}

	/** Where a host went by merging. */
	resolve(id: number): number {
		let current = id;
		for (const { from, to } of this.merges) if (from === current) current = to;
		return current;
	}

	/** The host of a target; a new one when it is not known. `undefined` when nothing in it can tell a host. */
	link(target: CanonicalTarget, atMs: number): number | undefined {
		if (LINKING.every((kind) => target[kind] === undefined)) return undefined;
		let home = this.home(target) ?? this.create();
		for (const kind of LINKING) {
			const value = target[kind];
			if (value !== undefined) home = this.attach(kind, value, home, target, atMs);
		}
		this.note(home, target, atMs);
		return home.id;
	}

	/**
	 * Which identity of a target belongs to another host than the rest of it, so that they can't be one.
	 *
	 * @returns what people call both hosts, or `undefined`
	 */
	contradiction(target: CanonicalTarget): { kind: LinkingKind; value: string; of: string; not: string } | undefined {
		const home = this.home(target);
		if (!home) return undefined;
		for (const kind of LINKING) {
			const value = target[kind];
			const owner = value === undefined ? undefined : this.ownerOf(kind, value);
			if (value === undefined || !owner || owner === home || mergeable(home, owner, target)) continue;
			return { kind, value, of: this.label(owner.id), not: this.label(home.id) };
		}
		return undefined;
	}

	/** The hosts that the identities of a target belong to. */
	ownersOf(target: CanonicalTarget): number[] {
		return LINKING.flatMap((kind) => (target[kind] === undefined ? [] : (this.ownerOf(kind, target[kind] as string)?.id ?? [])));
	}

	/**
	 * The other host that an identity found for a host is known to be of. Two hosts that could be one are taken for two
	 * when the other has a name: whoever has an address now need not be who had it before.
	 */
	otherHolder(id: number, kind: 'mac' | 'connectorGuid', value: string): number | undefined {
		const home = this.row(id);
		const owner = this.ownerOf(kind, value);
		const holder = owner ?? this.holdersOf(kind, value).find((host) => find(host, kind, value)?.held === 'here');
		if (holder === undefined || holder === home) return undefined;
		const canBeOne = owner !== undefined && mergeable(home, owner, {}) && (isKnownOnlyBy(owner, value) || tellsNoHost(home));
		return canBeOne ? undefined : holder.id;
	}

	/** A host for a target that cannot tell one, e.g. only an IP, when a person wants it contained. */
	linkAnyway(target: CanonicalTarget, atMs: number): number {
		const linked = this.link(target, atMs);
		if (linked !== undefined) return linked;
		const row = this.create();
		this.note(row, target, atMs);
		return row.id;
	}

	/** Keeps values found on the way with a host, e.g. all NICs as known by a product. Gives the host it is now. */
	enrich(id: number, identity: Partial<Omit<HostIdentity, 'hostId'>>, atMs: number): number {
		let home = this.row(id);
		const each = (kind: LinkingKind, values: readonly string[] = []) => {
			for (const value of values) home = this.attach(kind, value, home, { [kind]: value }, atMs);
		};
		each('connectorGuid', identity.connectorGuids);
		each('mac', identity.macs);
		each('hostname', identity.hostnames);
		for (const ip of identity.ips ?? []) this.note(home, { ip }, atMs);
		for (const user of identity.users ?? []) this.note(home, { user }, atMs);
		return home.id;
	}

	/** What ISE says that a host is takes the place of what it said before. Without any profile, what is known stays. */
	reprofile(id: number, profiles: readonly string[], atMs: number): void {
		const host = this.row(id);
		const known = host.members.filter(({ kind }) => kind === 'endpointProfile').map(({ value }) => value);
		const found = [...new Set(profiles.map((profile) => profile.trim()).filter((profile) => profile !== ''))];
		if (found.length === 0 || (found.length === known.length && found.every((profile) => known.includes(profile)))) return;
		host.members = [
			...host.members.filter(({ kind }) => kind !== 'endpointProfile'),
			...found.map((value): Member => ({ kind: 'endpointProfile', value, lastSeenMs: atMs, held: 'own' })),
		];
		this.touch(host);
	}

	/**
	 * Everything that must leave the network with a host. Users count while they are recent; of IP addresses only the last:
	 * whoever has an earlier one now may be somebody else.
	 *
	 * @param withShared With MAC addresses that other hosts have, too, when they were last seen here
	 */
	identity(id: number, sinceMs: number, { addressesSinceMs = sinceMs, withShared = true } = {}): HostIdentity {
		const members = this.row(id).members.filter(({ held }) => held !== 'elsewhere');
		const values = (kind: MemberKind, fromMs = 0) =>
			members.filter((member) => member.kind === kind && member.lastSeenMs >= fromMs).map(({ value }) => value);
		const macs = withShared || this.sharedOnly(id).length > 0 ? members : members.filter(({ held }) => held === 'own');
		return {
			hostId: hostName(id),
			macs: macs.filter(({ kind, value }) => kind === 'mac' && !isMeaninglessMac(value)).map(({ value }) => value),
			ips: this.lastAddresses(members, addressesSinceMs),
			hostnames: values('hostname'),
			users: values('user', sinceMs),
			connectorGuids: values('connectorGuid'),
		};
	}

	private lastAddresses(members: readonly Member[], sinceMs: number): string[] {
		const current = members.filter((member) => member.kind === 'ip' && member.lastSeenMs >= sinceMs && this.lastSeenHere.has(member));
		const lastMs = Math.max(...current.map(({ lastSeenMs }) => lastSeenMs));
		return current.filter(({ lastSeenMs }) => lastSeenMs === lastMs).map(({ value }) => value);
	}

	/** Whether an identity is of this host alone. */
	owns(id: number, kind: MemberKind, value: string): boolean {
		return owns(this.row(id), kind, value);
	}

	/** Whether other hosts have an identity of a host, too. */
	isShared(id: number, kind: MemberKind, value: string): boolean {
		const member = find(this.row(id), kind, value);
		return member !== undefined && member.held !== 'own';
	}

	/** Whether a host was the last to be seen with an identity. */
	isHere(id: number, kind: MemberKind, value: string): boolean {
		const member = find(this.row(id), kind, value);
		return member !== undefined && member.held !== 'elsewhere';
	}

	/** An address or user is seen elsewhere now: keeps when it was last seen here. */
	left(id: number, { kind, key }: EntityKey, lastSeenMs: number): void {
		const host = this.row(id);
		const member = find(host, kind, key);
		if (!member) return;
		this.lastSeenHere.delete(member);
		if (member.lastSeenMs >= lastSeenMs) return;
		member.lastSeenMs = lastSeenMs;
		this.touch(host);
	}

	/** Takes over from entities when they were last seen, for the hosts where they are. Changes nothing to be written. */
	freshen(entities: readonly EntityRow[]): void {
		for (const { kind, key, hostId, lastSeenMs } of entities) {
			const host = hostId === undefined ? undefined : this.hosts.get(this.resolve(hostId));
			const member = host && find(host, kind, key);
			if (!member) continue;
			member.lastSeenMs = Math.max(member.lastSeenMs, lastSeenMs);
			this.lastSeenHere.add(member);
		}
	}

	/**
	 * Everything of a host that a protected entry can be about. An address or a user that went elsewhere counts while it is
	 * recent. A host that is nothing but a shared identity may be any of those that share it.
	 */
	subjects(id: number, sinceMs: number): Matchable[] {
		const moves = ({ kind }: Member) => kind === 'ip' || kind === 'user';
		const isCurrent = (member: Member) => !moves(member) || member.lastSeenMs >= sinceMs || this.lastSeenHere.has(member);
		const own = this.row(id).members.filter((member) => member.held !== 'elsewhere' && isCurrent(member));
		const sharers = this.sharedOnly(id).flatMap(({ kind, value }) => this.holdersOf(kind, value));
		const theirs = sharers.flatMap(({ members }) => members).filter(({ kind }) => isLinking(kind));
		return [...own, ...theirs].map(({ kind, value }) => ({ kind, key: value }));
	}

	/** What a host consists of when that is only an identity that other hosts have, too. */
	sharedOnly(id: number): Member[] {
		const linking = this.row(id).members.filter(({ kind }) => isLinking(kind));
		return linking.length === 1 && linking[0].held !== 'own' ? linking : [];
	}

	/** Whether another host that is contained, or about to be, was the last to be seen with an identity. */
	isContainedElsewhere(id: number, kind: MemberKind, value: string): boolean {
		return this.holdersOf(kind, value).some((host) => host.id !== id && host.episodeId !== undefined && find(host, kind, value)?.held !== 'elsewhere');
	}

	/** When a host was last seen with an identity. */
	lastSeenMs(id: number, kind: MemberKind, value: string): number {
		return find(this.row(id), kind, value)?.lastSeenMs ?? 0;
	}

	/** What people call a host. */
	label(id: number): string {
		const { members } = this.row(id);
		const named = (kind: MemberKind) => members.find((member) => member.kind === kind && member.held !== 'elsewhere')?.value;
		return named('hostname') ?? named('mac') ?? named('ip') ?? named('user') ?? hostName(id);
	}

	private home(target: CanonicalTarget): HostRow | undefined {
		for (const kind of LINKING) {
			const value = target[kind];
			const owner = value === undefined ? undefined : this.ownerOf(kind, value);
			if (owner !== undefined && fits(owner, target)) return owner;
		}
		return this.homeOfShared(target);
	}

	/** The host that stands for a shared identity when it is seen alone. */
	private homeOfShared(target: CanonicalTarget): HostRow | undefined {
		const [kind, another] = LINKING.filter((one) => target[one] !== undefined);
		if (kind === undefined || another !== undefined) return undefined;
		return this.holdersOf(kind, target[kind] as string).find(({ id }) => this.sharedOnly(id).length > 0);
	}

	private attach(kind: LinkingKind, value: string, home: HostRow, target: CanonicalTarget, atMs: number): HostRow {
		if (owns(home, kind, value)) return home;
		const owner = this.ownerOf(kind, value);
		if (owner === undefined && this.holdersOf(kind, value).every((holder) => holder === home)) {
			this.own(kind, value, home, atMs);
			return home;
		}
		if (owner !== undefined && mergeable(home, owner, target)) return this.merge(home, owner);
		this.share(kind, value, home, atMs);
		return home;
	}

	/** An identity that was shared is a host's own again when those that shared it turned out to be one. */
	private own(kind: LinkingKind, value: string, home: HostRow, atMs: number): void {
		const known = find(home, kind, value);
		if (!known) return this.insert(home, { kind, value, lastSeenMs: atMs, held: 'own' });
		known.held = 'own';
		this.touch(home);
	}

	/** The host with the open episode stays; else the older one. */
	private merge(a: HostRow, b: HostRow): HostRow {
		const bStays = a.episodeId === undefined && (b.episodeId !== undefined || b.id < a.id);
		const [kept, absorbed] = bStays ? [b, a] : [a, b];
		kept.graceUntilMs = Math.max(kept.graceUntilMs, absorbed.graceUntilMs);
		kept.episodes += absorbed.episodes;
		this.touch(kept);
		this.events.push({
			action: 'hostsMerged',
			subject: hostName(kept.id),
			details: { absorbed: hostName(absorbed.id), members: absorbed.members.map(({ kind, value }) => memberKey(kind, value)) },
		});
		for (const member of absorbed.members) {
			const holders = this.holdersOf(member.kind, member.value);
			holders.splice(holders.indexOf(absorbed), 1);
			const twin = find(kept, member.kind, member.value);
			if (twin && this.lastSeenHere.has(member)) this.lastSeenHere.add(twin);
			if (twin) join(twin, member);
			else this.insert(kept, member);
		}
		this.hosts.delete(absorbed.id);
		this.changed.delete(absorbed);
		this.merges.push({ from: absorbed.id, to: kept.id, members: absorbed.members });
		return kept;
	}

	private share(kind: LinkingKind, value: string, home: HostRow, atMs: number): void {
		const before = [...this.holdersOf(kind, value)];
		for (const host of before) {
			const member = find(host, kind, value) as Member;
			if (host === home || member.held === 'elsewhere') continue;
			member.held = 'elsewhere';
			this.touch(host);
		}
		const own = find(home, kind, value);
		if (!own) {
			this.insert(home, { kind, value, lastSeenMs: atMs, held: 'here' });
			this.events.push({
				action: 'identityShared',
				subject: memberKey(kind, value),
				details: { hosts: [...before, home].map(({ id }) => hostName(id)) },
			});
		} else if (own.held !== 'here') {
			own.held = 'here';
			this.touch(home);
		}
	}

	private note(host: HostRow, target: CanonicalTarget, atMs: number): void {
		for (const kind of NOTED) {
			const value = target[kind];
			if (value === undefined || find(host, kind, value)) continue;
			const member: Member = { kind, value, lastSeenMs: atMs, held: 'own' };
			this.insert(host, member);
			this.lastSeenHere.add(member);
		}
	}

	/** The one host that an identity stands for; none when it is shared. */
	private ownerOf(kind: LinkingKind, value: string): HostRow | undefined {
		return this.holders.get(memberKey(kind, value))?.find((host) => owns(host, kind, value));
	}

	private holdersOf(kind: MemberKind, value: string): HostRow[] {
		return this.holders.get(memberKey(kind, value)) ?? [];
	}

	private create(): HostRow {
		const row: HostRow = { id: this.newId(), state: 'normal', episodeId: undefined, graceUntilMs: 0, episodes: 0, members: [] };
		this.hosts.set(row.id, row);
		this.touch(row);
		return row;
	}

	private insert(host: HostRow, member: Member): void {
		host.members.push(member);
		this.hold(host, member);
		this.touch(host);
		if (LOOKED_UP.has(member.kind)) this.newLinks.push({ kind: member.kind, value: member.value, hostId: host.id });
	}

	private hold(host: HostRow, { kind, value }: Member): void {
		if (kind !== 'connectorGuid' && kind !== 'mac' && kind !== 'hostname') return;
		const key = memberKey(kind, value);
		const holders = this.holders.get(key);
		if (holders) holders.push(host);
		else this.holders.set(key, [host]);
	}
}

/** Whether a target can be this host: the connector decides; without one, the name must not speak against it. */
function fits(host: HostRow, { connectorGuid, hostname }: CanonicalTarget): boolean {
	const guids = values(host, 'connectorGuid');
	if (connectorGuid !== undefined && guids.includes(connectorGuid)) return true;
	if (connectorGuid !== undefined && guids.length > 0) return false;
	const names = values(host, 'hostname');
	return hostname === undefined || names.length === 0 || names.includes(hostname);
}

/** @param home Where the target is at home; what the target says of itself counts for it already. */
function mergeable(home: HostRow, other: HostRow, { connectorGuid, hostname }: CanonicalTarget): boolean {
	if (home.episodeId !== undefined && other.episodeId !== undefined) return false;
	const guids = new Set([...values(home, 'connectorGuid'), ...values(other, 'connectorGuid')]);
	if (connectorGuid !== undefined) guids.add(connectorGuid);
	if (guids.size > 1) return false;
	const names = values(home, 'hostname');
	if (hostname !== undefined) names.push(hostname);
	const others = values(other, 'hostname');
	if (names.length === 0 || others.length === 0) return true;
	if (hostname !== undefined ? others.includes(hostname) : names.some((name) => others.includes(name))) return true;
	return connectorGuid !== undefined && isBareName(other);
}

function owns(host: HostRow, kind: MemberKind, value: string): boolean {
	return find(host, kind, value)?.held === 'own';
}

const HOLDS: readonly Member['held'][] = ['elsewhere', 'here', 'own'];

/** The same identity of two hosts that become one. */
function join(kept: Member, absorbed: Member): void {
	kept.lastSeenMs = Math.max(kept.lastSeenMs, absorbed.lastSeenMs);
	if (HOLDS.indexOf(absorbed.held) > HOLDS.indexOf(kept.held)) kept.held = absorbed.held;
}

function isLinking(kind: MemberKind): kind is LinkingKind {
	return (LINKING as readonly MemberKind[]).includes(kind);
}

/** Whether nothing but this value could be what people call a host. */
function isKnownOnlyBy(host: HostRow, value: string): boolean {
	return [...values(host, 'connectorGuid'), ...values(host, 'hostname')].every((name) => name === value);
}

function tellsNoHost({ members }: HostRow): boolean {
	return !members.some(({ kind }) => isLinking(kind));
}

function isBareName(host: HostRow): boolean {
	return values(host, 'connectorGuid').length === 0 && values(host, 'mac').length === 0;
}

/** A name that is shared still is a name; a shared MAC says nothing. */
function values({ members }: HostRow, kind: LinkingKind): string[] {
	const out: string[] = [];
	for (const member of members) if (member.kind === kind && (member.held === 'own' || kind === 'hostname')) out.push(member.value);
	return out;
}

function find({ members }: HostRow, kind: MemberKind, value: string): Member | undefined {
	for (const member of members) if (member.value === value && member.kind === kind) return member;
	return undefined;
}

function memberKey(kind: MemberKind, value: string): string {
	return `${kind}:${value}`;
}
