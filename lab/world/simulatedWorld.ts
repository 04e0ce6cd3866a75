import { makeCompany, makeFleet } from './company';
import type { Nic, World, WorldHost } from './world';

type Interface = { host: WorldHost; nic: Nic };

/**
 * The world that vendors get. Its identity never changes, only its hosts do. Where a MAC or an address belongs to
 * several hosts (shared docks), the one that is connected is found; of several hosts with one name, the first.
 */
export class SimulatedWorld implements World {
	readonly hosts: WorldHost[] = [];

	private readonly byHostname = new Map<string, WorldHost>();

	private readonly byConnector = new Map<string, WorldHost>();

	private readonly byUser = new Map<string, WorldHost[]>();

	private readonly byMac = new Map<string, Interface[]>();

	private readonly byIp = new Map<string, Interface[]>();

	private fleet = 0;

	constructor(private seed: number) {
		this.reset(seed);
	}

	/** Number that the company was made from. */
	get madeFrom(): number {
		return this.seed;
	}

	/** Back to the company of a new lab, healthy, and made from another seed if one is given. */
	reset(seed = this.seed): void {
		this.seed = seed;
		this.fleet = 0;
		this.hosts.length = 0;
		for (const index of [this.byHostname, this.byConnector, this.byUser, this.byMac, this.byIp])
			index.clear();
		this.take(makeCompany(seed));
	}

	/** Adds laptops until the fleet has at least `count`; answers whether there were any to add. */
	growFleet(count: number): boolean {
		if (count <= this.fleet) return false;
		this.take(makeFleet(this.seed, count).slice(this.fleet));
		this.fleet = count;
		return true;
	}

	findByHostname(hostname: string): WorldHost | undefined {
		return this.byHostname.get(hostname.toLowerCase());
	}

	findByMac(mac: string): Interface | undefined {
		return inUse(this.byMac.get(mac.toUpperCase()));
	}

	findByIp(ip: string): Interface | undefined {
		return inUse(this.byIp.get(ip));
	}

	findByUser(user: string): WorldHost[] {
		return [...(this.byUser.get(user.toLowerCase()) ?? [])];
	}

	findByConnector(guid: string): WorldHost | undefined {
		return this.byConnector.get(guid.toLowerCase());
	}

	private take(hosts: WorldHost[]): void {
		for (const host of hosts) {
			this.hosts.push(host);
			if (!this.byHostname.has(host.hostname)) this.byHostname.set(host.hostname, host);
			if (host.connectorGuid !== undefined) this.byConnector.set(host.connectorGuid, host);
			if (host.user !== undefined) append(this.byUser, host.user, host);
			for (const nic of host.nics) {
				append(this.byMac, nic.mac, { host, nic });
				append(this.byIp, nic.ip, { host, nic });
			}
		}
	}
}

function append<T>(index: Map<string, T[]>, key: string, value: T): void {
	const values = index.get(key);
	if (values === undefined) index.set(key, [value]);
	else values.push(value);
}

function inUse(interfaces: Interface[] | undefined): Interface | undefined {
	return interfaces?.find(({ nic }) => nic.connected) ?? interfaces?.[0];
}
