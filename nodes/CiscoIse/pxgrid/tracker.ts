import type { SessionRecord } from '../sessions/directory';

/** What a trigger keeps about the sessions it told, between connections and restarts. */
export interface SessionPosition {
	/** Newest time of a session, ISO 8601. */
	newest?: string;
	/** What was told of the time shortly before. */
	told: string[];
}

/** Policy servers don't send in order: what is older than this when the connection ends has arrived. */
const OVERLAP_MS = 60_000;

/** Kept in the workflow's data at most. */
const MAX_KEPT = 2_000;

/** Remembers which session changes were told, so that recovery tells the missing ones, and only those. */
export class SessionTracker {
	/** Fingerprint → time of the change, epoch ms. */
	private readonly told: Map<string, number>;

	private newestMs: number | undefined;

	constructor(position?: SessionPosition) {
		this.newestMs = position?.newest === undefined ? undefined : Date.parse(position.newest);
		this.told = new Map(position?.told.map((fingerprint) => [fingerprint, this.newestMs ?? 0]));
	}

	/** Time from which changes may have been missed, epoch ms; `undefined` when nothing was told yet. */
	get recoverFrom(): number | undefined {
		return this.newestMs === undefined ? undefined : this.newestMs - OVERLAP_MS;
	}

	/** Those that were not told yet, oldest first, none twice. They count as told from now on. */
	untold(records: SessionRecord[]): SessionRecord[] {
		return [...records].sort(byTime).filter((record) => {
			if (this.told.has(fingerprintOf(record))) return false;
			this.note(record);
			return true;
		});
	}

	/** A change arrived and is told now. */
	note(record: SessionRecord): void {
		const at = timeOf(record);
		if (Number.isNaN(at)) return;
		this.newestMs = Math.max(this.newestMs ?? at, at);
		this.told.set(fingerprintOf(record), at);
		const oldest = this.newestMs - OVERLAP_MS;
		for (const [fingerprint, time] of this.told) if (time < oldest) this.told.delete(fingerprint);
	}

	position(): SessionPosition {
		return {
			...(this.newestMs !== undefined && { newest: new Date(this.newestMs).toISOString() }),
			told: [...this.told.keys()].slice(-MAX_KEPT),
		};
	}
}

/** What makes one change another than the next: the session, when, and what it is then. */
function fingerprintOf({ session }: SessionRecord): string {
	return JSON.stringify(Object.values(session));
}

function timeOf({ session }: SessionRecord): number {
	return Date.parse(session.startedAt ?? '');
}

function byTime(one: SessionRecord, other: SessionRecord): number {
	return (timeOf(one) || 0) - (timeOf(other) || 0);
}

/** A message on the topic of ANC, or a change that was found afterwards. */
export interface AncStatus {
	/** `null` when the change was found afterwards. */
	operationId: string | null;
	macAddress: string | null;
	/** `null` when the endpoint was freed. */
	policyName: string | null;
	status: string;
	failureReason: string | null;
}

/** Remembers which endpoint is bound to what, so that recovery finds what changed unseen. */
export class AncTracker {
	private readonly policies: Map<string, string>;

	private isNew: boolean;

	/** @param policies by MAC address, as known before; `undefined`: nothing is known yet */
	constructor(policies?: Record<string, string>) {
		this.isNew = policies === undefined;
		this.policies = new Map(Object.entries(policies ?? {}));
	}

	/** A message arrived. */
	note({ macAddress, policyName, status }: AncStatus): void {
		if (macAddress === null || status !== 'SUCCESS') return;
		if (policyName === null) this.policies.delete(macAddress);
		else this.policies.set(macAddress, policyName);
	}

	/**
	 * What changed unseen, from the bindings of now. Endpoints that messages since the connection are about are left
	 * to those messages. The first time everything is taken as known.
	 *
	 * @param messages that arrived since the connection, not noted yet
	 */
	unseen(now: Map<string, string>, messages: AncStatus[]): AncStatus[] {
		const successes = messages.filter(({ status }) => status === 'SUCCESS');
		const told = new Set(successes.map(({ macAddress }) => macAddress));
		const macs = [...new Set([...this.policies.keys(), ...now.keys()])];
		const changed = macs.filter((mac) => !told.has(mac) && now.get(mac) !== this.policies.get(mac));
		for (const mac of changed) {
			const policy = now.get(mac);
			if (policy === undefined) this.policies.delete(mac);
			else this.policies.set(mac, policy);
		}
		const found = this.isNew ? [] : changed;
		this.isNew = false;
		return found.map((macAddress) => ({
			operationId: null,
			macAddress,
			policyName: now.get(macAddress) ?? null,
			status: 'SUCCESS',
			failureReason: null,
		}));
	}

	known(): Record<string, string> {
		return Object.fromEntries(this.policies);
	}
}
