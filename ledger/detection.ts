/** How bad the reporting product thinks it is. */
export type Severity = 'Low' | 'Medium' | 'High' | 'Critical' | 'Unknown';

/** The thing seen, with CTIM observable types (`sha256`, `domain`, `ip`, `url`, `file_name`, …). */
export interface Observable {
	type: string;
	value: string;
}

/** Whom it happened to. At least one field is set. */
export interface Target {
	mac?: string;
	ip?: string;
	hostname?: string;
	user?: string;
	/** Secure Endpoint connector. Links entities to a host; is not scored itself. */
	connectorGuid?: string;
	/** Cisco ISE endpoint profile and identity group, where known: what may be protected by them. Not scored. */
	endpointProfile?: string;
	identityGroup?: string;
}

/** One security event from one source, normalised. */
export interface Detection {
	/** `${source}:${vendor event id}`: the idempotency key, stable across polls. */
	id: string;
	/** The product that reported it, e.g. `secureEndpoint`. */
	source: string;
	eventType: { id: string; name: string };
	/** Vendor categories, e.g. Umbrella security categories. */
	categories: string[];
	severity: Severity;
	/** ISO 8601, UTC, milliseconds. */
	occurredAt: string;
	observables: Observable[];
	targets: Target[];
	/** Deep link into the vendor's console. */
	link?: string;
	/** The vendor's event, kept only when asked for. */
	raw?: object;
}

export { parseDetection, type ParsedDetection } from './parseDetection';
