import type { Duplex } from 'node:stream';
import type { World } from '../world/world';

/** One HTTP request as it arrived under a production host name, after TLS. */
export interface LabRequest {
	method: string;
	/** Full URL with the production host name. */
	url: URL;
	/** Lower-case names; repeated headers joined with ", ". */
	headers: Record<string, string>;
	body: Buffer;
	/** Subject of the verified client certificate, if one was presented. */
	clientCertificate?: { subject: string };
}

export interface LabResponse {
	status: number;
	/** A list becomes one header line for each of its texts, as cookies need it. */
	headers?: Record<string, string | string[]>;
	/** Objects and arrays are sent as JSON, strings and buffers as they are. */
	body?: unknown;
	/**
	 * What the caller did wrong, in words: a missing header, a wrong unit, an unknown parameter, a second call
	 * in flight… Recorded in the journal. A well-formed call that is refused for its content (404, 409) is no violation.
	 */
	violation?: string;
}

/** The lab's clock. Vendors never call Date.now(). */
export interface LabClock {
	/** Epoch ms as this vendor sees it (true time plus the vendor's fault offset). */
	now(vendor?: string): number;
}

/** What a vendor simulator needs from the lab. */
export interface LabContext {
	world: World;
	clock: LabClock;
	/** Deterministic by the scenario's seed: a number in [0, 1). */
	random(): number;
	/** Deterministic by seed: an RFC 4122 version 4 UUID. */
	uuid(): string;
}

/** A detection that a scenario makes a vendor report; `type` and `data` are the vendor's business. */
export interface VendorEvent {
	/** Epoch ms at which it happened, by the lab's clock. */
	at: number;
	/** World host it happened to. */
	hostname: string;
	type: string;
	data?: Record<string, unknown>;
}

/**
 * Puts into the journal what became of an upgraded connection: first 101 or the status of the refusal, then, with
 * `violation`, each thing that the client does wrong on it.
 */
export type UpgradeRecorder = (outcome: { status: number; violation?: string }) => void;

/** One simulated product. Written from the vendor's documents alone. */
export interface Vendor {
	/** Short name, e.g. `secureEndpoint`; used in the journal, in faults and in `/_lab/state`. */
	name: string;
	/** Production host names it answers for; with port when it is not 443, e.g. `ise.lab.example:9060`. */
	hosts: string[];
	/** Accounts, keys and tokens it accepts, as `GET /_lab/credentials` shows them. */
	credentials(): Record<string, unknown>;
	/** What the vendor now knows, as `GET /_lab/state` shows it. JSON-serialisable. */
	state(): Record<string, unknown>;
	/** Back to the state of a new lab. */
	reset(): void;
	handle(request: LabRequest): LabResponse | Promise<LabResponse>;
	/** Makes an event appear in this vendor's reports. Throws on a type it does not know. */
	emit?(event: VendorEvent): void;
	/**
	 * Takes over a connection after `Upgrade:` (WebSocket): writes the 101 itself, or refuses and ends the socket, and
	 * records which of the two.
	 */
	upgrade?(request: LabRequest, socket: Duplex, head: Buffer, record: UpgradeRecorder): void;
	/** Fault `expireTokens`: every token given out until now is refused from now on. */
	expireTokens?(): void;
	/**
	 * Faults that only the vendor can play, e.g. `lateEvents` with the delay in seconds; `undefined` ends the fault.
	 * Throws for a fault it doesn't know.
	 */
	setFault?(name: string, value: unknown): void;
	/** A person presses a button of a card in this vendor's rooms; `inputs` as the card would submit them. */
	pressButton?(press: { messageId: string; personEmail: string; inputs: Record<string, unknown> }): unknown;
	/** The world has got more hosts. Only needed by vendors that keep their own copy of it. */
	worldChanged?(): void;
}

export type VendorFactory = (context: LabContext) => Vendor;
