import type { LabContext, VendorEvent } from '../../machine/vendor';
import type { World, WorldHost } from '../../world/world';
import { insertSorted } from '../shared/collections';
import { hashNumber, sha256Of, uuidOf } from '../shared/values';
import { HOSTS, type Region } from './accounts';
import { productOf, reportedHostname } from './computers';
import { buildEvents, buildIsolationEvent, type EventSource, type StoredEvent } from './events';

export type IsolationStatus = 'not_isolated' | 'pending_start' | 'isolated' | 'pending_stop';

/** Isolation of one connector; kept from its first isolation on. */
export interface Isolation {
	status: IsolationStatus;
	comment: string | null;
	unlockCode: string;
	isolatedBy: string;
	/** Epoch ms of the last change. */
	changedAt: number;
	/** Epoch ms at which a pending status becomes final. */
	settlesAt?: number;
}

export interface Group {
	guid: string;
	name: string;
	description: string;
	parentGuid?: string;
	createdAt: number;
	/** Policy by product, for the products that have one. */
	policies: Partial<Record<Product, string>>;
}

export const PRODUCTS = ['windows', 'mac', 'linux', 'android', 'ios', 'network'] as const;
export type Product = (typeof PRODUCTS)[number];

export interface Policy {
	guid: string;
	name: string;
	description: string;
	product: Product;
	/** Whether connectors under this policy may be isolated. */
	allowsIsolation: boolean;
	serialNumber: number;
	fileListGuids: string[];
}

export type FileListType = 'simple_custom_detections' | 'application_blocking';

export interface FileList {
	guid: string;
	name: string;
	type: FileListType;
	/** In the order of adding, by hash. */
	files: Map<string, { description: string; source: string }>;
}

export interface EventStream {
	id: number;
	name: string;
	eventTypes: number[];
	groupGuids: string[];
	userName: string;
	queueName: string;
}

const EVENT_STARTED = 553648202;
const EVENT_STOPPED = 553648204;
const UNLOCK_ALPHABET = 'abcdefghjkmnpqrstuvwxyz';

/** What one region of the vendor's cloud knows about the organisation. */
export class Estate {
	readonly origin: string;
	/** As version 3 of the API names it; `createdAt` in epoch ms. */
	readonly organization: { name: string; identifier: string; createdAt: number };
	readonly groups: Group[];
	readonly policies: Policy[];
	readonly fileLists: FileList[];
	readonly eventStreams: EventStream[] = [];
	/** By time, oldest first. */
	readonly events: StoredEvent[] = [];
	readonly isolations = new Map<string, Isolation>();
	private readonly removed = new Set<string>();
	private readonly moved = new Map<string, string>();
	private readonly source: EventSource;
	private offline: string | undefined;
	private sequence = 0n;
	private objects = 0;

	/**
	 * @param world hosts of this region, or undefined when it has none
	 * @param createdAt epoch ms
	 */
	constructor(
		readonly region: Region,
		context: LabContext,
		private readonly world: World | undefined,
		createdAt: number,
	) {
		this.origin = `https://${HOSTS[region]}`;
		const identifier = sha256Of(`Secure Endpoint organization ${region}`).slice(0, 24);
		this.organization = { name: 'Corp Example', identifier, createdAt };
		this.fileLists = this.initialFileLists();
		this.policies = this.initialPolicies();
		this.groups = this.initialGroups(createdAt);
		this.source = {
			context,
			origin: this.origin,
			nextNumber: () => (this.sequence += 1n),
			detectionIds: new Map(),
			groupOf: (host) => this.groupOf(host).guid,
		};
	}

	/** Hosts with a connector that is still registered. */
	computers(): WorldHost[] {
		const hosts = this.world?.hosts ?? [];
		return hosts.filter((host) => host.connectorGuid && !this.removed.has(host.connectorGuid));
	}

	computer(connectorGuid: string): WorldHost | undefined {
		const host = this.world?.findByConnector(connectorGuid.toLowerCase());
		return host && !this.removed.has(host.connectorGuid as string) ? host : undefined;
	}

	/** Unregisters the connector; its events stay. */
	removeComputer(host: WorldHost): void {
		this.removed.add(host.connectorGuid as string);
	}

	moveComputer(host: WorldHost, groupGuid: string): void {
		this.moved.set(host.connectorGuid as string, groupGuid);
	}

	groupOf(host: WorldHost): Group {
		const moved = this.moved.get(host.connectorGuid ?? '');
		const name = host.role === 'server' ? 'Server' : 'Protect';
		return (
			this.groups.find((group) => group.guid === moved) ??
			this.groups.find((group) => group.guid === this.fixedGuid('group', name)) ??
			this.groups[0]
		);
	}

	policyOf(host: WorldHost): Policy | undefined {
		const guid = this.groupOf(host).policies[productOf(host)];
		return this.policies.find((policy) => policy.guid === guid);
	}

	/** A GUID for something that a caller creates; the same on every run with the same calls. */
	newGuid(): string {
		this.objects += 1;
		return uuidOf(`secureEndpoint ${this.region} object ${this.objects}`);
	}

	/** Adds what the vendor reports for an event; `delay` is the ms that it stays invisible. */
	report(event: VendorEvent, at: number, host: WorldHost | undefined, delay: number): void {
		const isOffline = host !== undefined && host.hostname === this.offline;
		const visibleIn = isOffline ? Infinity : delay;
		for (const built of buildEvents(event, at, host, this.source, visibleIn)) this.add(built);
	}

	/** Takes the connector of a host offline; those that come back report what they kept, as of when it happened. */
	setOffline(hostname: string | undefined, now: number): void {
		this.offline = hostname;
		for (const event of this.events) if (event.visibleAt === Infinity) event.visibleAt = now;
	}

	isolation(host: WorldHost): Isolation | undefined {
		return this.isolations.get(host.connectorGuid as string);
	}

	/** Starts isolating; the connector confirms 2 to 4 seconds later. */
	startIsolation(
		host: WorldHost,
		now: number,
		wish: { comment: string | null; unlockCode?: string; isolatedBy: string },
	): Isolation {
		const guid = host.connectorGuid as string;
		const isolation: Isolation = {
			status: 'pending_start',
			comment: wish.comment,
			unlockCode: wish.unlockCode ?? this.unlockCode(guid, now),
			isolatedBy: wish.isolatedBy,
			changedAt: now,
			settlesAt: now + 2000 + hashNumber(`isolate ${guid}`, 2001),
		};
		this.isolations.set(guid, isolation);
		return isolation;
	}

	/** Starts releasing; the connector confirms 2 to 4 seconds later. */
	stopIsolation(isolation: Isolation, now: number, comment: string | null): void {
		isolation.status = 'pending_stop';
		isolation.comment = comment;
		isolation.changedAt = now;
		isolation.settlesAt = now + 2000 + hashNumber(`release ${isolation.unlockCode}`, 2001);
	}

	/** Lets connectors confirm what is due at `now`. */
	settle(now: number): void {
		for (const [guid, isolation] of this.isolations) {
			if (isolation.settlesAt === undefined || isolation.settlesAt > now) continue;
			const starting = isolation.status === 'pending_start';
			isolation.status = starting ? 'isolated' : 'not_isolated';
			isolation.changedAt = isolation.settlesAt;
			isolation.settlesAt = undefined;
			const host = this.world?.findByConnector(guid);
			const type = starting ? EVENT_STARTED : EVENT_STOPPED;
			if (host) this.add(buildIsolationEvent(type, isolation.changedAt, host, this.source));
		}
	}

	/** What a judge of the lab wants to know; isolation is listed for connectors that were ever isolated. */
	state(): Record<string, unknown> {
		return {
			computers: this.computers().length,
			removedComputers: [...this.removed],
			isolation: this.isolationState(),
			groups: this.groups.map((group) => ({
				guid: group.guid,
				name: group.name,
				computers: this.computers()
					.filter((host) => this.groupOf(host) === group)
					.map(reportedHostname),
			})),
			fileLists: this.fileLists.map(({ guid, name, type, files }) => ({
				guid,
				name,
				type,
				files: [...files].map(([sha256, { description }]) => ({ sha256, description })),
			})),
			eventStreams: this.eventStreams.map(({ id, name }) => ({ id, name })),
			events: { total: this.events.length, byType: this.eventCounts() },
		};
	}

	private isolationState(): unknown[] {
		return [...this.isolations].map(([connectorGuid, isolation]) => {
			const host = this.world?.findByConnector(connectorGuid);
			return {
				connectorGuid,
				hostname: host?.hostname,
				status: isolation.status,
				comment: isolation.comment,
				isolatedBy: isolation.isolatedBy,
				changedAt: new Date(isolation.changedAt).toISOString(),
			};
		});
	}

	private eventCounts(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { type } of this.events) counts[type.name] = (counts[type.name] ?? 0) + 1;
		return counts;
	}

	private add(event: StoredEvent): void {
		insertSorted(this.events, event, ({ at }) => at);
	}

	private fixedGuid(kind: string, name: string): string {
		return uuidOf(`secureEndpoint ${this.region} ${kind} ${name}`);
	}

	private unlockCode(guid: string, now: number): string {
		const digest = sha256Of(`unlock ${guid} ${now}`);
		return [0, 2, 4, 6, 8, 10]
			.map((index) => UNLOCK_ALPHABET[parseInt(digest.slice(index, index + 2), 16) % UNLOCK_ALPHABET.length])
			.join('');
	}

	private initialFileLists(): FileList[] {
		const lists: [string, FileListType][] = [
			['Quick SCD', 'simple_custom_detections'],
			['Rapid Threat Containment', 'simple_custom_detections'],
			['Blocked Applications', 'application_blocking'],
			['Blocked Tools', 'application_blocking'],
		];
		return lists.map(([name, type]) => ({
			guid: this.fixedGuid('list', name),
			name,
			type,
			files: new Map(),
		}));
	}

	private initialPolicies(): Policy[] {
		const audit = (name: string) => name === 'Audit';
		return ['Audit', 'Protect', 'Server', 'Triage'].flatMap((name) =>
			(['windows', 'mac', 'linux'] as const).map((product) => ({
				guid: this.fixedGuid('policy', `${name} ${product}`),
				name: `${name} Policy`,
				description: `Lab policy ${name} for ${product}`,
				product,
				allowsIsolation: !audit(name),
				serialNumber: 1,
				fileListGuids: audit(name) ? [] : [this.fileLists[0].guid, this.fileLists[2].guid],
			})),
		);
	}

	private initialGroups(createdAt: number): Group[] {
		return ['Audit', 'Protect', 'Server', 'Triage'].map((name) => ({
			guid: this.fixedGuid('group', name),
			name,
			description: `Lab group ${name}`,
			createdAt,
			policies: {
				windows: this.fixedGuid('policy', `${name} windows`),
				mac: this.fixedGuid('policy', `${name} mac`),
				linux: this.fixedGuid('policy', `${name} linux`),
			},
		}));
	}
}
