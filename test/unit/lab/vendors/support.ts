import type { LabContext, LabRequest, LabResponse, Vendor } from '../../../../lab/machine/vendor';
import type { Nic, World, WorldHost } from '../../../../lab/world/world';
import { uuidOf } from '../../../../lab/vendors/shared/values';

/** A lab of three hosts with a clock that only moves when told. */
export interface TestLab extends LabContext {
	advance(ms: number): void;
	nic(mac: string): Nic;
}

export const LAPTOP = 'AA:BB:CC:00:00:01';
export const LAPTOP_WIFI = 'AA:BB:CC:00:00:02';
export const SERVER = 'AA:BB:CC:00:00:10';
export const PRINTER = 'AA:BB:CC:00:00:20';

export function testLab(): TestLab {
	const world = testWorld();
	let now = Date.parse('2026-03-04T05:06:07.000Z');
	let ids = 0;
	return {
		world,
		clock: { now: () => now },
		random: () => 0.5,
		uuid: () => uuidOf(`test ${++ids}`),
		advance(ms) {
			now += ms;
		},
		nic: (mac) => world.findByMac(mac)!.nic,
	};
}

function testWorld(): World {
	const nic = (mac: string, ip: string, rest: Partial<Nic> = {}): Nic => ({
		mac,
		ip,
		medium: 'wired',
		connected: true,
		nasIp: '10.0.0.1',
		nasPort: 'GigabitEthernet1/0/1',
		...rest,
	});
	const hosts: WorldHost[] = [
		{
			hostname: 'pc-7',
			role: 'laptop',
			user: 'ada@corp.example',
			os: 'Windows 10',
			profile: 'Windows10-Workstation',
			nics: [nic(LAPTOP, '10.1.1.7'), nic(LAPTOP_WIFI, '10.2.1.7', { medium: 'wireless', connected: false })],
			infected: false,
		},
		{
			hostname: 'srv-1',
			role: 'server',
			os: 'Linux',
			profile: 'RedHat-Server',
			nics: [nic(SERVER, '10.3.1.1', { nasIp: '10.0.0.2' })],
			infected: false,
		},
		{
			hostname: 'printer-1',
			role: 'printer',
			os: 'Firmware',
			profile: 'HP-Printer',
			nics: [nic(PRINTER, '10.4.1.1')],
			infected: false,
		},
	];
	const card = (matches: (nic: Nic) => boolean) => {
		for (const host of hosts) for (const one of host.nics) if (matches(one)) return { host, nic: one };
		return undefined;
	};
	return {
		hosts,
		findByHostname: (hostname) => hosts.find((host) => host.hostname === hostname),
		findByMac: (mac) => card((one) => one.mac === mac),
		findByIp: (ip) => card((one) => one.ip === ip),
		findByUser: (user) => hosts.filter((host) => host.user === user),
		findByConnector: (guid) => hosts.find((host) => host.connectorGuid === guid),
	};
}

export interface CallOptions {
	headers?: Record<string, string | undefined>;
	body?: unknown;
}

/** Sends one request to a vendor. Header values of undefined take a default header away. */
export async function send(
	vendor: Vendor,
	method: string,
	url: string,
	{ headers = {}, body }: CallOptions = {},
): Promise<LabResponse & { headers: Record<string, string> }> {
	const request: LabRequest = {
		method,
		url: new URL(url),
		headers: Object.fromEntries(
			Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
		),
		body: Buffer.isBuffer(body)
			? body
			: Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)),
	};
	const response = await vendor.handle(request);
	const headersSent = Object.entries(response.headers ?? {}).map(([name, value]) => [name, [value].flat().join(', ')]);
	return { ...response, headers: Object.fromEntries(headersSent) as Record<string, string> };
}

export function basic(user: string, password: string): string {
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
