import type { EntityKey } from './api';
import type { Change } from './change';
import { canonicalMac } from './entity';
import { LedgerError } from './errors';
import type { HostGraph } from './hosts';
import { iso, wireTimeMs } from './time';
import { wellFormed } from './wellFormed';

/** A session of an endpoint, as Cisco ISE tells it. */
export interface ContextSession {
	macAddress?: string;
	ipAddresses: string[];
	userName?: string;
	state?: string;
	/** Switch or other network device, and the port there. */
	nasIpAddress?: string;
	nasPortId?: string;
	endpointProfile?: string;
	identityGroup?: string;
	securityGroup?: string;
	/** ANC policy on its MAC address. */
	ancPolicy?: string;
	/** ISO 8601. */
	startedAt?: string;
}

/** A flow from the host's end, as Secure Network Analytics tells it. */
export interface ContextFlow {
	ip?: string;
	peer: string;
	/** At the peer's end. */
	peerPort?: number;
	port?: number;
	protocol?: string;
	/** Both ways. */
	bytes?: number;
	/** ISO 8601. */
	lastActiveAt?: string;
}

/** A computer, as Secure Endpoint tells it. */
export interface ContextComputer {
	connectorGuid: string;
	hostname?: string;
	operatingSystem?: string;
	policyName?: string;
	isolationStatus?: string;
	/** ISO 8601. */
	lastSeen?: string;
}

/** Where a wireless device is, as Cisco CMX or Cisco Spaces tells it. */
export interface ContextLocation {
	macAddress: string;
	/** From the largest to the smallest: campus, building, floor, zone. */
	place: string[];
	accessPoint?: string;
	/** ISO 8601. */
	lastSeen?: string;
}

/** A file that a detection saw, as Secure Malware Analytics and VirusTotal tell it; what neither said is absent. */
export interface ContextFile {
	sha256: string;
	/** Highest threat score of its analyses in Secure Malware Analytics, from 0 to 100. */
	threatScore?: number;
	names: string[];
	/** What it looked up when it ran in Secure Malware Analytics. */
	domains: string[];
	/** Titles of behavioural indicators. */
	indicators: string[];
	/** Engines of VirusTotal that take it for malicious, of those that gave a verdict. */
	malicious?: number;
	engines?: number;
	/** What VirusTotal calls it, e.g. `trojan.emotet/geodo`. */
	label?: string;
}

/** What the products said of an entity when somebody looked it up. */
export interface EntityContext {
	/** ISO 8601; `by` is who asked. */
	at: string;
	by: string;
	sessions: ContextSession[];
	flows: ContextFlow[];
	computers: ContextComputer[];
	/** Absent in what was kept before locations and files were looked up. */
	locations?: ContextLocation[];
	files?: ContextFile[];
	/** Products that could have been asked, and are not set up. */
	notSetUp?: string[];
	/** What could not be looked up, and why, as sentences. */
	problems: string[];
}

const MOST_SESSIONS = 20;
const MOST_FLOWS = 100;
const MOST_COMPUTERS = 5;
const MOST_LOCATIONS = 10;
const MOST_FILES = 4;
const MOST_NAMES = 5;
const MOST_DOMAINS = 10;
const MOST_INDICATORS = 5;
const MOST_PROBLEMS = 8;
const MOST_ADDRESSES = 8;
const MOST_CHARACTERS = 200;

/**
 * Takes what is known of sessions, flows, computers, locations and files from answers of products, at most 20, 100 (most
 * bytes first), 5, 10 and 4 of them, texts of at most 200 characters; everything else is left out, so that an entity's
 * context stays below 200 kB.
 */
export function toContext(found: unknown, at: string, by: string): EntityContext {
	const { sessions, flows, computers, locations, files, notSetUp, problems } = fields(found);
	return {
		at,
		by,
		sessions: list(sessions).slice(0, MOST_SESSIONS).map(toSession),
		flows: list(flows)
			.flatMap((flow) => toFlow(flow) ?? [])
			.sort((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0))
			.slice(0, MOST_FLOWS),
		computers: list(computers).flatMap((computer) => toComputer(computer) ?? []).slice(0, MOST_COMPUTERS),
		locations: list(locations).flatMap((location) => toLocation(location) ?? []).slice(0, MOST_LOCATIONS),
		files: list(files).flatMap((file) => toFile(file) ?? []).slice(0, MOST_FILES),
		notSetUp: textsOf(notSetUp, MOST_PROBLEMS),
		problems: textsOf(problems, MOST_PROBLEMS),
	};
}

/** Keeps what was looked up about an entity; the newest only. */
export async function noteContext(change: Change, entity: EntityKey, found: unknown): Promise<EntityContext> {
	const [row] = await change.tx.entities([entity]);
	if (!row) throw new LedgerError('notFound', `The ledger does not know the ${entity.kind} ${entity.key}`);
	const context = toContext(found, iso(change.nowMs), change.actor.name);
	const { sessions, flows, computers, locations = [], files = [], problems } = context;
	await change.tx.saveContext(row.id, context);
	if (row.hostId !== undefined && entity.kind !== 'user') {
		await change.loadHosts([row.hostId]);
		change.graph.reprofile(row.hostId, profilesOf(change.graph, row.hostId, sessions), change.nowMs);
	}
	const counts = { sessions: sessions.length, flows: flows.length, computers: computers.length, locations: locations.length, files: files.length };
	change.audit('contextNoted', `${entity.kind}:${entity.key}`, { ...counts, problems });
	return context;
}

/** By the host's own MAC addresses: whoever has its last IP address now may be another device. */
function profilesOf(graph: HostGraph, hostId: number, sessions: readonly ContextSession[]): string[] {
	const isOwn = (mac = '') => graph.owns(hostId, 'mac', canonicalMac(mac) ?? mac);
	return sessions.flatMap(({ macAddress, endpointProfile }) => (endpointProfile !== undefined && isOwn(macAddress) ? [endpointProfile] : []));
}

function toSession(given: unknown): ContextSession {
	const session = fields(given);
	return {
		ipAddresses: textsOf(session.ipAddresses, MOST_ADDRESSES),
		...texts(session, ['macAddress', 'userName', 'state', 'nasIpAddress', 'nasPortId', 'endpointProfile', 'identityGroup', 'securityGroup', 'ancPolicy']),
		...time('startedAt', session.startedAt),
	};
}

/** From the node's simple form: `{subject: {ipAddress, port}, peer: {…}, protocol, byteCount, lastActiveTime}`. */
function toFlow(given: unknown): ContextFlow | undefined {
	const flow = fields(given);
	const [subject, other] = [fields(flow.subject), fields(flow.peer)];
	const peer = text(other.ipAddress);
	if (peer === undefined) return undefined;
	const ip = text(subject.ipAddress);
	return {
		peer,
		...(ip !== undefined && { ip }),
		...number('port', subject.port),
		...number('peerPort', other.port),
		...texts(flow, ['protocol']),
		...number('bytes', flow.byteCount),
		...time('lastActiveAt', flow.lastActiveTime),
	};
}

function toComputer(given: unknown): ContextComputer | undefined {
	const computer = fields(given);
	const connectorGuid = text(computer.connectorGuid);
	if (connectorGuid === undefined) return undefined;
	return {
		connectorGuid,
		...texts(computer, ['hostname', 'operatingSystem', 'policyName', 'isolationStatus']),
		...time('lastSeen', computer.lastSeen),
	};
}

/** From a client of CMX: `{deviceId, locationMapHierarchy: 'Campus>Building>Floor', apMacAddress, lastSeen}`; Spaces writes `->`. */
function toLocation(given: unknown): ContextLocation | undefined {
	const client = fields(given);
	const [macAddress, hierarchy] = [text(client.deviceId), text(client.locationMapHierarchy)];
	if (macAddress === undefined || hierarchy === undefined) return undefined;
	const place = hierarchy.split(/-?>/).map((part) => part.trim()).filter((part) => part !== '');
	if (place.length === 0) return undefined;
	const accessPoint = text(client.apMacAddress);
	return { macAddress: macAddress.toUpperCase(), place, ...(accessPoint !== undefined && { accessPoint: accessPoint.toUpperCase() }), ...time('lastSeen', client.lastSeen) };
}

/**
 * From `{sha256, report, verdict}`: what the node Cisco Secure Malware Analytics gives for a file, and the attributes of
 * VirusTotal's file object.
 */
function toFile(given: unknown): ContextFile | undefined {
	const { sha256, report, verdict } = fields(given);
	if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256)) return undefined;
	const [analysed, scanned] = [fields(report), fields(verdict)];
	const names = [...textsOf(analysed.names, MOST_NAMES), ...textsOf([scanned.meaningful_name], 1), ...textsOf(scanned.names, MOST_NAMES)];
	return {
		sha256: sha256.toLowerCase(),
		...number('threatScore', analysed.threatScore),
		names: [...new Set(names)].slice(0, MOST_NAMES),
		domains: textsOf(analysed.domains, MOST_DOMAINS),
		indicators: textsOf(list(analysed.indicators).map((indicator) => fields(indicator).title), MOST_INDICATORS),
		...verdictOf(scanned),
	};
}

/** Engines that timed out, failed or do not know the type have given no verdict. */
const VERDICTS = ['malicious', 'suspicious', 'undetected', 'harmless'] as const;

function verdictOf(scanned: Record<string, unknown>): Pick<ContextFile, 'malicious' | 'engines' | 'label'> {
	const stats = fields(scanned.last_analysis_stats);
	const { malicious } = number('malicious', stats.malicious);
	if (malicious === undefined) return {};
	const engines = VERDICTS.reduce((sum, name) => sum + (number('n', stats[name]).n ?? 0), 0);
	const label = text(fields(scanned.popular_threat_classification).suggested_threat_label);
	return { malicious, engines, ...(label !== undefined && { label }) };
}

function fields(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? (value as unknown[]) : [];
}

function textsOf(value: unknown, most: number): string[] {
	return list(value).flatMap((single) => text(single) ?? []).slice(0, most);
}

function text(value: unknown): string | undefined {
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	return wellFormed(value.trim().slice(0, MOST_CHARACTERS));
}

function texts<Name extends string>(from: Record<string, unknown>, names: readonly Name[]): Partial<Record<Name, string>> {
	return Object.fromEntries(names.flatMap((name) => {
		const value = text(from[name]);
		return value === undefined ? [] : [[name, value]];
	})) as Partial<Record<Name, string>>;
}

function number<Name extends string>(name: Name, value: unknown): Partial<Record<Name, number>> {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? ({ [name]: Math.abs(value) } as Record<Name, number>) : {};
}

function time<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
	const ms = wireTimeMs(value);
	return ms === undefined ? {} : ({ [name]: iso(ms) } as Record<Name, string>);
}
