import { type Random, hex, integer, pick, randomFrom, shuffle, uuid } from '../machine/random';
import type { HostRole, Nic, WorldHost } from './world';

/** Mail domain of every account in the lab. */
export const DOMAIN = 'corp.example';

/** The chief executive's laptop: the one machine nobody wants to quarantine by mistake. */
export const CEO_LAPTOP = 'ceo-laptop';

const LAPTOPS = 40;
const LAPTOPS_WITHOUT_CONNECTOR = 4;
/** Pairs of laptops that use one docking station in turn, so that both report its MAC. */
const SHARED_DOCKS = 2;

const SERVERS = ['dc01', 'file01', 'sql01', 'web01', 'mail01', 'backup01', 'app01', 'jump01'];
/** Servers that run the connector. */
const SERVERS_WITH_CONNECTOR = 4;
const PRINTERS = 4;
const PHONES = 6;

const DEPARTMENTS = ['fin', 'eng', 'hr', 'mkt', 'sal', 'ops', 'leg'];

const FIRST_NAMES = (
	'anna ben clara david elif frank grace hassan ines jonas kira luca maria nils olga paul quentin rosa samir ' +
	'tessa umut vera willem xenia yusuf zoe amir bianca carlos dora emil fiona goran helen ivan julia kemal lena'
).split(' ');
const LAST_NAMES = (
	'adler brandt costa dubois eriksen fischer garcia hoffmann ivanova jansen keller lindberg moreau novak ' +
	'okafor petrov quinn rossi santos tanaka ulrich vogel weber xu yilmaz zimmer almeida bauer conti demir'
).split(' ');

/** Unicast, globally administered prefixes of the makers. */
const OUI = {
	intel: ['A4:C3:F0', '3C:A9:F4', '8C:8D:28'],
	dell: ['F8:B1:56', 'D4:BE:D9', '00:14:22'],
	lenovo: ['54:EE:75', '8C:16:45'],
	apple: ['A4:83:E7', 'F0:18:98', '3C:22:FB'],
	dock: ['00:E0:4C', '00:50:B6'],
	vmware: ['00:50:56'],
	hp: ['3C:D9:2B', '94:57:A5'],
	cisco: ['00:1B:D4', '00:26:0B', '00:1B:54'],
	/** Apart from the company's, so that no fleet laptop can get a MAC that is taken. */
	fleetWired: ['B8:85:84', '54:BF:64'],
	fleetWireless: ['DC:FB:48', '7C:2A:31'],
};
type Maker = keyof typeof OUI;

const ACCESS_SWITCHES = ['10.0.1.11', '10.0.1.12', '10.0.1.13', '10.0.1.14'];
const WIRELESS_CONTROLLER = '10.0.1.5';
const DATA_CENTRE_SWITCH = '10.0.1.21';

/** First two octets of the networks. All RFC 1918. */
const NETWORK = {
	infrastructure: '10.0',
	servers: '10.10',
	wired: '10.20',
	wireless: '10.30',
	dock: '10.21',
	printers: '10.40',
	phones: '10.50',
	fleetWired: '10.64',
	fleetWireless: '10.96',
};
type Network = keyof typeof NETWORK;

/** Hands out MACs, addresses and ports, none twice. */
class Supply {
	private readonly macs = new Set<string>();

	private readonly addresses = new Map<Network, number>();

	private readonly ports = new Map<string, number>();

	constructor(private readonly random: Random) {}

	mac(maker: Maker): string {
		for (;;) {
			const low = hex(this.random, 6).toUpperCase().match(/../g) ?? [];
			const mac = [pick(this.random, OUI[maker]), ...low].join(':');
			if (this.macs.has(mac)) continue;
			this.macs.add(mac);
			return mac;
		}
	}

	/** Addresses .10 to .249 of one /24 after the other, from the second on (the first is for gateways). */
	ip(network: Network): string {
		const index = this.addresses.get(network) ?? 0;
		this.addresses.set(network, index + 1);
		return `${NETWORK[network]}.${1 + Math.floor(index / 240)}.${10 + (index % 240)}`;
	}

	wiredPort(nasIp: string): string {
		const index = this.ports.get(nasIp) ?? 0;
		this.ports.set(nasIp, index + 1);
		return `GigabitEthernet${1 + Math.floor(index / 48)}/0/${1 + (index % 48)}`;
	}

	wired(maker: Maker, network: Network, connected = true, nasIp = pick(this.random, ACCESS_SWITCHES)): Nic {
		return {
			mac: this.mac(maker),
			ip: this.ip(network),
			medium: 'wired',
			connected,
			nasIp,
			nasPort: this.wiredPort(nasIp),
		};
	}

	wireless(maker: Maker, network: Network, connected: boolean): Nic {
		const nasPort = `capwap_${hex(this.random, 8)}`;
		const addresses = { mac: this.mac(maker), ip: this.ip(network) };
		return { ...addresses, medium: 'wireless', connected, nasIp: WIRELESS_CONTROLLER, nasPort };
	}
}

interface System {
	os: string;
	profile: string;
	maker: Maker;
	wireless: Maker;
}

const SYSTEMS: System[] = [
	{ os: 'Windows 11, SP 0.0', profile: 'Windows11-Workstation', maker: 'dell', wireless: 'intel' },
	{ os: 'Windows 11, SP 0.0', profile: 'Windows11-Workstation', maker: 'lenovo', wireless: 'intel' },
	{ os: 'Windows 10, SP 0.0', profile: 'Windows10-Workstation', maker: 'dell', wireless: 'intel' },
	{ os: 'OSX 14.5', profile: 'OS_X-Workstation', maker: 'apple', wireless: 'apple' },
];

/** What the makers of hosts share. */
interface Workshop {
	random: Random;
	supply: Supply;
}

/** The company as a new lab has it: about sixty hosts, the same for the same seed. */
export function makeCompany(seed: number): WorldHost[] {
	const random = randomFrom('company', seed);
	const maker = { random, supply: new Supply(random) };
	const users = makeUsers(random, LAPTOPS + 1);
	const laptops = [makeCeoLaptop(maker), ...makeLaptops(maker, users)];
	shareDocks(maker, laptops);
	repeatHostname(laptops);
	return [
		...laptops,
		...makeServers(maker),
		...makePrinters(maker),
		...makePhones(maker),
		makeCoreSwitch(maker),
	];
}

/**
 * More laptops, all with connectors, for scenarios that need a large network. Host `index` is the same for the same
 * seed however many are made.
 */
export function makeFleet(seed: number, count: number): WorldHost[] {
	const random = randomFrom('fleet', seed);
	const supply = new Supply(random);
	return Array.from({ length: count }, (_, index) => {
		const number = String(index + 1).padStart(4, '0');
		const system = pick(random, SYSTEMS);
		const onWire = random() < 0.5;
		return {
			hostname: `fleet-lt-${number}`,
			role: 'laptop' as const,
			user: `${pick(random, FIRST_NAMES)}.${pick(random, LAST_NAMES)}.${number}@${DOMAIN}`,
			os: system.os,
			profile: system.profile,
			connectorGuid: uuid(random),
			nics: [
				supply.wired('fleetWired', 'fleetWired', onWire),
				supply.wireless('fleetWireless', 'fleetWireless', !onWire),
			],
			infected: false,
		};
	});
}

function makeUsers(random: Random, count: number): string[] {
	const lastNames = shuffle(random, LAST_NAMES);
	return shuffle(random, FIRST_NAMES.concat(FIRST_NAMES.slice(0, 8)))
		.slice(0, count)
		.map((first, index) => `${first}.${lastNames[index % lastNames.length]}@${DOMAIN}`)
		.map((user, index, all) => (all.indexOf(user) === index ? user : user.replace('@', `.${index}@`)));
}

function makeCeoLaptop({ random, supply }: Workshop): WorldHost {
	return {
		hostname: CEO_LAPTOP,
		role: 'laptop',
		user: `charlotte.eriksen.ceo@${DOMAIN}`,
		os: 'OSX 14.5',
		profile: 'OS_X-Workstation',
		connectorGuid: uuid(random),
		nics: [supply.wired('apple', 'wired'), supply.wireless('apple', 'wireless', true)],
		infected: false,
	};
}

function makeLaptops({ random, supply }: Workshop, users: string[]): WorldHost[] {
	const withoutConnector = new Set(
		shuffle(
			random,
			Array.from({ length: LAPTOPS }, (_, index) => index),
		).slice(0, LAPTOPS_WITHOUT_CONNECTOR),
	);
	return Array.from({ length: LAPTOPS }, (_, index) => {
		const system = pick(random, SYSTEMS);
		const onWire = random() < 0.5;
		const nics = [
			supply.wired(system.maker, 'wired', onWire),
			supply.wireless(system.wireless, 'wireless', !onWire || random() < 0.3),
		];
		return {
			hostname: `${pick(random, DEPARTMENTS)}-lt-${String(index + 1).padStart(3, '0')}`,
			role: 'laptop' as const,
			user: users[index],
			os: system.os,
			profile: system.profile,
			...(!withoutConnector.has(index) && { connectorGuid: uuid(random) }),
			nics,
			infected: false,
		};
	});
}

/** Every fourth laptop gets a dock of its own; the first pairs share one, in which only the first of them sits. */
function shareDocks({ supply, random }: Workshop, laptops: WorldHost[]): void {
	const docked = laptops.filter((_, index) => index % 4 === 1);
	docked.forEach((laptop, index) => {
		const nasIp = pick(random, ACCESS_SWITCHES);
		const dock: Nic = {
			mac: supply.mac('dock'),
			ip: supply.ip('dock'),
			medium: 'dock',
			connected: true,
			nasIp,
			nasPort: supply.wiredPort(nasIp),
		};
		laptop.nics.push(dock);
		if (index < SHARED_DOCKS) laptops[laptops.indexOf(laptop) + 1].nics.push({ ...dock, connected: false });
	});
}

/** A cloned image: the last laptop was never renamed. */
function repeatHostname(laptops: WorldHost[]): void {
	const withConnector = laptops.filter(({ connectorGuid }) => connectorGuid !== undefined);
	const [original, clone] = withConnector.slice(-2);
	clone.hostname = original.hostname;
}

function makeServers({ random, supply }: Workshop): WorldHost[] {
	return SERVERS.map((name, index) => {
		const linux = name === 'web01' || name === 'app01';
		return {
			hostname: `srv-${name}`,
			role: 'server' as const,
			os: linux ? 'Red Hat Enterprise Linux 9.4' : 'Windows Server 2022, SP 0.0',
			profile: linux ? 'RedHat-Workstation' : 'Microsoft-Workstation',
			...(index < SERVERS_WITH_CONNECTOR && { connectorGuid: uuid(random) }),
			nics: [supply.wired('vmware', 'servers', true, DATA_CENTRE_SWITCH)],
			infected: false,
		};
	});
}

function makePrinters({ supply }: Workshop): WorldHost[] {
	return Array.from({ length: PRINTERS }, (_, index) =>
		appliance(`prn-hq-${index + 1}`, 'printer', 'Embedded', 'HP-LaserJet', supply.wired('hp', 'printers')),
	);
}

function makePhones({ random, supply }: Workshop): WorldHost[] {
	return Array.from({ length: PHONES }, () => {
		const nic = supply.wired('cisco', 'phones');
		const hostname = `sep${nic.mac.replaceAll(':', '').toLowerCase()}`;
		const model = pick(random, ['8861', '8845']);
		return appliance(hostname, 'phone', `Cisco IP Phone ${model}`, `Cisco-IP-Phone-${model}`, nic);
	});
}

function makeCoreSwitch({ random, supply }: Workshop): WorldHost {
	const nic = supply.wired('cisco', 'infrastructure', true, ACCESS_SWITCHES[0]);
	const version = `17.${integer(random, 9, 12)}.1`;
	return appliance('core-sw-01', 'coreSwitch', `Cisco IOS XE ${version}`, 'Cisco-Switch', nic);
}

function appliance(hostname: string, role: HostRole, os: string, profile: string, nic: Nic): WorldHost {
	return { hostname, role, os, profile, nics: [nic], infected: false };
}
