import type { EntityKey } from './api';
import type { Change } from './change';
import { LedgerError } from './errors';
import { iso } from './time';
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

/** What the products said of an entity when somebody looked it up. */
export interface EntityContext {
	/** ISO 8601; `by` is who asked. */
	at: string;
	by: string;
	sessions: ContextSession[];
	flows: ContextFlow[];
	computers: ContextComputer[];
	/** What could not be looked up, and why, as sentences. */
	problems: string[];
}

const MOST_SESSIONS = 20;
const MOST_FLOWS = 100;
const MOST_COMPUTERS = 5;
const MOST_PROBLEMS = 5;
const MOST_ADDRESSES = 8;
const MOST_CHARACTERS = 200;

/**
 * Takes what is known of sessions, flows and computers from answers of products, at most 20, 100 (most bytes first) and
 * 5 of them, texts of at most 200 characters; everything else is left out, so that an entity's context stays below 200 kB.
 */
export function toContext(found: unknown, at: string, by: string): EntityContext {
	const { sessions, flows, computers, problems } = fields(found);
	return {
		at,
		by,
		sessions: list(sessions).slice(0, MOST_SESSIONS).map(toSession),
		flows: list(flows)
			.flatMap((flow) => toFlow(flow) ?? [])
			.sort((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0))
			.slice(0, MOST_FLOWS),
		computers: list(computers).flatMap((computer) => toComputer(computer) ?? []).slice(0, MOST_COMPUTERS),
		problems: list(problems).flatMap((problem) => text(problem) ?? []).slice(0, MOST_PROBLEMS),
	};
}

/** Keeps what was looked up about an entity; the newest only. */
export async function noteContext(change: Change, entity: EntityKey, found: unknown): Promise<EntityContext> {
	const [row] = await change.tx.entities([entity]);
	if (!row) throw new LedgerError('notFound', `The ledger does not know the ${entity.kind} ${entity.key}`);
	const context = toContext(found, iso(change.nowMs), change.actor.name);
	const { sessions, flows, computers, problems } = context;
	await change.tx.saveContext(row.id, context);
	if (row.hostId !== undefined && entity.kind !== 'user') {
		await change.loadHosts([row.hostId]);
		change.graph.reprofile(row.hostId, sessions.flatMap(({ endpointProfile }) => endpointProfile ?? []), change.nowMs);
	}
	const counts = { sessions: sessions.length, flows: flows.length, computers: computers.length };
	change.audit('contextNoted', `${entity.kind}:${entity.key}`, { ...counts, problems });
	return context;
}

function toSession(given: unknown): ContextSession {
	const session = fields(given);
	return {
		ipAddresses: list(session.ipAddresses).flatMap((address) => text(address) ?? []).slice(0, MOST_ADDRESSES),
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

function fields(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? (value as unknown[]) : [];
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
	const ms = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(ms) ? {} : ({ [name]: iso(ms) } as Record<Name, string>);
}
