import type { VendorEvent } from '../../machine/vendor';
import type { World, WorldHost } from '../../world/world';
import { hashNumber } from '../shared/values';
import { TENANT } from './accounts';
import { type EventType, eventTypeOf } from './catalogue';
import { isInside } from './hostGroups';
import { recordTime } from './times';

export type Protocol = 'tcp' | 'udp' | 'icmp';

/** What a scenario may say about a security event; everything else is made up. */
export interface EventData {
	/** The other end; default an address outside. */
	peerIp?: string;
	/** The other end as a host of the world, instead of `peerIp`. */
	peerHostname?: string;
	/** Port at the target; default 443. */
	peerPort?: number;
	/** Default tcp. */
	protocol?: Protocol;
	/** Points of one hit; default by type. */
	points?: number;
	/** Default 1. */
	hitCount?: number;
	/** Which end the host is; default source. */
	direction?: 'source' | 'target';
	/** Whether the record names the host's user; default for half of the hosts. */
	user?: boolean;
	/** Whether the record names the host's MAC; default for half of the hosts. */
	mac?: boolean;
}

/** One end of an event. */
export interface End {
	ip: string;
	username: string;
	mac: string;
	port: number;
}

/** A security event as the manager keeps it. */
export interface SecurityEvent {
	/** Counts up anew every day in every collector, so it is not unique. */
	id: number;
	/** Flow collector. */
	deviceId: number;
	type: EventType;
	/** Epoch ms, whole seconds. Later hits move the end. */
	firstActive: number;
	lastActive: number;
	/** Epoch ms from which searches show it. */
	visibleAt: number;
	source: End;
	target: End;
	protocol: Protocol;
	hitCount: number;
	points: number;
}

const COLLECTORS = [121, 131];
const PEER = '198.51.100.77';
const DAY = 86_400_000;

/** Hits of the same kind within this time belong to one event. */
const SAME_EVENT_MS = 60 * 60_000;

const PROTOCOL_NUMBERS: Record<Protocol, number> = { icmp: 1, tcp: 6, udp: 17 };
const PROTOCOLS: readonly string[] = Object.keys(PROTOCOL_NUMBERS);

/** Service ids by port. 16 and 29 are those of real answers, the others are made up. */
const SERVICES: Record<number, number> = { 22: 41, 53: 45, 80: 47, 137: 16, 389: 33, 443: 48, 445: 29 };

/** The name alone: the directory's domain is not in the record. */
function accountName({ user }: WorldHost): string {
	return user?.split('@')[0] ?? '';
}

/** How a host appears in a record. What the collector knows of user and MAC depends on its exporters: half of it. */
function endOf(host: WorldHost, ip: string, mac: string, port: number, data: EventData = {}): End {
	const known = (what: string) => hashNumber(`SNA ${what} ${host.hostname}`, 2) === 0;
	return {
		ip,
		port,
		username: (data.user ?? known('user')) ? accountName(host) : '',
		mac: (data.mac ?? known('mac')) ? mac.toLowerCase() : '',
	};
}

function peerEnd(world: World, { peerIp, peerHostname }: EventData, port: number): End {
	if (peerHostname !== undefined) {
		const host = world.findByHostname(peerHostname);
		if (!host) throw new Error(`secureNetworkAnalytics: there is no host ${peerHostname}`);
		const nic = host.nics.find(({ connected }) => connected) ?? host.nics[0];
		return endOf(host, nic.ip, nic.mac, port);
	}
	const ip = peerIp ?? PEER;
	const found = world.findByIp(ip);
	return found ? endOf(found.host, ip, found.nic.mac, port) : { ip, port, username: '', mac: '' };
}

function identity(prefix: string, { ip, username, mac }: End) {
	return [
		{ key: `${prefix}@username`, value: username },
		{ key: `${prefix}@policy_id`, value: isInside(ip) ? '1' : '0' },
		{ key: `${prefix}@mac_address`, value: mac },
	];
}

function detailsOf({ type, source, target, protocol, points }: SecurityEvent) {
	const categories = ['high-concern-index', 'high-target-index', ...(type.category ? [type.category] : [])];
	const flow = {
		protocol: PROTOCOL_NUMBERS[protocol],
		service: SERVICES[target.port] ?? 0,
		source_port: source.port,
		target_port: target.port,
		event_port: target.port,
		flow_id: 0,
		source_is_server: false,
	};
	return [
		...identity('source_host', source),
		...identity('target_host', target),
		...categories.map((category) => ({ key: `category_points@${category}`, value: String(points) })),
		...['baseline', 'threshold', 'current_value', 'tolerance'].map((name) => ({
			key: `baseline@${name}`,
			value: '0',
		})),
		...Object.entries(flow).map(([name, value]) => ({ key: `flow@${name}`, value: String(value) })),
		{ key: 'targetIPAddress', value: target.ip },
		{ key: 'points', value: String(points) },
	];
}

/** The record of an event, as results carry it. `tags` names the host groups of an address. */
export function recordOf(event: SecurityEvent, tags: (ip: string) => unknown): Record<string, unknown> {
	const end = ({ ip, port }: End) => ({ ipAddress: ip, port, protocol: event.protocol, tags: tags(ip) });
	return {
		id: event.id,
		domainId: TENANT.id,
		deviceId: event.deviceId,
		securityEventType: event.type.id,
		firstActiveTime: recordTime(event.firstActive),
		lastActiveTime: recordTime(event.lastActive),
		source: end(event.source),
		target: end(event.target),
		details: detailsOf(event),
		hitCount: event.hitCount,
	};
}

/** Security events of the tenant. */
export class SecurityEvents {
	private readonly events: SecurityEvent[] = [];

	private readonly counters = new Map<string, number>();

	constructor(private readonly world: World) {}

	all(): readonly SecurityEvent[] {
		return this.events;
	}

	/**
	 * Takes a hit: a new event, or one more of an event that is still going on.
	 *
	 * @param at epoch ms by the manager's clock
	 * @param delay ms that a new event stays invisible
	 * @throws Error for an unknown type, host or protocol
	 */
	report({ hostname, type, data = {} }: VendorEvent, at: number, delay: number): SecurityEvent {
		const host = this.world.findByHostname(hostname);
		if (!host) throw new Error(`secureNetworkAnalytics can't report on ${hostname}: there is no such host`);
		const hit = this.hitOf(eventTypeOf(type), host, data as EventData, Math.floor(at / 1000) * 1000);
		const going = this.events.findLast((event) => continues(event, hit));
		if (!going) {
			const id = this.nextId(hit.deviceId, hit.firstActive);
			const event = { ...hit, id, visibleAt: at + delay };
			this.events.push(event);
			return event;
		}
		going.lastActive = Math.max(going.lastActive, hit.lastActive);
		going.hitCount += hit.hitCount;
		going.points += hit.points;
		return going;
	}

	private hitOf(
		type: EventType,
		host: WorldHost,
		data: EventData,
		at: number,
	): Omit<SecurityEvent, 'id' | 'visibleAt'> {
		const { protocol = 'tcp', hitCount = 1, peerPort = 443, points = type.points } = data;
		if (!PROTOCOLS.includes(protocol))
			throw new Error(`secureNetworkAnalytics knows no protocol ${protocol}`);
		const nic = host.nics.find(({ connected }) => connected) ?? host.nics[0];
		const asSource = data.direction !== 'target';
		const own = endOf(host, nic.ip, nic.mac, asSource ? 0 : peerPort, data);
		const peer = peerEnd(this.world, data, asSource ? peerPort : 0);
		return {
			deviceId: COLLECTORS[hashNumber(`collector ${nic.ip}`, COLLECTORS.length)],
			type,
			firstActive: at,
			lastActive: at,
			source: asSource ? own : peer,
			target: asSource ? peer : own,
			protocol,
			hitCount,
			points: points * hitCount,
		};
	}

	private nextId(deviceId: number, at: number): number {
		const key = `${deviceId} ${Math.floor(at / DAY)}`;
		const id = (this.counters.get(key) ?? 0) + 1;
		this.counters.set(key, id);
		return id;
	}
}

function continues(event: SecurityEvent, hit: Omit<SecurityEvent, 'id' | 'visibleAt'>): boolean {
	return (
		event.type === hit.type &&
		event.source.ip === hit.source.ip &&
		event.target.ip === hit.target.ip &&
		event.target.port === hit.target.port &&
		event.protocol === hit.protocol &&
		Math.floor(event.firstActive / DAY) === Math.floor(hit.firstActive / DAY) &&
		hit.firstActive - event.lastActive <= SAME_EVENT_MS
	);
}
