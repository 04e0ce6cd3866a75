import type { World } from '../../world/world';
import { hashNumber } from '../shared/values';
import { TENANT } from './accounts';
import { inRanges } from './addresses';
import { isInside } from './hostGroups';
import type { AddressFilter, Span } from './route';
import type { Protocol, SecurityEvent } from './securityEvents';
import { recordTime } from './times';

/** A conversation of two hosts, seen from the client. */
export interface Flow {
	id: number;
	collector: number;
	client: string;
	server: string;
	clientPort: number;
	serverPort: number;
	protocol: Protocol;
	/** Epoch ms. */
	start: number;
	end: number;
	clientBytes: number;
	serverBytes: number;
}

/** A flow from the side that a search asks about. */
export interface Sided {
	flow: Flow;
	subjectIsClient: boolean;
}

const SLOT_MS = 10 * 60_000;
/** Everyday traffic further back is not made up. */
const MAX_SLOTS = 144;
/** A fleet of thousands would make every search take seconds. */
const MAX_LAPTOPS = 100;
const COLLECTOR = 121;
const FILE_SERVER = 'srv-file01';
const CLOUD = '203.0.113.80';
const PACKET = 900;

/** A number from the text, in [from, to). */
function between(text: string, from: number, to: number): number {
	return from + hashNumber(text, to - from);
}

/** Each of the first laptops works with the file server and a cloud service, in turn, in stretches of ten minutes. */
export function everydayFlows(world: World, { from, to }: Span): Flow[] {
	const last = Math.floor(to / SLOT_MS);
	const first = Math.max(Math.floor(from / SLOT_MS), last - MAX_SLOTS);
	const fileServer = world.findByHostname(FILE_SERVER)?.nics[0]?.ip;
	const laptops = world.hosts.filter(({ role }) => role === 'laptop').slice(0, MAX_LAPTOPS);
	const addresses = laptops.flatMap(({ nics }) => nics.find(({ connected }) => connected)?.ip ?? []);
	const flows: Flow[] = [];
	for (let slot = first; slot <= last; slot++) {
		for (const ip of addresses) flows.push(everydayFlow(ip, slot, fileServer));
	}
	return flows;
}

function everydayFlow(ip: string, slot: number, fileServer: string | undefined): Flow {
	const key = `flow ${ip} ${slot}`;
	const inside = fileServer !== undefined && hashNumber(`${key} kind`, 2) === 0;
	const start = slot * SLOT_MS + between(`${key} start`, 0, 300) * 1000;
	return {
		id: between(`${key} id`, 1_000_000, 100_000_000),
		collector: COLLECTOR,
		client: ip,
		server: inside ? fileServer : CLOUD,
		clientPort: between(`${key} port`, 49_152, 65_000),
		serverPort: inside ? 445 : 443,
		protocol: 'tcp',
		start,
		end: start + between(`${key} length`, 5, 240) * 1000,
		clientBytes: between(`${key} sent`, 2_000, 400_000),
		serverBytes: between(`${key} received`, 10_000, 4_000_000),
	};
}

/** The flow behind a security event; what is hoarded or lost is large. */
export function flowOf(event: SecurityEvent): Flow {
	const key = `flow of ${event.deviceId} ${event.id} ${event.firstActive}`;
	return {
		id: between(`${key} id`, 100_000, 1_000_000),
		collector: event.deviceId,
		client: event.source.ip,
		server: event.target.ip,
		clientPort: between(`${key} port`, 49_152, 65_000),
		serverPort: event.target.port,
		protocol: event.protocol,
		start: event.firstActive,
		end: event.lastActive,
		clientBytes: event.points * 40_000,
		serverBytes: event.points * 2_000,
	};
}

function admits({ includes, excludes }: AddressFilter, ip: string): boolean {
	return (includes.length === 0 || inRanges(ip, includes)) && !inRanges(ip, excludes);
}

/** Flows within the span that fit the filters from either side; the newest first. */
export function searchFlows(
	flows: readonly Flow[],
	{ from, to }: Span,
	subject: AddressFilter,
	peer: AddressFilter,
): Sided[] {
	return flows
		.filter(({ start, end }) => start <= to && end >= from)
		.flatMap((flow): Sided[] => {
			if (admits(subject, flow.client) && admits(peer, flow.server)) return [{ flow, subjectIsClient: true }];
			if (admits(subject, flow.server) && admits(peer, flow.client))
				return [{ flow, subjectIsClient: false }];
			return [];
		})
		.sort((a, b) => b.flow.end - a.flow.end || a.flow.id - b.flow.id);
}

/** Address, port and bytes of both sides of a found flow. */
export function sidesOf({ flow, subjectIsClient }: Sided) {
	const client = { ip: flow.client, port: flow.clientPort, bytes: flow.clientBytes, orientation: 'client' };
	const server = { ip: flow.server, port: flow.serverPort, bytes: flow.serverBytes, orientation: 'server' };
	return subjectIsClient ? { subject: client, peer: server } : { subject: server, peer: client };
}

const NO_CIPHER = Object.fromEntries(
	[
		'authAlgorithm',
		'encAlgorithm',
		'id',
		'keyExchange',
		'keyLength',
		'messageAuthCode',
		'name',
		'protocol',
	].map((name) => [name, 'N/A']),
);

/** The record of a flow, as results carry it. `groups` names the host groups of an address. */
export function flowRecord(sided: Sided, groups: (ip: string) => { id: number }[]): Record<string, unknown> {
	const { flow } = sided;
	const { subject, peer } = sidesOf(sided);
	const total = subject.bytes + peer.bytes;
	const seconds = Math.max(1, (flow.end - flow.start) / 1000);
	const protocol = flow.protocol.toUpperCase();
	const packets = (bytes: number) => Math.ceil(bytes / PACKET);
	const side = ({ ip, port, bytes, orientation }: typeof subject) => ({
		byteRate: bytes / seconds,
		bytes,
		countryCode: isInside(ip) ? 'XR' : 'US',
		finPackets: 0,
		hostGroupIds: groups(ip).map(({ id }) => id),
		ipAddress: ip,
		natPort: -1,
		orientation,
		packetRate: packets(bytes) / seconds,
		packets: packets(bytes),
		percentBytes: total === 0 ? 0 : (bytes / total) * 100,
		portProtocol: { port, protocol, serviceId: 0 },
		rstPackets: 0,
		synAckPackets: 0,
		synPackets: 0,
		tlsVersion: 'NONE',
		trustSecId: -1,
	});
	return {
		applicationId: 176,
		cipherSuite: NO_CIPHER,
		flowCollectorId: flow.collector,
		id: flow.id,
		mplsLabel: -1,
		peer: side(peer),
		protocol,
		serviceId: 73,
		statistics: {
			activeDuration: flow.end - flow.start,
			byteCount: total,
			byteRate: total / seconds,
			firstActiveTime: recordTime(flow.start),
			flowTimeSinceStart: flow.end - flow.start,
			lastActiveTime: recordTime(flow.end),
			numCombinedFlowRecords: 1,
			packetCount: packets(subject.bytes) + packets(peer.bytes),
			packetRate: (packets(subject.bytes) + packets(peer.bytes)) / seconds,
			roundTripTime: 0,
			rttAverage: -1,
			rttMaximum: -1,
			rttMinimum: -1,
			serverResponseTime: 0,
			srtAverage: -1,
			srtMaximum: -1,
			srtMinimum: -1,
			subjectPeerRatio: total === 0 ? 0 : (subject.bytes / total) * 100,
			tcpConnections: 0,
			tcpRetransmissions: -1,
			tcpRetransmissionsRatio: -1,
		},
		subject: side(subject),
		tenantId: TENANT.id,
		tlsVersion: 'NONE',
		vlanId: -1,
	};
}
