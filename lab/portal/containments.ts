import type { Vendor } from '../machine/vendor';
import type { WorldHost } from '../world/world';

/** An ANC assignment as the ISE simulator shows it in its state. */
export interface AncBinding {
	mac: string;
	policy: string;
	hostname?: string;
	/** ISO 8601. */
	appliedAt: string;
	/** Whether the network enforces it already. */
	inForce: boolean;
}

/** An isolation as the Secure Endpoint simulator shows it in its state. */
export interface Isolation {
	connectorGuid: string;
	hostname?: string;
	/** `pending_start`, `isolated`, `pending_stop` or `not_isolated`. */
	status: string;
	comment?: string;
	isolatedBy?: string;
	/** ISO 8601. */
	changedAt: string;
}

/** State of the vendor of that name; empty when this lab does not play it. */
export function stateOf(vendors: readonly Vendor[], name: string): Record<string, unknown> {
	return vendors.find((vendor) => vendor.name === name)?.state() ?? {};
}

/** What takes hosts off the network now, looked up by host. */
export class Containments {
	private readonly byMac: Map<string, AncBinding>;

	private readonly byConnector: Map<string, Isolation>;

	constructor(vendors: readonly Vendor[]) {
		const { ancBindings = [] } = stateOf(vendors, 'ise') as { ancBindings?: AncBinding[] };
		const { isolation = [] } = stateOf(vendors, 'secureEndpoint') as { isolation?: Isolation[] };
		this.byMac = new Map(ancBindings.map((binding) => [binding.mac, binding]));
		this.byConnector = new Map(isolation.map((one) => [one.connectorGuid, one]));
	}

	/** One element per network card of the host, in its order. A shared dock counts for the host that ISE sees it at. */
	ancOf({ nics, hostname }: WorldHost): (AncBinding | undefined)[] {
		return nics.map(({ mac }) => {
			const binding = this.byMac.get(mac);
			return binding?.hostname === hostname ? binding : undefined;
		});
	}

	/** Status of the connector, unless it is not isolated. */
	isolationOf({ connectorGuid }: WorldHost): string | undefined {
		const status = connectorGuid === undefined ? undefined : this.byConnector.get(connectorGuid)?.status;
		return status === 'not_isolated' ? undefined : status;
	}
}
