import type { LabContext, LabRequest, LabResponse, Vendor } from '../../../../../lab/machine/vendor';
import type { Nic, World, WorldHost } from '../../../../../lab/world/world';

/** A moment in the lab: 2026-03-02T09:00:00Z. */
export const START = Date.UTC(2026, 2, 2, 9);

/** A host with one wired and one wireless card; `number` makes names and addresses. */
export function testHost(number: number, changes: Partial<WorldHost> = {}): WorldHost {
	const hex = number.toString(16).padStart(2, '0').toUpperCase();
	const nic = (kind: string, medium: Nic['medium'], connected: boolean, third: number): Nic => ({
		mac: `00:1B:${kind}:00:00:${hex}`,
		ip: `10.1.${third}.${number}`,
		medium,
		connected,
		nasIp: '10.0.0.1',
		nasPort: 'GigabitEthernet1/0/1',
	});
	return {
		hostname: `LAP-${String(number).padStart(3, '0')}`,
		role: 'laptop',
		user: `user${number}@corp.example`,
		os: 'Windows 11, SP 0.0',
		profile: 'Windows10-Workstation',
		connectorGuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
		nics: [nic('AA', 'wired', false, 1), nic('BB', 'wireless', true, 2)],
		infected: false,
		...changes,
	};
}

function worldOf(hosts: WorldHost[]): World {
	const nicWith = (test: (nic: Nic) => boolean) => {
		for (const host of hosts) {
			const nic = host.nics.find(test);
			if (nic) return { host, nic };
		}
		return undefined;
	};
	return {
		hosts,
		findByHostname: (hostname) => hosts.find((host) => host.hostname === hostname),
		findByMac: (mac) => nicWith((nic) => nic.mac === mac),
		findByIp: (ip) => nicWith((nic) => nic.ip === ip),
		findByUser: (user) => hosts.filter((host) => host.user === user),
		findByConnector: (guid) => hosts.find((host) => host.connectorGuid === guid),
	};
}

/** A lab context whose clock stands still until the test moves it. */
export function testContext(hosts: WorldHost[] = [testHost(1), testHost(2), testHost(3)]) {
	let time = START;
	let skew = 0;
	let seed = 1;
	let uuids = 0;
	const random = () => {
		seed = (seed * 48_271) % 2_147_483_647;
		return seed / 2_147_483_647;
	};
	const context: LabContext = {
		world: worldOf(hosts),
		clock: { now: (vendor) => time + (vendor ? skew : 0) },
		random,
		uuid: () => `00000000-0000-4000-8000-${String((uuids += 1)).padStart(12, '0')}`,
	};
	return {
		context,
		now: () => time,
		advance: (ms: number) => {
			time += ms;
		},
		setSkew: (ms: number) => {
			skew = ms;
		},
	};
}

/** What a call may have beside method and URL; `json` and `form` bring their content type along. */
export interface CallOptions {
	headers?: Record<string, string>;
	json?: unknown;
	form?: Record<string, string>;
	raw?: string;
}

/** A request as the machine hands it over. */
export function labRequest(method: string, url: string, options: CallOptions = {}): LabRequest {
	const headers: Record<string, string> = { ...options.headers };
	let body = options.raw ?? '';
	if (options.json !== undefined) {
		headers['content-type'] ??= 'application/json';
		body = JSON.stringify(options.json);
	}
	if (options.form) {
		headers['content-type'] ??= 'application/x-www-form-urlencoded';
		body = new URLSearchParams(options.form).toString();
	}
	return { method, url: new URL(url), headers, body: Buffer.from(body) };
}

/** Sends a request straight to a vendor. */
export async function send(
	vendor: Vendor,
	method: string,
	url: string,
	options?: CallOptions,
): Promise<LabResponse> {
	return await vendor.handle(labRequest(method, url, options));
}

/** Value of an `Authorization: Basic` header. */
export function basic(user: string, password: string): string {
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
