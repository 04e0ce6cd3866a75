import type { VendorEvent } from '../machine/vendor';
import { eventTypeById, type EventShape } from '../vendors/secureEndpoint/eventTypes';
import type { World, WorldHost } from '../world/world';
import { vendorTitle } from './vendorTitle';

/** One thing that a vendor was made to report, in words. */
export interface Report {
	/** Counts up from 1. */
	seq: number;
	/** ISO 8601, by the lab's clock. */
	at: string;
	/** Vendor name, e.g. `umbrella`. */
	vendor: string;
	hostname: string;
	/** What was reported, e.g. `Threat Detected: W32.Loader.Emotet.Gen`. */
	text: string;
	/** Scans, policy updates and the like: reported, but no detection. */
	routine: boolean;
}

const KEPT = 200;
const ROUTINE_SHAPES: readonly EventShape[] = ['scan', 'housekeeping', 'isolation', 'account', 'failure'];

/**
 * What scenarios and `POST /_lab/emit` made vendors report: the newest, and the number of detections per host. Of two
 * hosts with one name it is the first one's, as in the world.
 */
export class Reports {
	private list: Report[] = [];

	private nextSeq = 1;

	private readonly detections = new Map<WorldHost, Map<string, number>>();

	constructor(private readonly world: World) {}

	add(vendor: string, event: VendorEvent): void {
		const report = { seq: this.nextSeq++, ...toReport(vendor, event) };
		this.list = [...this.list.slice(1 - KEPT), report];
		const host = this.world.findByHostname(event.hostname);
		if (host === undefined || report.routine) return;
		const counts = this.detections.get(host) ?? new Map<string, number>();
		counts.set(vendor, (counts.get(vendor) ?? 0) + 1);
		this.detections.set(host, counts);
	}

	/** Newest first. */
	newest(limit: number, fits: (report: Report) => boolean = () => true): Report[] {
		return this.list.filter(fits).slice(-limit).reverse();
	}

	/** Number of detections about a host, by vendor. */
	detectionsOf(host: WorldHost): Record<string, number> {
		return Object.fromEntries(this.detections.get(host) ?? []);
	}

	clear(): void {
		this.list = [];
		this.detections.clear();
	}
}

function toReport(vendor: string, { at, hostname, type, data = {} }: VendorEvent): Omit<Report, 'seq'> {
	const amp = vendor === 'secureEndpoint' ? eventTypeById(Number(type)) : undefined;
	const about = [data.detection, data.domain, data.url, data.signature, data.threat].find(
		(value) => typeof value === 'string',
	) as string | undefined;
	const categories = Array.isArray(data.categories) ? ` (${data.categories.join(', ')})` : '';
	const name = amp?.name ?? `${vendorTitle(vendor)} ${type}`;
	return {
		at: new Date(at).toISOString(),
		vendor,
		hostname,
		text: (about === undefined ? name : `${name}: ${about}`) + categories,
		routine: amp !== undefined && ROUTINE_SHAPES.includes(amp.shape),
	};
}
