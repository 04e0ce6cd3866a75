import { CEO_LAPTOP, makeCompany, makeFleet } from '../../../../lab/world/company';
import { SimulatedWorld } from '../../../../lab/world/simulatedWorld';
import type { WorldHost } from '../../../../lab/world/world';

const SEEDS = [0, 1, 2, 7, 42, 1234567];

function repeated(values: string[]): string[] {
	return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function octets(ip: string): number[] {
	return ip.split('.').map(Number);
}

describe.each(SEEDS)('the company of seed %d', (seed) => {
	const hosts = makeCompany(seed);
	const laptops = hosts.filter(({ role }) => role === 'laptop');
	const nics = hosts.flatMap((host) => host.nics);

	it('is the same every time', () => expect(makeCompany(seed)).toEqual(hosts));

	it('has about sixty hosts of every role, about forty with connectors', () => {
		expect(hosts.length).toBeGreaterThanOrEqual(58);
		expect(hosts.length).toBeLessThanOrEqual(65);
		expect(new Set(hosts.map(({ role }) => role))).toEqual(
			new Set(['laptop', 'server', 'printer', 'phone', 'coreSwitch']),
		);
		const connectors = hosts.filter(({ connectorGuid }) => connectorGuid !== undefined).length;
		expect(connectors).toBeGreaterThanOrEqual(38);
		expect(connectors).toBeLessThanOrEqual(44);
		expect(hosts.find(({ hostname }) => hostname === CEO_LAPTOP)?.connectorGuid).toBeDefined();
	});

	it('has unicast, globally administered MACs in upper-case colon form', () => {
		for (const { mac } of nics) {
			expect(mac).toMatch(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
			expect(parseInt(mac.slice(0, 2), 16) & 0b11).toBe(0);
		}
	});

	it('has private addresses that no gateway or broadcast uses', () => {
		for (const { ip } of nics) {
			const [first, , , last] = octets(ip);
			expect(first).toBe(10);
			expect(last).toBeGreaterThanOrEqual(10);
			expect(last).toBeLessThan(250);
		}
	});

	it('sets its traps: two docks in two laptops each, one hostname on two connectors, and no others', () => {
		const docks = repeated(nics.map(({ mac }) => mac));
		expect(docks).toHaveLength(2);
		for (const mac of docks) {
			const shared = nics.filter((nic) => nic.mac === mac);
			expect(shared.map(({ medium }) => medium)).toEqual(['dock', 'dock']);
			expect(shared.filter(({ connected }) => connected)).toHaveLength(1);
		}
		const [twice, ...more] = repeated(hosts.map(({ hostname }) => hostname));
		expect(more).toEqual([]);
		const twins = hosts.filter(({ hostname }) => hostname === twice);
		expect(new Set(twins.map(({ connectorGuid }) => connectorGuid)).size).toBe(2);
		expect(repeated(hosts.flatMap(({ connectorGuid }) => connectorGuid ?? []))).toEqual([]);
	});

	it('gives every laptop a wired and a wireless card, one of them connected, and a user of its own', () => {
		for (const { nics: cards, user } of laptops) {
			expect(cards.map(({ medium }) => medium)).toEqual(expect.arrayContaining(['wired', 'wireless']));
			expect(cards.some(({ connected }) => connected)).toBe(true);
			expect(user).toMatch(/^[a-z]+\.[a-z0-9.]+@corp\.example$/);
		}
		expect(repeated(laptops.map(({ user }) => user ?? ''))).toEqual([]);
	});

	it('never shares a MAC, address, name or connector with its fleet', () => {
		const fleet = makeFleet(seed, 2000);
		const all = [...fleet, ...hosts];
		const keys = (list: WorldHost[]) =>
			list.flatMap(({ hostname, connectorGuid = [], nics: cards }) =>
				[hostname, connectorGuid, cards.map(({ mac, ip }) => [mac, ip])].flat(3),
			);
		expect(new Set(keys(fleet)).size).toBe(keys(fleet).length);
		expect(new Set(keys(all)).size).toBe(new Set(keys(fleet)).size + new Set(keys(hosts)).size);
	});
});

describe('the world', () => {
	it('differs by seed', () => expect(makeCompany(1)).not.toEqual(makeCompany(2)));

	it('grows without changing those who were there', () => {
		expect(makeFleet(5, 100).slice(0, 10)).toEqual(makeFleet(5, 10));
		const world = new SimulatedWorld(5);
		const before = world.hosts.length;
		expect(world.growFleet(10)).toBe(true);
		expect(world.growFleet(30)).toBe(true);
		expect(world.growFleet(20)).toBe(false);
		expect(world.hosts).toHaveLength(before + 30);
		expect(world.hosts.slice(before)).toEqual(makeFleet(5, 30));
	});

	it('keeps its identity over a reset, and forgets infections', () => {
		const world = new SimulatedWorld(5);
		const { hosts } = world;
		hosts[3].infected = true;
		world.reset();
		expect(world.hosts).toBe(hosts);
		expect(hosts[3].infected).toBe(false);
	});

	it('finds hosts by every key, whatever its case', () => {
		const world = new SimulatedWorld(5);
		const host = world.findByHostname('CEO-Laptop') as WorldHost;
		const [nic] = host.nics;
		expect(world.findByMac(nic.mac.toLowerCase())).toEqual({ host, nic });
		expect(world.findByIp(nic.ip)).toEqual({ host, nic });
		expect(world.findByConnector((host.connectorGuid ?? '').toUpperCase())).toBe(host);
		expect(world.findByUser((host.user ?? '').toUpperCase())).toEqual([host]);
		expect(world.findByHostname('nobody')).toBeUndefined();
		expect(world.findByUser('nobody@corp.example')).toEqual([]);
	});

	it('finds a shared dock where it is plugged in', () => {
		const world = new SimulatedWorld(5);
		const sharing = world.hosts.filter(({ nics }) =>
			nics.some(({ medium, connected }) => medium === 'dock' && !connected),
		);
		expect(sharing).toHaveLength(2);
		const idle = sharing[0].nics.find(({ medium }) => medium === 'dock');
		const found = world.findByMac(idle?.mac ?? '');
		expect(found?.nic.connected).toBe(true);
		expect(found?.host).not.toBe(sharing[0]);
	});
});
