import type { WorldHost } from '../../world/world';
import { hashNumber, sha256Of } from '../shared/values';
import { EXTERNAL_IP, lastSeen, networkAddresses, productOf, reportedHostname } from './computers';
import type { Estate } from './estate';

function isoZ(at: number): string {
	return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** A computer in lists of search results: who it is and where to read on. */
export function computerSummary(estate: Estate, host: WorldHost, search?: string): Record<string, unknown> {
	const computer = `${estate.origin}/v1/computers/${host.connectorGuid}`;
	const query = search === undefined ? '' : `?q=${encodeURIComponent(search)}`;
	return {
		connector_guid: host.connectorGuid,
		hostname: reportedHostname(host),
		...(productOf(host) === 'windows'
			? { windows_processor_id: sha256Of(`cpu ${host.hostname}`).slice(0, 15) }
			: {}),
		active: true,
		links: {
			computer,
			trajectory: `${computer}/trajectory${query}`,
			group: `${estate.origin}/v1/groups/${estate.groupOf(host).guid}`,
		},
	};
}

/** Whether the policy of the computer's group lets it be isolated. */
export function isolationAvailable(estate: Estate, host: WorldHost): boolean {
	return estate.policyOf(host)?.allowsIsolation ?? false;
}

/** A computer in full, as `GET /v1/computers/{guid}` gives it. */
export function computerView(estate: Estate, host: WorldHost, now: number): Record<string, unknown> {
	const policy = estate.policyOf(host);
	const addresses = networkAddresses(host);
	const days = 30 + hashNumber(`install ${host.hostname}`, 300);
	return {
		...computerSummary(estate, host),
		connector_version: '8.4.2.30317',
		operating_system: host.os,
		internal_ips: addresses.map(({ ip }) => ip).filter((ip) => !ip.startsWith('fe80:')),
		external_ip: EXTERNAL_IP,
		group_guid: estate.groupOf(host).guid,
		install_date: isoZ(now - (now % 86_400_000) - days * 86_400_000),
		last_seen: isoZ(lastSeen(host, now)),
		network_addresses: addresses,
		...(policy ? { policy: { guid: policy.guid, name: policy.name } } : {}),
		faults: [],
		isolation: {
			available: isolationAvailable(estate, host),
			status: estate.isolation(host)?.status ?? 'not_isolated',
		},
		orbital: { status: 'not_enabled' },
	};
}
