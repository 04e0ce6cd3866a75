import type { WorldHost } from '../../world/world';
import { hashNumber, sha256Of } from '../shared/values';

/** The address that the whole estate shows to the internet. */
export const EXTERNAL_IP = '203.0.113.10';

const DOMAIN = 'corp.example';

/** Name under which the connector reports the host: the full DNS name for a third of them, else the short name. */
export function reportedHostname(host: WorldHost): string {
	if (host.hostname.includes('.') || hashNumber(`name ${host.hostname}`, 3) > 0) return host.hostname;
	return `${host.hostname}.${DOMAIN}`;
}

/** Addresses of all network cards, MACs in lower case; for a third of the hosts an IPv6 link-local one too. */
export function networkAddresses(host: WorldHost): { ip: string; mac: string }[] {
	const addresses = host.nics.map((nic) => ({ ip: nic.ip, mac: nic.mac.toLowerCase() }));
	const first = addresses[0];
	if (!first || hashNumber(`ipv6 ${host.hostname}`, 3) > 0) return addresses;
	const suffix = sha256Of(`ipv6 ${first.mac}`).slice(0, 16).match(/.{4}/g) as string[];
	const groups = suffix.map((group) => parseInt(group, 16).toString(16));
	return [...addresses, { ip: `fe80::${groups.join(':')}`, mac: first.mac }];
}

/** Product name that a policy of the console belongs to. */
export function productOf(host: WorldHost): 'windows' | 'mac' | 'linux' {
	if (/mac|os ?x/i.test(host.os)) return 'mac';
	return /windows/i.test(host.os) ? 'windows' : 'linux';
}

/** Epoch ms at which the connector last called home. */
export function lastSeen(host: WorldHost, now: number): number {
	const minute = 60_000;
	const connected = host.nics.some((nic) => nic.connected);
	const age = connected ? hashNumber(`seen ${host.hostname}`, 10) * minute : 3 * 24 * 60 * minute;
	return Math.floor((now - age) / 1000) * 1000;
}
