import { DateTime } from 'luxon';

/**
 * The scoring of the oldest system, written anew from a description of its behaviour and not from the ledger, with its
 * defects. One event loop is one call of `loop`.
 */

export type OldSource = 'umbrella' | 'secureEndpoint' | 'secureNetworkAnalytics';

export interface OldConfig {
	rtcThreshold: string;
	rtcPolicyName: string;
	rtcAMPhostisolation: string;
	umbrellaEventsConfig: { event_name: string; penalty: string }[];
	ampEventsConfig: { eventid: string; penalty: string }[];
	swEventsConfig: { eventid: string; penalty: string }[];
}

/** Whom ISE knew at an address, epoch ms. */
export interface Session {
	ip: string;
	mac: string;
	user: string;
	from: number;
	to: number;
}

export interface OldEvent {
	source: OldSource;
	/** When it is handled, epoch ms. */
	atMs: number;
	raw: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** What was taken from an event, for one address. */
interface Detail {
	ip: string;
	hostname: string;
	observable: string;
	connectorGuid?: string;
}

interface StoredEvent {
	mac: string;
	user: string;
	ip: string;
	hostname: string;
	observable: string;
}

/** `10/8, 100/8, 172.16/16, 192.168/16` and one more, as they stood in the program. */
const OLD_NETWORKS = /^(10\.|100\.|172\.16\.|192\.168\.|194\.16\.1\.(24\d|25[0-5])$)/;

export function sessionAt(sessions: readonly Session[], ip: string, atMs: number): Session | undefined {
	return sessions.find((session) => session.ip === ip && session.from <= atMs && atMs < session.to);
}

export class OldSystem {
	readonly macs = new Map<string, number>();
	readonly users = new Map<string, number>();
	readonly ips = new Map<string, number>();
	readonly hostnames = new Map<string, number>();
	/** MAC addresses that an ANC policy was applied to, and connectors that were isolated: every call. */
	readonly applied: string[] = [];
	readonly isolated: string[] = [];
	/** Records that were left out as known. */
	ignored = 0;
	private readonly tables: Record<OldSource, StoredEvent[]> = { umbrella: [], secureEndpoint: [], secureNetworkAnalytics: [] };

	private readonly config: OldConfig;

	constructor(
		config: OldConfig,
		private readonly sessions: readonly Session[],
	) {
		// Read once, at the start.
		this.config = structuredClone(config);
	}

	/** Containing by hand, which was a page of its own with a policy of its own. */
	containByHand(mac: string): { mac: string; policyName: string } {
		this.applied.push(mac);
		return { mac, policyName: 'Quarantine' };
	}

	/**
	 * Handles the events of one poll. An error ends the loop, and with it everything behind it.
	 *
	 * @returns the error, as it was written to the log
	 */
	loop(events: readonly OldEvent[]): string | undefined {
		try {
			for (const event of events) this.handle(event);
			return undefined;
		} catch (error) {
			return (error as Error).message;
		}
	}

	/** Everything with points as `kind:key`. */
	penalties(): Map<string, number> {
		const tables = { mac: this.macs, user: this.users, ip: this.ips, hostname: this.hostnames };
		return new Map(Object.entries(tables).flatMap(([kind, table]) => [...table].map(([key, points]): [string, number] => [`${kind}:${key}`, points])));
	}

	private handle(event: OldEvent): void {
		const penalty = this.penaltyOf(event);
		if (penalty === 0) return;
		const counted = { user: false, hostname: false };
		for (const detail of detailsOf(event)) this.add(event, detail, penalty, counted);
	}

	private penaltyOf({ source, raw }: OldEvent): number {
		const sum = (rows: { penalty: string }[]) => rows.reduce((total, row) => total + Number(row.penalty), 0);
		switch (source) {
			case 'umbrella':
				return sum(this.config.umbrellaEventsConfig.filter((row) => raw.categories.includes(row.event_name)));
			case 'secureEndpoint':
				return sum(this.config.ampEventsConfig.filter((row) => row.eventid === String(raw.event_type_id)));
			case 'secureNetworkAnalytics':
				return sum(this.config.swEventsConfig.filter((row) => row.eventid === String(raw.securityEventType)));
		}
	}

	private add({ source, atMs }: OldEvent, detail: Detail, penalty: number, counted: { user: boolean; hostname: boolean }): void {
		const session = sessionAt(this.sessions, detail.ip, atMs);
		const { ip, hostname, observable } = detail;
		const row: StoredEvent = { mac: session?.mac ?? '', user: session?.user ?? '', ip, hostname, observable };
		const fields = (Object.keys(row) as (keyof StoredEvent)[]).filter((field) => row[field] !== '');
		if (this.tables[source].some((stored) => fields.every((field) => stored[field] === row[field]))) {
			this.ignored++;
			return;
		}
		this.tables[source].push(row);
		if (row.mac !== '' && this.reaches(raise(this.macs, row.mac, penalty))) this.applied.push(row.mac);
		if (row.user !== '' && !counted.user) {
			counted.user = true;
			raise(this.users, row.user, penalty);
		}
		if (ip !== '') raise(this.ips, ip, penalty);
		if (hostname !== '' && !counted.hostname) {
			counted.hostname = true;
			if (this.reaches(raise(this.hostnames, hostname, penalty))) this.isolate(detail);
		}
	}

	private reaches(points: number): boolean {
		return points >= Number(this.config.rtcThreshold);
	}

	private isolate({ connectorGuid }: Detail): void {
		if (connectorGuid === undefined) throw new Error("KeyError: 'AMP_connector_guid'");
		this.isolated.push(connectorGuid);
	}
}

/** A flow as it was stored: its internal end as the source, whoever began it. */
export function storedFlow({ source, target }: OldEvent['raw']): { source: FlowEnd; target: FlowEnd } {
	const [internal, observable] = OLD_NETWORKS.test(source.ipAddress) ? [source, target] : [target, source];
	return {
		source: { ...source, ipAddress: internal.ipAddress },
		target: { ...target, ipAddress: observable.ipAddress },
	};
}

interface FlowEnd {
	ipAddress: string;
	port: number;
}

/** `datetime.utcnow().timestamp()` on a server in that zone: the clock of UTC, read as the clock of the zone. */
export function oldTimestamp(atMs: number, zone: string): number {
	return DateTime.fromMillis(atMs, { zone: 'utc' }).setZone(zone, { keepLocalTime: true }).toMillis();
}

function raise(table: Map<string, number>, key: string, penalty: number): number {
	const points = (table.get(key) ?? 0) + penalty;
	table.set(key, points);
	return points;
}

function detailsOf({ source, raw }: OldEvent): Detail[] {
	if (source === 'umbrella') {
		const roaming = raw.originType === 'Anyconnect Roaming Client';
		return [{ ip: raw.internalIp, hostname: roaming ? raw.originLabel : '', observable: raw.destination }];
	}
	if (source === 'secureNetworkAnalytics') {
		const [from, to] = [raw.source.ipAddress as string, raw.target.ipAddress as string];
		const [ip, observable] = OLD_NETWORKS.test(from) ? [from, to] : [to, from];
		return [{ ip, hostname: '', observable }];
	}
	if (raw.computer === undefined) throw new Error("KeyError: 'computer'");
	if (raw.computer.network_addresses === undefined) throw new Error("KeyError: 'network_addresses'");
	return raw.computer.network_addresses.map(({ ip }: { ip: string }) => ({
		ip,
		hostname: raw.computer.hostname ?? 'no hostname found',
		observable: raw.file?.identity?.sha256 ?? 'no hash found',
		connectorGuid: raw.computer.connector_guid,
	}));
}
