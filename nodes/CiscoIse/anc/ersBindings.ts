import { NodeApiError, type IDataObject } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { usableMac } from '../../shared/identity';
import { mapConcurrently } from '../concurrency';
import { ersList, pathSegment, type ErsNodes, type ErsResource } from '../transport/ers';
import { outcomeOf } from '../transport/nodeGroup';

export const ANC_ENDPOINT_PATH = '/ers/config/ancendpoint';

const CONCURRENT_READS = 8;

/** MAC addresses of one list call; its filters are part of the URL. */
const MACS_PER_LIST = 50;

/** An endpoint and the ANC policy it is bound to. */
export interface Binding extends IDataObject {
	id: string;
	macAddress: string;
	policyName: string;
}

/** Bindings by MAC address. */
type Bindings = Map<string, Binding>;

/** Reads the bindings of these MAC addresses, and may give others too. */
export type BindingReader = (macs: readonly string[]) => Promise<Bindings>;

/** Reads the endpoints behind list rows. A row whose binding was cleared meanwhile is left out. */
export async function resolveBindings(
	context: ApiContext,
	ers: ErsNodes,
	rows: ErsResource[],
	itemIndex?: number,
): Promise<Binding[]> {
	const read = async ({ id }: ErsResource) => await readBinding(context, ers, id, itemIndex);
	const bindings = await mapConcurrently(rows, CONCURRENT_READS, read);
	return bindings.filter((binding) => binding !== undefined);
}

/**
 * Reads the bindings of some endpoints, by the list's filter: its field `name` is the MAC address ("ANC endpoint" in the
 * ISE ERS reference). Without filter there is one call for each binding of the deployment. That is done only where the
 * filter is refused, or turns out to miss bindings.
 */
export function bindingReader(context: ApiContext, ers: ErsNodes): BindingReader {
	const resolved = async (rows: ErsResource[]) => byMac(await resolveBindings(context, ers, rows));
	const all = async () => await resolved(await ersList(context, ers, ANC_ENDPOINT_PATH));
	const filtered = async (macs: readonly string[]) => await resolved(await rowsOf(context, ers, macs));
	/** Whether a filter for several finds what is there; not known before it had something to find. */
	let proven: boolean | undefined;

	/**
	 * A binding that the list shows is one that the filter must find, beside another MAC address as in every use of it.
	 * Where nothing is bound, nothing can be missed.
	 */
	const isTrustworthy = async ([another]: readonly string[]) => {
		const rows = await ersList(context, ers, ANC_ENDPOINT_PATH, { limit: 1 });
		if (rows.length === 0) return true;
		const [mac] = (await resolved(rows)).keys();
		proven = mac !== undefined && (await filtered([mac, another])).has(mac);
		return proven;
	};
	const byFilter = async (macs: readonly string[]): Promise<Bindings | undefined> => {
		const outcome = await outcomeOf(filtered(macs));
		if ('answer' in outcome) {
			const { answer } = outcome;
			if (macs.length > 1 && macs.some((mac) => answer.has(mac))) proven = true;
			const misses = macs.some((mac) => !answer.has(mac));
			return proven || !misses || (await isTrustworthy(macs)) ? answer : undefined;
		}
		if (!isFilterRefusal(outcome.error)) throw outcome.error;
		proven = false;
		return undefined;
	};
	return async (macs) => (proven === false ? undefined : await byFilter(macs)) ?? (await all());
}

/** Which policy endpoints are bound to, read from ISE once (again after it failed), plus what was changed since. */
export class KnownPolicies {
	private loaded?: Promise<Map<string, string>>;

	private readonly changed = new Map<string, string | undefined>();

	/** @param ofAll every MAC address that may be asked for: they are read together */
	constructor(
		private readonly load: (macs: readonly string[]) => Promise<Map<string, string>>,
		private readonly ofAll: () => readonly string[],
	) {}

	async policyOf(mac: string): Promise<string | undefined> {
		if (this.changed.has(mac)) return this.changed.get(mac);
		return (await (this.loaded ?? this.loadWith(mac))).get(mac);
	}

	note(mac: string, policyName: string | undefined): void {
		this.changed.set(mac, policyName);
	}

	private async loadWith(mac: string): Promise<Map<string, string>> {
		const wanted = [...new Set([...this.ofAll(), mac])].filter((one) => !this.changed.has(one));
		const fresh = this.load(wanted);
		this.loaded = fresh;
		fresh.catch(() => {
			if (this.loaded === fresh) this.loaded = undefined;
		});
		return await fresh;
	}
}

async function rowsOf(context: ApiContext, ers: ErsNodes, macs: readonly string[]): Promise<ErsResource[]> {
	const rows: ErsResource[] = [];
	for (let from = 0; from < macs.length; from += MACS_PER_LIST) {
		const filters = macs.slice(from, from + MACS_PER_LIST).map((mac) => `name.CONTAINS.${mac}`);
		rows.push(...(await ersList(context, ers, ANC_ENDPOINT_PATH, { filters, filterType: 'or' })));
	}
	return rows;
}

function isFilterRefusal(error: Error): boolean {
	return error instanceof NodeApiError && error.httpCode === '400';
}

function byMac(bindings: readonly Binding[]): Bindings {
	return new Map(bindings.map((binding) => [binding.macAddress, binding]));
}

async function readBinding(
	context: ApiContext,
	ers: ErsNodes,
	id: string,
	itemIndex?: number,
): Promise<Binding | undefined> {
	const path = `${ANC_ENDPOINT_PATH}/${pathSegment(id)}`;
	const response = await ers.getIfThere<{ ErsAncEndpoint?: IDataObject }>(context, { path, itemIndex });
	const { macAddress, policyName } = response?.ErsAncEndpoint ?? {};
	if (!macAddress) return undefined;
	const mac = usableMac(String(macAddress)) ?? String(macAddress);
	return { id, macAddress: mac, policyName: String(policyName ?? '') };
}
